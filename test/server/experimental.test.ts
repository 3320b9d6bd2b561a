import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';

function gated(feature: string): object {
  return {
    code: -32600,
    message: `${feature} requires experimentalApi capability`,
    data: { reason: 'experimentalApiRequired', feature },
  };
}

const audio = { data: 'AAAA', sampleRate: 24_000, numChannels: 1 };

/** Each method that needs the capability, with params that decode, apart from the thread. */
const METHODS: readonly (readonly [method: string, params: object])[] = [
  ['thread/realtime/start', { outputModality: 'audio' }],
  ['thread/realtime/start', { outputModality: 'audio', transport: { type: 'webrtc', sdp: 'v=0' } }],
  ['thread/realtime/appendAudio', { audio }],
  ['thread/realtime/appendText', { text: 'x' }],
  ['thread/realtime/stop', {}],
  ['thread/realtime/listVoices', {}],
];

const granular = { granular: { sandbox_approval: true, rules: false, mcp_elicitations: true } };
const environments = [{ environmentId: 'e', cwd: '/' }];
const permissions = { type: 'profile', id: ':workspace' };

/** Each gated field: the value that trips the gate, and values that do not. */
const FIELDS: readonly (readonly [
  method: string,
  field: string,
  feature: string,
  gated: unknown,
  free: readonly unknown[],
])[] = [
  ['thread/start', 'approvalPolicy', 'askForApproval.granular', granular, ['never', null]],
  ['thread/start', 'permissions', 'thread/start.permissions', permissions, [null]],
  ['thread/start', 'environments', 'thread/start.environments', [], [null]],
  ['thread/start', 'dynamicTools', 'thread/start.dynamicTools', [], [null]],
  ['thread/start', 'mockExperimentalField', 'thread/start.mockExperimentalField', '', [null]],
  ['thread/start', 'experimentalRawEvents', 'thread/start.experimentalRawEvents', true, [false, null]],
  ['thread/start', 'persistExtendedHistory', 'thread/start.persistFullHistory', true, [false, null]],
  ['turn/start', 'responsesapiClientMetadata', 'turn/start.responsesapiClientMetadata', {}, [null]],
  ['turn/start', 'environments', 'turn/start.environments', environments, [null]],
  ['turn/start', 'approvalPolicy', 'askForApproval.granular', granular, ['on-request', null]],
  ['turn/start', 'permissions', 'turn/start.permissions', permissions, [null]],
  [
    'turn/start',
    'collaborationMode',
    'turn/start.collaborationMode',
    { mode: 'plan', settings: { model: 'm', reasoning_effort: null, developer_instructions: null } },
    [null],
  ],
];

const UNKNOWN_THREAD = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';

describe('without the experimental capability', () => {
  it.each([
    ['none', {}],
    ['null', null],
    ['false', { experimentalApi: false }],
  ])('(%s) no experimental method is served', async (_what, capabilities) => {
    const daemon = await TestDaemon.open({ capabilities });
    const threadId = await daemon.startThread();
    for (const [method, params] of METHODS) {
      expect((await daemon.call(method, { threadId, ...params })).error, method).toEqual(gated(method));
      expect((await daemon.call(method, { threadId: 'bad', ...params })).error, method).toEqual(
        gated(method),
      );
    }
  });

  it('an experimental method still reports first what does not decode', async () => {
    const daemon = await TestDaemon.open({ capabilities: {} });
    for (const [method] of METHODS) {
      const { error } = await daemon.call(method);
      expect(error?.message, method).toBe('Invalid request: missing field `params`');
    }
  });

  it('no gated field may be used, but null and false are no use', async () => {
    const daemon = await TestDaemon.open({ capabilities: {} });
    for (const [method, field, feature, value, free] of FIELDS) {
      const params = method === 'turn/start' ? { threadId: UNKNOWN_THREAD, input: [] } : {};
      expect((await daemon.call(method, { ...params, [field]: value })).error, feature).toEqual(
        gated(feature),
      );
      for (const harmless of free) {
        const { error } = await daemon.call(method, { ...params, [field]: harmless });
        expect(error?.message, `${feature} ${JSON.stringify(harmless)}`).toBe(
          method === 'turn/start' ? `thread not found: ${UNKNOWN_THREAD}` : undefined,
        );
      }
    }
  });

  it('the first gated field is the one that is named', async () => {
    const daemon = await TestDaemon.open({ capabilities: {} });
    const { error } = await daemon.call('thread/start', {
      dynamicTools: [],
      environments: [],
      approvalPolicy: granular,
    });
    expect(error).toEqual(gated('askForApproval.granular'));
  });

  it('metadata by its documented name is for everyone', async () => {
    const daemon = await TestDaemon.open({ capabilities: {} });
    const { error } = await daemon.call('turn/start', {
      threadId: UNKNOWN_THREAD,
      input: [],
      clientMetadata: { a: 'b' },
    });
    expect(error?.message).toBe(`thread not found: ${UNKNOWN_THREAD}`);
  });
});

describe('with the experimental capability', () => {
  it('every method and every field passes the gate', async () => {
    const daemon = await TestDaemon.open();
    for (const [method, params] of METHODS) {
      const answer = await daemon.call(method, { threadId: UNKNOWN_THREAD, ...params });
      if (method === 'thread/realtime/listVoices') expect(answer).toHaveProperty('result.voices');
      else expect(answer.error?.message, method).toBe(`thread not found: ${UNKNOWN_THREAD}`);
    }
    for (const [method, field, feature, value] of FIELDS) {
      const params = method === 'turn/start' ? { threadId: UNKNOWN_THREAD, input: [] } : {};
      const { error } = await daemon.call(method, { ...params, [field]: value });
      expect(error?.message ?? '', feature).not.toContain('experimentalApi');
    }
  });

  it('voices are those of both versions', async () => {
    const daemon = await TestDaemon.open();
    expect(await daemon.request('thread/realtime/listVoices', {})).toEqual({
      voices: {
        v1: ['juniper', 'maple', 'spruce', 'ember', 'vale', 'breeze', 'arbor', 'sol', 'cove'],
        v2: ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'],
        defaultV1: 'cove',
        defaultV2: 'marin',
      },
    });
  });
});
