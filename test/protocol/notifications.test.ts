import { describe, expect, expectTypeOf, it } from 'vitest';
import { clientNotifications, findNotification, notifications } from '../../src/protocol/index.ts';
import type { NotificationName, NotificationParamsOf, ServerNotification } from '../../src/protocol/index.ts';

describe('notification table', () => {
  it('has these notifications', () => {
    expect(notifications.map((row) => row.method)).toEqual([
      'error',
      'thread/started',
      'thread/status/changed',
      'thread/archived',
      'thread/unarchived',
      'thread/closed',
      'thread/name/updated',
      'thread/tokenUsage/updated',
      'turn/started',
      'turn/completed',
      'turn/diff/updated',
      'turn/plan/updated',
      'item/started',
      'item/completed',
      'item/agentMessage/delta',
      'item/plan/delta',
      'rawResponseItem/completed',
      'item/commandExecution/outputDelta',
      'item/commandExecution/terminalInteraction',
      'item/fileChange/outputDelta',
      'item/fileChange/patchUpdated',
      'serverRequest/resolved',
      'item/mcpToolCall/progress',
      'mcpServer/startupStatus/updated',
      'account/updated',
      'account/rateLimits/updated',
      'remoteControl/status/changed',
      'item/reasoning/summaryTextDelta',
      'item/reasoning/summaryPartAdded',
      'item/reasoning/textDelta',
      'thread/compacted',
      'model/rerouted',
      'model/verification',
      'warning',
      'deprecationNotice',
      'configWarning',
      'thread/realtime/started',
      'thread/realtime/itemAdded',
      'thread/realtime/transcript/delta',
      'thread/realtime/transcript/done',
      'thread/realtime/outputAudio/delta',
      'thread/realtime/sdp',
      'thread/realtime/error',
      'thread/realtime/closed',
      'account/login/completed',
    ]);
  });

  it('marks raw items and the realtime notifications experimental', () => {
    expect(notifications.filter((row) => row.experimental).map((row) => row.method)).toEqual([
      'rawResponseItem/completed',
      'thread/realtime/started',
      'thread/realtime/itemAdded',
      'thread/realtime/transcript/delta',
      'thread/realtime/transcript/done',
      'thread/realtime/outputAudio/delta',
      'thread/realtime/sdp',
      'thread/realtime/error',
      'thread/realtime/closed',
    ]);
  });

  it('accepts one notification from clients', () => {
    expect(clientNotifications).toEqual(['initialized']);
  });

  it('finds nothing by an unknown name', () => {
    expect(findNotification('thread/forgotten')).toBeUndefined();
  });
});

const turn = {
  id: 'U',
  items: [],
  itemsView: 'notLoaded',
  status: 'inProgress',
  error: null,
  startedAt: 1795216882,
  completedAt: null,
  durationMs: null,
} as const;

const thread = {
  id: '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64',
  sessionId: '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64',
  forkedFromId: null,
  preview: '',
  ephemeral: false,
  modelProvider: 'openai',
  createdAt: 1795216469,
  updatedAt: 1795216469,
  status: { type: 'idle' },
  path: '/home/u/.codex/sessions/rollout.jsonl',
  cwd: '/repo',
  cliVersion: '0.130.0',
  source: 'vscode',
  threadSource: null,
  agentNickname: null,
  agentRole: null,
  gitInfo: null,
  name: null,
  turns: [],
} as const;

const usage = {
  totalTokens: 120,
  inputTokens: 100,
  cachedInputTokens: 10,
  outputTokens: 20,
  reasoningOutputTokens: 5,
};

/** One message of every kind, as the reference sends it. */
const examples: ServerNotification[] = [
  {
    method: 'error',
    params: {
      error: {
        message: 'Reconnecting... 1/2',
        codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: null } },
        additionalDetails: 'socket closed',
      },
      willRetry: true,
      threadId: 'T',
      turnId: 'U',
    },
  },
  { method: 'thread/started', params: { thread: { ...thread, turns: [] } } },
  { method: 'thread/status/changed', params: { threadId: 'T', status: { type: 'active', activeFlags: [] } } },
  { method: 'thread/archived', params: { threadId: 'T' } },
  { method: 'thread/unarchived', params: { threadId: 'T' } },
  { method: 'thread/closed', params: { threadId: 'T' } },
  { method: 'thread/name/updated', params: { threadId: 'T', threadName: 'Named' } },
  {
    method: 'thread/tokenUsage/updated',
    params: {
      threadId: 'T',
      turnId: 'U',
      tokenUsage: { total: usage, last: usage, modelContextWindow: 258400 },
    },
  },
  { method: 'turn/started', params: { threadId: 'T', turn: { ...turn, items: [] } } },
  { method: 'turn/completed', params: { threadId: 'T', turn: { ...turn, items: [], status: 'completed' } } },
  { method: 'turn/diff/updated', params: { threadId: 'T', turnId: 'U', diff: 'diff --git a/x b/x\n' } },
  {
    method: 'turn/plan/updated',
    params: {
      threadId: 'T',
      turnId: 'U',
      explanation: null,
      plan: [
        { step: 'look', status: 'completed' },
        { step: 'think', status: 'inProgress' },
        { step: 'write', status: 'pending' },
      ],
    },
  },
  {
    method: 'item/started',
    params: {
      item: {
        type: 'userMessage',
        id: 'i',
        content: [
          {
            type: 'text',
            text: 'hello',
            text_elements: [{ byteRange: { start: 0, end: 3 }, placeholder: null }],
          },
        ],
      },
      threadId: 'T',
      turnId: 'U',
      startedAtMs: 1795217726603,
    },
  },
  {
    method: 'item/completed',
    params: {
      item: { type: 'agentMessage', id: 'm1', text: 'hello', phase: null, memoryCitation: null },
      threadId: 'T',
      turnId: 'U',
      completedAtMs: 1795217726655,
    },
  },
  {
    method: 'item/agentMessage/delta',
    params: { threadId: 'T', turnId: 'U', itemId: 'm1', delta: 'hel' },
  },
  { method: 'item/plan/delta', params: { threadId: 'T', turnId: 'U', itemId: 'U-plan', delta: '- look' } },
  {
    method: 'rawResponseItem/completed',
    params: { threadId: 'T', turnId: 'U', item: { type: 'message', role: 'assistant', content: [] } },
  },
  {
    method: 'item/commandExecution/outputDelta',
    params: { threadId: 'T', turnId: 'U', itemId: 'c1', delta: 'out' },
  },
  {
    method: 'item/commandExecution/terminalInteraction',
    params: { threadId: 'T', turnId: 'U', itemId: 'c1', processId: '1', stdin: 'y\n' },
  },
  {
    method: 'item/fileChange/outputDelta',
    params: { threadId: 'T', turnId: 'U', itemId: 'p1', delta: 'out' },
  },
  {
    method: 'item/fileChange/patchUpdated',
    params: {
      threadId: 'T',
      turnId: 'U',
      itemId: 'p1',
      changes: [{ path: '/a', kind: { type: 'add' }, diff: 'x' }],
    },
  },
  { method: 'serverRequest/resolved', params: { threadId: 'T', requestId: 0 } },
  {
    method: 'item/mcpToolCall/progress',
    params: { threadId: 'T', turnId: 'U', itemId: 'I', message: 'half' },
  },
  {
    method: 'mcpServer/startupStatus/updated',
    params: { name: 'docs', status: 'failed', error: 'it ended' },
  },
  { method: 'account/updated', params: { authMode: 'apikey', planType: null } },
  {
    method: 'account/rateLimits/updated',
    params: {
      rateLimits: {
        limitId: 'codex',
        limitName: null,
        primary: { usedPercent: 12, windowDurationMins: 300, resetsAt: 1795217726 },
        secondary: null,
        credits: null,
        planType: null,
        rateLimitReachedType: null,
      },
    },
  },
  { method: 'remoteControl/status/changed', params: { status: 'disabled', environmentId: null } },
  {
    method: 'item/reasoning/summaryTextDelta',
    params: { threadId: 'T', turnId: 'U', itemId: 'r1', delta: 'Look', summaryIndex: 0 },
  },
  {
    method: 'item/reasoning/summaryPartAdded',
    params: { threadId: 'T', turnId: 'U', itemId: 'r1', summaryIndex: 1 },
  },
  {
    method: 'item/reasoning/textDelta',
    params: { threadId: 'T', turnId: 'U', itemId: 'r1', delta: 'Hm', contentIndex: 0 },
  },
  { method: 'thread/compacted', params: { threadId: 'T', turnId: 'U' } },
  {
    method: 'model/rerouted',
    params: {
      threadId: 'T',
      turnId: 'U',
      fromModel: 'a',
      toModel: 'b',
      reason: 'highRiskCyberActivity',
    },
  },
  {
    method: 'model/verification',
    params: { threadId: 'T', turnId: 'U', verifications: ['trustedAccessForCyber'] },
  },
  { method: 'warning', params: { threadId: null, message: 'careful' } },
  { method: 'deprecationNotice', params: { summary: 'going away', details: null } },
  { method: 'configWarning', params: { summary: 'broken', details: null } },
  { method: 'thread/realtime/started', params: { threadId: 'T', realtimeSessionId: 'T', version: 'v2' } },
  {
    method: 'thread/realtime/itemAdded',
    params: { threadId: 'T', item: { type: 'input_audio_buffer.speech_started', item_id: 'item_1' } },
  },
  {
    method: 'thread/realtime/transcript/delta',
    params: { threadId: 'T', role: 'user', delta: 'hel' },
  },
  {
    method: 'thread/realtime/transcript/done',
    params: { threadId: 'T', role: 'assistant', text: 'hello' },
  },
  {
    method: 'thread/realtime/outputAudio/delta',
    params: {
      threadId: 'T',
      audio: { data: 'AQID', sampleRate: 24000, numChannels: 1, samplesPerChannel: 512, itemId: null },
    },
  },
  { method: 'thread/realtime/sdp', params: { threadId: 'T', sdp: 'v=answer\r\n' } },
  { method: 'thread/realtime/error', params: { threadId: 'T', message: 'no key' } },
  { method: 'thread/realtime/closed', params: { threadId: 'T', reason: 'requested' } },
  { method: 'account/login/completed', params: { loginId: null, success: true, error: null } },
];

describe('notification schemas', () => {
  it('have an example each', () => {
    expect(examples.map((example) => example.method)).toEqual(notifications.map((row) => row.method));
  });

  it.each(examples)('$method accepts its example as it is', ({ method, params }) => {
    expect(findNotification(method)!.params.parse(params)).toStrictEqual(params);
  });

  it.each(examples.filter(({ method }) => method.startsWith('thread/realtime/')))(
    '$method needs every key',
    ({ method, params }) => {
      const schema = findNotification(method)!.params;
      for (const key of Object.keys(params)) {
        const { [key]: _left, ...rest } = params as Record<string, unknown>;
        expect(schema.safeParse(rest).success, key).toBe(false);
      }
    },
  );

  it('give the types of their params', () => {
    expectTypeOf<NotificationParamsOf<'thread/realtime/closed'>>().toEqualTypeOf<{
      threadId: string;
      reason: string | null;
    }>();
    expectTypeOf<ServerNotification['method']>().toEqualTypeOf<NotificationName>();
  });
});
