import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveCodexHome } from '../../../src/core/config/index.ts';
import { testFolder } from '../../support/folder.ts';

test('CODEX_HOME names an existing directory, and its symbolic links are resolved', () => {
  const directory = realpathSync(testFolder());
  mkdirSync(join(directory, 'real'));
  symlinkSync(join(directory, 'real'), join(directory, 'link'));
  const outcome = resolveCodexHome({ CODEX_HOME: join(directory, 'link') }, '/nowhere');
  expect(outcome).toEqual({ ok: true, path: join(directory, 'real') });
});

test('a CODEX_HOME that does not exist is an error that names it', () => {
  const path = join(testFolder(), 'absent');
  expect(resolveCodexHome({ CODEX_HOME: path }, '/home/u')).toEqual({
    ok: false,
    message: `CODEX_HOME names "${path}", which does not exist`,
  });
});

test('a CODEX_HOME that is a file is an error that names it', () => {
  const path = join(testFolder(), 'file');
  writeFileSync(path, '');
  expect(resolveCodexHome({ CODEX_HOME: path }, '/home/u')).toEqual({
    ok: false,
    message: `CODEX_HOME names "${path}", which is not a directory`,
  });
});

test('a CODEX_HOME that cannot be opened is an error that says why', () => {
  const path = join(testFolder(), 'loop');
  symlinkSync(path, path);
  expect(resolveCodexHome({ CODEX_HOME: path }, '/home/u')).toEqual({
    ok: false,
    message: `CODEX_HOME names "${path}", which cannot be opened (ELOOP)`,
  });
});

test.each([{}, { CODEX_HOME: undefined }, { CODEX_HOME: '' }])(
  'without CODEX_HOME (%j) the default is taken, though it does not exist',
  (environment) => {
    const home = testFolder();
    expect(resolveCodexHome(environment, home)).toEqual({ ok: true, path: join(home, '.codex') });
  },
);

test('the default is canonical if it exists', () => {
  const home = realpathSync(testFolder());
  mkdirSync(join(home, 'elsewhere'));
  symlinkSync(join(home, 'elsewhere'), join(home, '.codex'));
  expect(resolveCodexHome({}, home)).toEqual({ ok: true, path: join(home, 'elsewhere') });
});
