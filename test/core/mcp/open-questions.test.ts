import { expect, it } from 'vitest';
import { OpenQuestions } from '../../../src/core/mcp/open-questions.ts';
import { deferred } from '../../../src/util/deferred.ts';

it('lets four questions of a server and sixteen of a thread be open', async () => {
  const questions = new OpenQuestions();
  const answers = deferred<string>();
  const servers = ['a', 'a', 'b', 'c', 'a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd', 'd', 'e'];
  const asked = servers.map((server) => questions.during(server, () => answers.promise));
  const refused = servers.map(() => false);
  for (const [index, one] of asked.entries()) void one.then((answer) => (refused[index] = answer === null));
  answers.resolve('yes');
  await Promise.all(asked);
  const expected = servers.map((_, index) => index === 6 || index === 17);
  expect(refused).toEqual(expected);
});

it('lets a server ask again when one of its questions is answered or fails', async () => {
  const questions = new OpenQuestions();
  const open = Array.from({ length: 4 }, () => deferred<string>());
  const asked = open.map(({ promise }) => questions.during('a', () => promise));
  const ask = (): Promise<string | null> => questions.during('a', () => Promise.resolve('yes'));
  expect(await ask()).toBeNull();
  open[0]?.reject(new Error('gone'));
  await expect(asked[0]).rejects.toThrow('gone');
  expect(await ask()).toBe('yes');
  expect(await ask()).toBe('yes');
});
