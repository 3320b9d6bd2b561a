import { expect, test } from 'vitest';
import { defaultVoicePrompt, firstName } from '../../../src/core/conversation/index.ts';

test.each<[realName: string | null, loginName: string | null, expected: string]>([
  ['Ada Lovelace', 'ada', 'Ada'],
  ['  Ada\tLovelace ', 'ada', 'Ada'],
  ['Ada', null, 'Ada'],
  ['', 'grace hopper', 'grace'],
  [' \t', 'grace', 'grace'],
  [null, 'grace', 'grace'],
  [null, ' ', 'there'],
  ['', '', 'there'],
  [null, null, 'there'],
])('of %j and %j the name is %j', (realName, loginName, expected) => {
  expect(firstName(realName, loginName)).toBe(expected);
});

test('the prompt speaks of the user by name, of both tools and of both marks, and ends without white space', () => {
  const prompt = defaultVoicePrompt('Ada');
  for (const word of ['Ada', 'background_agent', 'remain_silent', '[USER]', '[BACKEND]']) {
    expect(prompt).toContain(word);
  }
  expect(prompt).toBe(prompt.trim());
  expect(prompt).not.toContain('undefined');
});
