import { expect, test } from 'vitest';
import { interpretText } from '../../../src/loopback/realtime/typed-text.ts';
import { echoText, heardText, outcomeText, typedText } from '../../../src/loopback/realtime/wording.ts';

test.each([
  ['hello', { kind: 'say', text: 'hello' }],
  ['[USER] hello', { kind: 'say', text: 'hello' }],
  ['[USER] [USER] hello', { kind: 'say', text: '[USER] hello' }],
  ['', { kind: 'say', text: '' }],
  ['[BACKEND] done', { kind: 'report', text: 'done' }],
  ['[BACKEND]done', { kind: 'say', text: '[BACKEND]done' }],
  ['agent: list the files', { kind: 'agent', prompt: 'list the files' }],
  ['[USER] AGENT:list', { kind: 'agent', prompt: 'list' }],
  ['agent:', { kind: 'agent', prompt: '' }],
  ['  Agent:  \n', { kind: 'agent', prompt: '' }],
  ['silent: please', { kind: 'silent' }],
  ['my agent: list', { kind: 'say', text: 'my agent: list' }],
  ['agent list', { kind: 'say', text: 'agent list' }],
])('reads %j', (text, expected) => {
  expect(interpretText(text)).toEqual(expected);
});

test('describes what was heard without pretending to understand it', () => {
  const facts = { echoBytes: 0, spokenMs: 1_840, isSpeech: true, rmsDb: -23.4, peakDb: -6.02 };
  expect(heardText(facts)).toBe('1.8 seconds of speech at -23 dB on average, -6 dB at most.');
  expect(echoText(facts)).toBe('Echo of 1.8 seconds of speech.');
  expect(echoText({ ...facts, isSpeech: false })).toBe('Echo of 1.8 seconds of audio.');
});

test('quotes what was typed', () => {
  expect(typedText('hello\nthere')).toBe('You typed: "hello there".');
  expect(typedText(' ')).toBe('You typed nothing.');
});

test('tells the outcome of a call by its reports, or else by its output', () => {
  expect(outcomeText([], 'all fine')).toBe('The call came back with: all fine');
  expect(outcomeText(['first.', 'second.'], 'ok')).toBe('The background agent reports: first. second.');
});

test('prefers the latest reports when there is no room for all', () => {
  const long = Array.from({ length: 70 }, (_, index) => `word${index}`).join(' ');
  expect(outcomeText([long, 'almost done', 'done'], 'ok')).toBe(
    'The background agent reports: almost done done',
  );
});
