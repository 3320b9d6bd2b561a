import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { shellArgv, userShell } from '../../src/exec/index.ts';

/** What is used where `SHELL` does not say. */
const own = userInfo().shell ?? '';
const fallback = ['bash', 'zsh', 'sh'].includes(basename(own)) ? own : '/bin/sh';

it('is that of the variable, or of the account, where it takes a script as these do', () => {
  expect(userShell({ SHELL: '/opt/bin/zsh' })).toBe('/opt/bin/zsh');
  for (const variables of [{}, { SHELL: '' }, { SHELL: '/usr/bin/fish' }]) {
    expect(userShell(variables)).toBe(fallback);
  }
});

it('is given a script with its profile, or without', () => {
  const variables = { SHELL: '/bin/bash' };
  expect(shellArgv('ls', variables, { isLogin: true })).toEqual(['/bin/bash', '-lc', 'ls']);
  expect(shellArgv('ls', variables, { isLogin: false, shell: 'zsh' })).toEqual(['zsh', '-c', 'ls']);
});
