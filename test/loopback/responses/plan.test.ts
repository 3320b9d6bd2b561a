import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unwrapDelegation } from '../../../src/loopback/responses/delegation.ts';
import { planAnswer } from '../../../src/loopback/responses/plan.ts';
import type { Plan } from '../../../src/loopback/responses/plan.ts';
import type { InputItem } from '../../../src/loopback/responses/request.ts';

const SELF =
  'This is the loopback server, not a model. It repeats what it is asked, and calls a tool when it is told to.';

const TOOLS: InputItem[] = [
  { type: 'function', name: 'shell', parameters: {} },
  { type: 'custom', name: 'apply_patch' },
  { type: 'web_search' },
];

function user(text: string): InputItem {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

function plan(items: readonly InputItem[], toolChoice: unknown = 'auto'): Plan {
  return planAnswer({ items, tools: TOOLS, toolChoice });
}

function say(text: string, overMs = 0): Plan {
  return { kind: 'say', text, overMs };
}

test.each([
  ['hello', say('The loopback server was asked: "hello"')],
  ['', say(SELF)],
  [
    'slow: think',
    say('The loopback server was asked: "think" Taking 10 seconds over this, as asked.', 10_000),
  ],
  [
    'Slow 3: think',
    say('The loopback server was asked: "think" Taking 3 seconds over this, as asked.', 3_000),
  ],
  ['slow 9999:', say(`${SELF} Taking 600 seconds over this, as asked.`, 600_000)],
  ['slowly: think', say('The loopback server was asked: "slowly: think"')],
  ['tool shell {"cmd":"ls"}', { kind: 'call', name: 'shell', arguments: '{"cmd":"ls"}' }],
  ['tool shell', { kind: 'call', name: 'shell', arguments: '{}' }],
  ['tool shell ls', say('The arguments for shell are not a JSON object.')],
  ['tool shell [1]', say('The arguments for shell are not a JSON object.')],
  ['tool apply_patch *** Begin', { kind: 'customCall', name: 'apply_patch', input: '*** Begin' }],
  ['tool saw', say('This request offers shell, apply_patch, and not "saw", so nothing was called.')],
  ['tools', say('The loopback server was asked: "tools"')],
  [
    'fail',
    {
      kind: 'fail',
      code: 'rate_limit_exceeded',
      message: 'The rate limit was reached because the text asked for it. Please try again in 1s.',
    },
  ],
  ['failure is no option', say('The loopback server was asked: "failure is no option"')],
  ['fail 200', say('The loopback server was asked: "fail 200"')],
])('plans the answer to %j', (text, expected) => {
  expect(plan([user(text)])).toEqual(expected);
});

test.each([
  ['fail 400', 400, 'invalid_request_error', null],
  ['fail 429', 429, 'rate_limit_error', 'rate_limit_exceeded'],
  ['fail 503', 503, 'server_error', 'server_error'],
])('refuses the request for %j', (text, status, type, code) => {
  expect(plan([user(text)])).toEqual({
    kind: 'refuse',
    refusal: {
      status,
      problem: {
        type,
        code,
        message: `The request was refused with status ${status} because its text asked for it.`,
        param: null,
      },
    },
  });
});

test('runs a command line where there is a tool for it', () => {
  const tools = [{ type: 'function', name: 'exec_command' }];
  const run = (text: string, toolChoice?: unknown): Plan =>
    planAnswer({ items: [user(text)], tools, toolChoice });
  const call = { kind: 'call', name: 'exec_command' };
  expect(run('run ls')).toEqual({ ...call, arguments: '{"cmd":"ls"}' });
  expect(run('Run  echo "a"\nls')).toEqual({ ...call, arguments: '{"cmd":"echo \\"a\\"\\nls"}' });
  for (const text of ['run', 'running late'])
    expect(run(text)).toEqual(say(`The loopback server was asked: "${text}"`));
  expect(run('run ls', 'none')).toEqual(say('The loopback server was asked: "run ls"'));
  expect(plan([user('run ls')])).toEqual(say('The loopback server was asked: "run ls"'));
});

test('calls no tool when none is to be called', () => {
  expect(plan([user('tool shell')], 'none')).toEqual(
    say('This request offers no tools, and not "shell", so nothing was called.'),
  );
});

test('answers the last message of the user, whatever stands around it', () => {
  const items = [
    { role: 'developer', content: 'be kind' },
    user('first'),
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'ok' }] },
    { role: 'user', content: 'second' },
    { type: 'reasoning', summary: [] },
  ];
  expect(plan(items)).toEqual(say('The loopback server was asked: "second"'));
});

test('tells what a tool gave back', () => {
  const items = [
    user('tool shell'),
    { type: 'function_call', call_id: 'call_1', name: 'shell', arguments: '{}' },
    {
      type: 'function_call_output',
      call_id: 'call_1',
      output: [{ type: 'input_text', text: 'three files' }],
    },
  ];
  expect(plan(items)).toEqual(say('The tool shell gave back: "three files"'));
  expect(plan(items.slice(2))).toEqual(say('The tool gave back: "three files"'));
  expect(plan([...items, user('stop')])).toEqual(say('The loopback server was asked: "stop"'));
});

test('unwraps what a voice session hands over', () => {
  const envelope = `<realtime_delegation>
  <input>is 1 &lt; 2 &amp;amp; 3?</input>
  <transcript_delta>user: hi</transcript_delta>
</realtime_delegation>`;
  expect(unwrapDelegation(envelope)).toBe('is 1 < 2 &amp; 3?');
  expect(plan([user(envelope)])).toEqual(say('The loopback server was asked: "is 1 < 2 &amp; 3?"'));
  expect(unwrapDelegation('<input>hi</input>')).toBe('<input>hi</input>');
});

test('has a plan for any items', () => {
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.string(), (items, text) => {
      const { kind } = plan([...(items as InputItem[]), user(text), ...(items as InputItem[])]);
      expect(['say', 'call', 'customCall', 'fail', 'refuse']).toContain(kind);
    }),
  );
});
