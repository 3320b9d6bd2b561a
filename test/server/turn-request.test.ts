import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { InputItem, UpstreamRequest } from '../support/responses-upstream.ts';
import { assistant, endOf, layout, openThread, startTurn, user, wholeTurn, wordsOf } from './turns.ts';
import type { OpenThread } from './turns.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SCHEMA = { type: 'object', properties: { ok: { type: 'boolean' } } };

/** Holds a whole turn and gives its only request. */
async function requestOf(thread: OpenThread, words: string, more: object = {}): Promise<UpstreamRequest> {
  const { index } = await wholeTurn(thread, words, more);
  return thread.upstream.request(index);
}

/** The words of the messages that come after the first of them, by role. */
function addedSince(before: UpstreamRequest, after: UpstreamRequest): [role: string, words: string][] {
  return after.input.slice(before.input.length).map((item) => [item.role ?? item.type, wordsOf(item)]);
}

function reasoningOf({ body }: UpstreamRequest): unknown {
  return body['reasoning'];
}

describe('the first request of a thread', () => {
  it('tells the model what it works with, in a whole body', async () => {
    const thread = await openThread({ env: { SHELL: '/bin/zsh', TZ: 'Europe/Berlin' } });
    const { body, input, url } = await requestOf(thread, 'hello');
    expect(url).toBe('/v1/responses');
    const [developer, environment] = input as [InputItem, InputItem, InputItem];
    expect(body).toEqual({
      model: 'gpt-5.5',
      instructions: expect.stringMatching(/./),
      tools: expect.arrayContaining([expect.objectContaining({ name: 'exec_command' })]),
      tool_choice: 'auto',
      parallel_tool_calls: true,
      reasoning: { effort: 'medium', summary: 'auto' },
      store: false,
      stream: true,
      include: ['reasoning.encrypted_content'],
      prompt_cache_key: thread.threadId,
      text: { verbosity: 'low' },
      client_metadata: { 'x-codex-installation-id': expect.stringMatching(UUID) },
      input: [developer, environment, user('hello')],
    });
    expect(developer).toEqual({
      type: 'message',
      role: 'developer',
      content: [{ type: 'input_text', text: expect.any(String) }],
    });
    const permissions = wordsOf(developer);
    expect(permissions).toMatch(/^<permissions instructions>\n[^]*\n<\/permissions instructions>$/);
    expect(permissions).toContain('`sandbox_mode` is `read-only`');
    expect(permissions).toContain('Network access is restricted');
    expect(permissions).toContain('`approval_policy` is `on-request`');
    expect(environment.role).toBe('user');
    expect(wordsOf(environment).split('\n')).toEqual([
      '<environment_context>',
      `  <cwd>${process.cwd()}</cwd>`,
      '  <shell>zsh</shell>',
      expect.stringMatching(/^ {2}<current_date>\d{4}-\d\d-\d\d<\/current_date>$/),
      '  <timezone>Europe/Berlin</timezone>',
      '</environment_context>',
    ]);
  });

  it('says in its headers who asks, for which thread and turn', async () => {
    const thread = await openThread();
    const { headers } = await requestOf(thread, 'hello');
    expect(headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer test-token',
      'content-type': 'application/json',
      originator: 'test',
      session_id: thread.threadId,
      'user-agent': expect.stringMatching(/^test\/0\.130\.0 /),
      'x-client-request-id': thread.threadId,
      'x-codex-window-id': `${thread.threadId}:0`,
    });
    const { params } = thread.daemon.notifications('turn/started')[0] ?? {};
    const metadata = JSON.parse(headers['x-codex-turn-metadata'] as string) as { workspaces?: unknown };
    // Git may have told by then of the repository that these tests lie in, or not.
    delete metadata.workspaces;
    expect(metadata).toEqual({
      session_id: thread.threadId,
      thread_id: thread.threadId,
      turn_id: (params?.['turn'] as { id: string }).id,
      sandbox: process.platform === 'linux' ? 'seccomp' : expect.any(String),
      turn_started_at_unix_ms: expect.any(Number),
    });
  });

  it('asks a model of which nothing is known for nothing that it might refuse', async () => {
    const thread = await openThread({
      model: 'test-model',
      top: 'model_reasoning_effort = "high"\nmodel_verbosity = "high"\nmodel_reasoning_summary = "detailed"',
    });
    const { body } = await requestOf(thread, 'hello', { effort: 'xhigh', summary: 'concise' });
    expect(body).toMatchObject({
      model: 'test-model',
      reasoning: null,
      include: [],
      parallel_tool_calls: false,
    });
    expect(body).not.toHaveProperty('text');
    expect(body).not.toHaveProperty('service_tier');
  });

  it('carries the configured reasoning, verbosity, service tier and instructions', async () => {
    const thread = await openThread({
      top: `model_reasoning_effort = "low"
model_reasoning_summary = "none"
model_verbosity = "high"
service_tier = "fast"
instructions = "Be a gardener."
developer_instructions = "Speak of roses."
personality = "friendly"`,
    });
    const { body, input } = await requestOf(thread, 'hello');
    expect(body).toMatchObject({
      instructions: 'Be a gardener.',
      reasoning: { effort: 'low' },
      text: { verbosity: 'high' },
      service_tier: 'priority',
    });
    expect(body['reasoning']).toEqual({ effort: 'low' });
    const [developer] = input as [InputItem];
    expect(developer.content?.map((part) => part.text)).toEqual([
      expect.stringContaining('<permissions instructions>'),
      'Speak of roses.',
      expect.stringMatching(/^<personality_spec>\n[^]+\n<\/personality_spec>$/),
    ]);
  });

  it('leaves out instructions that are empty', async () => {
    const thread = await openThread({ thread: { baseInstructions: '', developerInstructions: '' } });
    const { body, input } = await requestOf(thread, 'hello');
    expect(body).not.toHaveProperty('instructions');
    expect(input[0]?.content).toHaveLength(1);
    expect(layout(input)).toEqual(['developer', 'environment', 'user: hello']);
  });

  it('carries the instructions that the thread was started with', async () => {
    const thread = await openThread({
      thread: { baseInstructions: 'Be a baker.', developerInstructions: 'Speak of bread.' },
    });
    const { body, input } = await requestOf(thread, 'hello');
    expect(body['instructions']).toBe('Be a baker.');
    expect(input[0]?.content?.[1]?.text).toBe('Speak of bread.');
  });
});

describe('the requests of later turns', () => {
  it('begin with the request before, byte for byte', async () => {
    const thread = await openThread();
    const bodies: string[] = [];
    for (const words of ['one', 'zwei ü', '三']) bodies.push((await requestOf(thread, words)).text);
    const inputs = bodies.map(
      (body) => /^(.*"input":\[.*)\]\}$/su.exec(body)?.[1] ?? 'the input is not last',
    );
    for (const [index, input] of inputs.slice(1).entries()) {
      expect(input.startsWith(`${inputs[index]},`), `request ${index + 1}`).toBe(true);
    }
    const last = await thread.upstream.request(2);
    expect(last.input.slice(2)).toEqual([
      user('one'),
      assistant('answer 0'),
      user('zwei ü'),
      assistant('answer 1'),
      user('三'),
    ]);
  });

  it('tell what has changed in the settings, once each, and nothing else', async () => {
    const thread = await openThread();
    const cwd = realpathSync(tmpdir());
    let before = await requestOf(thread, 'first');
    const added = async (words: string, more: object = {}): Promise<[string, string][]> => {
      const after = await requestOf(thread, words, more);
      const messages = addedSince(before, after);
      expect(messages[0]).toEqual(['assistant', expect.stringMatching(/^answer \d+$/)]);
      expect(messages.at(-1)).toEqual(['user', words]);
      before = after;
      return messages.slice(1, -1);
    };

    expect(await added('nothing')).toEqual([]);
    expect(await added('same cwd', { cwd: process.cwd() })).toEqual([]);

    const [[role, place]] = (await added('cwd', { cwd })) as [[string, string]];
    expect(role).toBe('user');
    expect(place).toContain(`<cwd>${cwd}</cwd>`);
    expect(await added('cwd stays')).toEqual([]);

    const sandboxPolicy = { type: 'workspaceWrite', writableRoots: ['/srv/a'], networkAccess: true };
    const [[, sandbox]] = (await added('sandbox', { sandboxPolicy })) as [[string, string]];
    expect(sandbox).toContain('`workspace-write`');
    expect(sandbox).toContain('/srv/a');
    expect(sandbox).toContain('Network access is enabled');
    expect(await added('sandbox stays', { sandboxPolicy })).toEqual([]);

    expect(await added('approval', { approvalPolicy: 'never' })).toEqual([
      ['developer', expect.stringContaining('`approval_policy` is `never`')],
    ]);
    expect(await added('tone', { personality: 'pragmatic' })).toEqual([
      ['developer', expect.stringMatching(/^<personality_spec>\n/)],
    ]);
    expect(await added('tone stays', { personality: 'pragmatic' })).toEqual([]);

    expect(await added('model', { model: 'gpt-5.4', personality: 'friendly' })).toEqual([
      ['developer', expect.stringMatching(/^<model_switch>\n[^]*gpt-5\.4[^]*\n<\/model_switch>$/)],
    ]);
    expect(await added('model stays')).toEqual([]);

    const collaborationMode = {
      mode: 'plan',
      settings: { model: 'gpt-5.4', reasoning_effort: null, developer_instructions: 'Only plan.' },
    };
    expect(await added('mode', { collaborationMode })).toEqual([
      ['developer', '<collaboration_mode>Only plan.</collaboration_mode>'],
    ]);
    expect(await added('mode stays', { collaborationMode })).toEqual([]);
  });

  it('keep the settings of an earlier turn, but not its output schema', async () => {
    const thread = await openThread();
    const first = await requestOf(thread, 'one', {
      model: 'gpt-5.4',
      effort: 'high',
      summary: 'detailed',
      serviceTier: 'flex',
      outputSchema: SCHEMA,
    });
    expect(first.body).toMatchObject({
      model: 'gpt-5.4',
      reasoning: { effort: 'high', summary: 'detailed' },
      service_tier: 'flex',
    });
    expect(first.body['text']).toEqual({
      verbosity: 'low',
      format: { type: 'json_schema', strict: true, schema: SCHEMA, name: 'codex_output_schema' },
    });
    const second = await requestOf(thread, 'two', { serviceTier: null });
    expect(second.body).toMatchObject({
      model: 'gpt-5.4',
      reasoning: { effort: 'high', summary: 'detailed' },
      text: { verbosity: 'low' },
    });
    expect(second.body['text']).toEqual({ verbosity: 'low' });
    expect(second.body).not.toHaveProperty('service_tier');
  });

  it('let a collaboration mode win over the model and effort beside it', async () => {
    const thread = await openThread();
    const settings = { model: 'gpt-5.4-mini', reasoning_effort: 'low', developer_instructions: null };
    const first = await requestOf(thread, 'one', {
      model: 'gpt-5.4',
      effort: 'high',
      collaborationMode: { mode: 'default', settings },
    });
    expect([first.body['model'], reasoningOf(first)]).toEqual([
      'gpt-5.4-mini',
      { effort: 'low', summary: 'auto' },
    ]);
    const second = await requestOf(thread, 'two', {
      collaborationMode: { mode: 'default', settings: { ...settings, reasoning_effort: null } },
    });
    expect(reasoningOf(second)).toEqual({ effort: 'medium', summary: 'auto' });
  });

  it('carry an output schema to a model of which nothing is known', async () => {
    const thread = await openThread({ model: 'test-model' });
    const { body } = await requestOf(thread, 'one', { outputSchema: SCHEMA });
    expect(body['text']).toEqual({
      format: { type: 'json_schema', strict: true, schema: SCHEMA, name: 'codex_output_schema' },
    });
  });

  it('hold the settings that came with input for a running turn, from the next turn on', async () => {
    const thread = await openThread();
    const turnId = await startTurn(thread, 'one');
    const first = await thread.upstream.request();
    await startTurn(thread, 'two', { model: 'gpt-5.4' });
    first.answer('m1', ['ok']);
    const second = await thread.upstream.request(1);
    second.answer('m2', ['ok']);
    await endOf(thread.daemon, turnId);
    const third = await requestOf(thread, 'three');
    expect([first, second, third].map(({ body }) => body['model'])).toEqual([
      'gpt-5.5',
      'gpt-5.5',
      'gpt-5.4',
    ]);
  });
});
