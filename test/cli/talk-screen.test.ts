import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineEditor } from '../../src/cli/talk/line-editor.ts';
import { meter, renderLiveLine } from '../../src/cli/talk/live-line.ts';
import type { LiveView } from '../../src/cli/talk/live-line.ts';
import { Screen } from '../../src/cli/talk/screen.ts';
import type { Output } from '../../src/cli/talk/screen.ts';
import { displayWidth } from '../../src/util/display-width.ts';

const VIEW: LiveView = { state: 'listening', level: 0.1, user: '', assistant: '', agent: '', typed: '' };
const plain = (columns: number): { columns: number; hasColor: boolean } => ({ columns, hasColor: false });

describe('the live line', () => {
  it('shows state and level', () => {
    expect(renderLiveLine(VIEW, plain(80))).toBe('listening   ███████░░░');
    expect(renderLiveLine({ ...VIEW, level: null, state: 'speaking' }, plain(80))).toBe('speaking   ');
  });

  it('shows both transcripts, the end of each where they are long', () => {
    const view = { ...VIEW, user: 'can you hear me', assistant: 'yes, I can' };
    expect(renderLiveLine(view, plain(80))).toBe(
      'listening   ███████░░░  you can you hear me  answer yes, I can',
    );
    const long = { ...view, user: 'a '.repeat(100), assistant: 'b'.repeat(100) };
    expect(renderLiveLine(long, plain(70))).toBe(
      `listening   ███████░░░  you …${'a '.repeat(7)}a  answer …${'b'.repeat(13)}`,
    );
  });

  it('shows what the agent does beside them', () => {
    const view = { ...VIEW, user: 'list the files', assistant: 'on it', agent: 'running ls -l' };
    expect(renderLiveLine(view, plain(100))).toBe(
      'listening   ███████░░░  you list the files  answer on it  agent running ls -l',
    );
    expect(renderLiveLine({ ...view, typed: 'use tabs' }, plain(100))).toBe(
      'listening   ███████░░░  > use tabs',
    );
  });

  it('shows what is typed in place of them', () => {
    expect(renderLiveLine({ ...VIEW, user: 'words', typed: 'hel' }, plain(80))).toBe(
      'listening   ███████░░░  > hel',
    );
  });

  it('colors the state and dims the labels, if it may', () => {
    expect(renderLiveLine({ ...VIEW, user: 'hi' }, { columns: 80, hasColor: true })).toBe(
      '\u001b[32mlistening  \u001b[0m ███████░░░  \u001b[2myou\u001b[0m hi',
    );
  });

  it('never fills the terminal, whatever is said', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(text, text, text, text, fc.nat(120), (user, assistant, agent, typed, columns) => {
        const line = renderLiveLine({ ...VIEW, user, assistant, agent, typed }, plain(columns));
        expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(0, columns - 3));
        expect(line).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it.each([
    [0, '░░░░░░░░░░'],
    [0.001, '░░░░░░░░░░'],
    [0.01, '███░░░░░░░'],
    [1, '██████████'],
    [2, '██████████'],
  ])('meters %d', (level, bar) => {
    expect(meter(level)).toBe(bar);
  });
});

describe('the screen', () => {
  function streams(isTTY: boolean): { stdout: Output; stderr: Output; written: () => [string, string] } {
    const stdout = Object.assign(new PassThrough(), { isTTY, columns: 30 });
    const stderr = Object.assign(new PassThrough(), { isTTY, columns: 30 });
    return { stdout, stderr, written: () => [String(stdout.read() ?? ''), String(stderr.read() ?? '')] };
  }

  it('writes lines where there is no terminal, one for each change of state', () => {
    const { stdout, stderr, written } = streams(false);
    const screen = new Screen({ stdout, stderr, env: {} });
    screen.update(VIEW);
    screen.update({ ...VIEW, level: 0.2 });
    screen.print('you: hi\u001b[2J');
    screen.update({ ...VIEW, state: 'speaking' });
    screen.remark('a remark');
    screen.close();
    expect(screen.isLive).toBe(false);
    expect(written()).toEqual(['you: hi [2J\n', 'listening\nspeaking\na remark\n']);
  });

  it('keeps the live line below the others on a terminal', () => {
    const { stdout, stderr, written } = streams(true);
    const screen = new Screen({ stdout, stderr, env: { NO_COLOR: '1' } });
    screen.update(VIEW);
    screen.update(VIEW);
    expect(written()).toEqual(['', '\r\u001b[Klistening   ███████░░░']);
    screen.print('you: hi');
    expect(written()).toEqual(['you: hi\n', '\r\u001b[K\r\u001b[Klistening   ███████░░░']);
    screen.close();
    expect(written()).toEqual(['', '\r\u001b[K']);
  });

  it('has no live line on a terminal that cannot move its cursor', () => {
    const { stdout, stderr } = streams(true);
    expect(new Screen({ stdout, stderr, env: { TERM: 'dumb' } }).isLive).toBe(false);
    const redirected = streams(false).stderr;
    expect(new Screen({ stdout, stderr: redirected, env: {} }).isLive).toBe(true);
  });
});

describe('the line editor', () => {
  it('edits a line and gives it on Enter', () => {
    const editor = new LineEditor();
    expect(editor.type('hellp\u007fo wrld\u0017w👍\u007förld')).toEqual([]);
    expect(editor.text).toBe('hello wörld');
    expect(editor.type('\rnext\n\r')).toEqual([
      { kind: 'line', text: 'hello wörld' },
      { kind: 'line', text: 'next' },
      { kind: 'line', text: '' },
    ]);
    editor.type('gone\u0015');
    expect(editor.text).toBe('');
  });

  it('ends on Ctrl-D only where nothing is typed', () => {
    const editor = new LineEditor();
    expect(editor.type('a\u0004\u007f\u0004\u0003')).toEqual([{ kind: 'end' }, { kind: 'interrupt' }]);
  });

  it('ignores the keys it does not know', () => {
    const editor = new LineEditor();
    expect(editor.type('\u001b[A\u001b[1;5C\u001bOPa\u001b[3~\t\u0000b\u001b')).toEqual([]);
    expect(editor.text).toBe('ab');
  });

  it('never keeps a control character, and stays within its bound', () => {
    const editor = new LineEditor();
    editor.type('x'.repeat(10_000));
    expect(editor.text.length).toBe(4_096);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (keys) => {
        const other = new LineEditor();
        other.type(keys);
        expect(other.text).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
