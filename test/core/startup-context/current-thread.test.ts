import { describe, expect, it } from 'vitest';
import { currentThread } from '../../../src/core/startup-context/current-thread.ts';
import { CURRENT_THREAD, sectionText } from '../../../src/core/startup-context/section.ts';
import type { ResponseItem } from '../../../src/responses/index.ts';
import { textTokens } from '../../../src/util/text-budget.ts';
import { agent, user } from './support.ts';

const INTRO = 'What was said in this thread so far, newest turn first.';

/** The rendered turns, newest first, without the introduction. */
function turnsOf(body: string | null): string[] {
  return (body ?? '').split(/\n\n(?=### )/u).slice(1);
}

/** A turn of which the rendered text has so many tokens. */
function turnOf(tokens: number, heading: string, name: string): ResponseItem[] {
  const frame = `${heading}\nUser:\n${name}-begin \n\nAgent:\n ${name}-end`;
  const filling = 'x'.repeat(tokens * 4 - frame.length);
  return [user(`${name}-begin ${filling}`), agent(`${name}-end`)];
}

describe('the current thread', () => {
  it('is absent where the user has said nothing', () => {
    expect(currentThread([])).toBeNull();
    expect(currentThread([agent('Hello'), user('  \n'), user('')])).toBeNull();
  });

  it('shows short turns whole, newest first', () => {
    const history = [
      agent('said before the user'),
      user('one'),
      agent('first'),
      user('two'),
      user('three'),
      agent('third, begun'),
      { type: 'function_call', name: 'f', arguments: '{}', call_id: 'c' } as const,
      { type: 'function_call_output', call_id: 'c', output: 'hidden' } as const,
      agent('third, done'),
      user('  four', '', 'more of four\n '),
      agent('fourth'),
    ];

    expect(currentThread(history)).toBe(`${INTRO}

### Latest turn
User:
four
more of four

Agent:
fourth

### Earlier turn 1
User:
three

Agent:
third, begun

third, done

### Earlier turn 2
User:
two

### Earlier turn 3
User:
one

Agent:
first`);
  });

  it('shows the beginning and the end of a long turn', () => {
    const [turn] = turnsOf(
      currentThread([user(`begin ${'x'.repeat(5000)}`), agent(`${'y'.repeat(5000)} end`)]),
    );

    expect(turn).toMatch(/^### Latest turn\nUser:\nbegin x+…\d+ tokens truncated…y+ end$/u);
    expect(textTokens(turn ?? '')).toBe(300);
  });

  it('shows six of eight turns where the newest is long and the others take 174 tokens each', () => {
    const older = [7, 6, 5, 4, 3, 2, 1].flatMap((age) =>
      turnOf(174, `### Earlier turn ${age}`, `turn-${age}`),
    );
    const body = currentThread([...older, ...turnOf(897, '### Latest turn', 'newest')]);
    const turns = turnsOf(body);

    expect(turns.map(textTokens)).toEqual([300, 174, 174, 174, 174, 174]);
    expect(turns[0]).toMatch(
      /^### Latest turn\nUser:\nnewest-begin x+…604 tokens truncated…x+\n\nAgent:\nnewest-end$/u,
    );
    expect(turns.slice(1).join('')).not.toContain('truncated');
    expect(turns[5]).toMatch(/^### Earlier turn 5\nUser:\nturn-5-begin x+\n\nAgent:\nturn-5-end$/u);
    expect(sectionText(CURRENT_THREAD, body ?? '')).toBe(`## This thread\n${body}`);
  });

  it('keeps the newest of eight long turns, and not the oldest', () => {
    const history = [8, 7, 6, 5, 4, 3, 2, 1].flatMap((age) => [
      user(`turn ${age} ${'x'.repeat(4000)}`),
      agent('done'),
    ]);
    const body = currentThread(history) ?? '';
    const turns = turnsOf(body);

    expect(turns.length).toBeGreaterThanOrEqual(3);
    expect(turns[0]).toContain('turn 1 x');
    expect(body).not.toContain('turn 8');
    expect(Math.max(...turns.map(textTokens))).toBe(300);
    expect(textTokens(`## This thread\n${body}`)).toBeLessThanOrEqual(1200);
  });

  it('needs no further cut, however many turns there are', () => {
    const history = Array.from({ length: 500 }, (_, index) => user(`turn ${index}`));
    const body = currentThread(history) ?? '';

    expect(sectionText(CURRENT_THREAD, body)).toBe(`## This thread\n${body}`);
    expect(turnsOf(body)[0]).toBe('### Latest turn\nUser:\nturn 499');
    expect(textTokens(body)).toBeGreaterThan(1150);
  });

  it.each([
    '# AGENTS.md instructions for /work\n\n<INSTRUCTIONS>\nhidden\n</INSTRUCTIONS>',
    '<environment_context>\nhidden\n</environment_context>',
    '<skill>\nhidden\n</skill>',
    '<user_shell_command>\nhidden\n</user_shell_command>',
    '<turn_aborted>\nhidden\n</turn_aborted>',
    '<subagent_notification>hidden</subagent_notification>',
  ])('skips a message with context in it: %j', (context) => {
    const history = [user('asked'), user(context), user('also hidden', context), agent('answered')];

    expect(turnsOf(currentThread(history))).toEqual(['### Latest turn\nUser:\nasked\n\nAgent:\nanswered']);
  });

  it('shows no developer messages', () => {
    const note: ResponseItem = {
      type: 'message',
      role: 'developer',
      content: [{ type: 'input_text', text: 'hidden' }],
    };

    expect(turnsOf(currentThread([user('asked'), note]))).toEqual(['### Latest turn\nUser:\nasked']);
  });

  it('shows images as nothing', () => {
    const item = user('look');
    const withImage: ResponseItem = {
      ...item,
      content: [...item.content, { type: 'input_image', image_url: 'data:x' }],
    };

    expect(turnsOf(currentThread([withImage]))).toEqual(['### Latest turn\nUser:\nlook']);
  });

  it('shows a delegation as what the user said', () => {
    const envelope = `<realtime_delegation>
  <input>is a &lt; b &amp;&amp; &amp;lt; free?
please</input>
  <transcript_delta>user: hidden</transcript_delta>
</realtime_delegation>`;

    expect(turnsOf(currentThread([user(envelope), agent('yes')]))).toEqual([
      '### Latest turn\nUser:\nis a < b && &lt; free?\nplease\n\nAgent:\nyes',
    ]);
  });

  it('shows a text that only looks like a delegation as it is', () => {
    const text = '<realtime_delegation> <input>x</input>, what is that?';

    expect(turnsOf(currentThread([user(text)]))).toEqual([`### Latest turn\nUser:\n${text}`]);
  });
});
