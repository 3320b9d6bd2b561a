import { describe, expect, it } from 'vitest';
import {
  decodeParams,
  errorCodes,
  experimentalReason,
  findMethod,
  methodRow,
  methods,
} from '../../src/protocol/index.ts';
import type { MethodName } from '../../src/protocol/index.ts';

function reason(method: MethodName, params: unknown): string | null {
  const decoded = decodeParams(methodRow(method), params);
  if (!decoded.ok) throw new Error(`${method} was given params that do not decode: ${decoded.reason}`);
  return experimentalReason(methodRow(method), decoded.value);
}

describe('method table', () => {
  it('has these methods, in this order', () => {
    expect(methods.map((row) => row.method)).toEqual([
      'initialize',
      'thread/start',
      'thread/resume',
      'thread/fork',
      'thread/archive',
      'thread/unsubscribe',
      'thread/increment_elicitation',
      'thread/decrement_elicitation',
      'thread/name/set',
      'thread/goal/set',
      'thread/goal/get',
      'thread/goal/clear',
      'thread/metadata/update',
      'thread/memoryMode/set',
      'thread/unarchive',
      'thread/compact/start',
      'thread/shellCommand',
      'thread/backgroundTerminals/clean',
      'thread/memory/summarize',
      'thread/rollback',
      'thread/list',
      'thread/loaded/list',
      'thread/read',
      'thread/turns/list',
      'thread/turns/items/list',
      'thread/inject_items',
      'skills/list',
      'hooks/list',
      'app/list',
      'turn/start',
      'turn/steer',
      'turn/interrupt',
      'thread/realtime/start',
      'thread/realtime/appendAudio',
      'thread/realtime/appendText',
      'thread/realtime/stop',
      'thread/realtime/listVoices',
      'model/list',
      'modelProvider/capabilities/read',
      'experimentalFeature/list',
      'collaborationMode/list',
      'mock/experimentalMethod',
      'config/mcpServer/reload',
      'mcpServerStatus/list',
      'mcpServer/resource/read',
      'mcpServer/tool/call',
      'account/login/start',
      'account/login/cancel',
      'account/logout',
      'account/rateLimits/read',
      'account/read',
      'config/read',
      'configRequirements/read',
      'getAuthStatus',
    ]);
  });

  it('marks these methods experimental', () => {
    expect(methods.filter((row) => row.experimental).map((row) => row.method)).toEqual([
      'thread/increment_elicitation',
      'thread/decrement_elicitation',
      'thread/goal/set',
      'thread/goal/get',
      'thread/goal/clear',
      'thread/memoryMode/set',
      'thread/backgroundTerminals/clean',
      'thread/memory/summarize',
      'thread/turns/list',
      'thread/turns/items/list',
      'thread/realtime/start',
      'thread/realtime/appendAudio',
      'thread/realtime/appendText',
      'thread/realtime/stop',
      'thread/realtime/listVoices',
      'collaborationMode/list',
      'mock/experimentalMethod',
    ]);
  });

  it('gives each method its ordering scope', () => {
    expect(Object.fromEntries(methods.map((row) => [row.method, row.scope]))).toEqual({
      initialize: 'none',
      'thread/start': 'none',
      'thread/resume': 'thread',
      'thread/fork': 'thread',
      'thread/archive': 'thread',
      'thread/unsubscribe': 'thread',
      'thread/increment_elicitation': 'thread',
      'thread/decrement_elicitation': 'thread',
      'thread/name/set': 'thread',
      'thread/goal/set': 'thread',
      'thread/goal/get': 'thread',
      'thread/goal/clear': 'thread',
      'thread/metadata/update': 'thread',
      'thread/memoryMode/set': 'thread',
      'thread/unarchive': 'thread',
      'thread/compact/start': 'thread',
      'thread/shellCommand': 'thread',
      'thread/backgroundTerminals/clean': 'thread',
      'thread/memory/summarize': 'thread',
      'thread/rollback': 'thread',
      'thread/list': 'none',
      'thread/loaded/list': 'none',
      'thread/read': 'thread',
      'thread/turns/list': 'thread',
      'thread/turns/items/list': 'thread',
      'thread/inject_items': 'thread',
      'skills/list': 'none',
      'hooks/list': 'none',
      'app/list': 'none',
      'turn/start': 'thread',
      'turn/steer': 'thread',
      'turn/interrupt': 'thread',
      'thread/realtime/start': 'thread',
      'thread/realtime/appendAudio': 'thread',
      'thread/realtime/appendText': 'thread',
      'thread/realtime/stop': 'thread',
      'thread/realtime/listVoices': 'none',
      'model/list': 'none',
      'modelProvider/capabilities/read': 'none',
      'experimentalFeature/list': 'none',
      'collaborationMode/list': 'none',
      'mock/experimentalMethod': 'none',
      'config/mcpServer/reload': 'config',
      'mcpServerStatus/list': 'none',
      'mcpServer/resource/read': 'thread',
      'mcpServer/tool/call': 'thread',
      'account/login/start': 'account',
      'account/login/cancel': 'account',
      'account/logout': 'account',
      'account/rateLimits/read': 'account',
      'account/read': 'account',
      'config/read': 'config',
      'configRequirements/read': 'config',
      getAuthStatus: 'account',
    });
  });

  it('puts a thread id into the params of every method that is ordered by thread', () => {
    for (const row of methods.filter(({ scope }) => scope === 'thread')) {
      expect(decodeParams(row, {}), row.method).toMatchObject({
        ok: false,
        reason: expect.stringContaining('missing field'),
      });
      expect(row.params?.def, row.method).toHaveProperty('shape.threadId');
    }
  });

  it('finds rows by name and nothing by a name that objects inherit', () => {
    expect(findMethod('account/read')).toBe(methodRow('account/read'));
    expect(findMethod('foo/bar')).toBeUndefined();
    expect(findMethod('constructor')).toBeUndefined();
  });
});

describe('error codes', () => {
  it('has these codes', () => {
    expect(errorCodes).toEqual({
      invalidRequest: -32600,
      methodNotFound: -32601,
      invalidParams: -32602,
      internalError: -32603,
      parseError: -32700,
      serverOverloaded: -32001,
    });
  });
});

describe('experimental gate', () => {
  const granular = { granular: { sandbox_approval: true, rules: true, mcp_elicitations: true } };

  it.each<[MethodName, unknown, string | null]>([
    ['thread/realtime/start', { threadId: 'T', outputModality: 'audio' }, 'thread/realtime/start'],
    ['thread/realtime/listVoices', {}, 'thread/realtime/listVoices'],
    ['turn/steer', { threadId: 'T', input: [], expectedTurnId: 'U', clientMetadata: { a: 'b' } }, null],
    [
      'turn/steer',
      { threadId: 'T', input: [], expectedTurnId: 'U', responsesapiClientMetadata: {} },
      'turn/steer.responsesapiClientMetadata',
    ],
    ['turn/interrupt', { threadId: 'T', turnId: '' }, null],
    ['thread/compact/start', { threadId: 'T' }, null],
    ['thread/memory/summarize', { threadId: 'T' }, 'thread/memory/summarize'],
    ['collaborationMode/list', {}, 'collaborationMode/list'],
    ['account/logout', null, null],
    ['account/rateLimits/read', null, null],
    ['model/list', { includeHidden: true }, null],
    ['config/read', { includeLayers: true }, null],
    ['thread/start', {}, null],
    ['thread/start', { approvalPolicy: 'never', ephemeral: true, config: {} }, null],
    ['thread/start', { permissions: { type: 'profile', id: ':workspace' } }, 'thread/start.permissions'],
    ['thread/start', { environments: [] }, 'thread/start.environments'],
    ['thread/start', { dynamicTools: [] }, 'thread/start.dynamicTools'],
    ['thread/start', { mockExperimentalField: '' }, 'thread/start.mockExperimentalField'],
    ['thread/start', { experimentalRawEvents: true }, 'thread/start.experimentalRawEvents'],
    ['thread/start', { persistExtendedHistory: true }, 'thread/start.persistFullHistory'],
    ['thread/start', { experimentalRawEvents: false, persistExtendedHistory: false }, null],
    [
      'thread/start',
      { permissions: null, environments: null, dynamicTools: null, mockExperimentalField: null },
      null,
    ],
    ['thread/start', { approvalPolicy: granular }, 'askForApproval.granular'],
    ['thread/start', { environments: [], dynamicTools: [] }, 'thread/start.environments'],
    ['thread/resume', { threadId: 'T' }, null],
    ['thread/resume', { threadId: 'T', history: null, path: null, permissions: null }, null],
    ['thread/resume', { threadId: 'T', excludeTurns: false, persistExtendedHistory: false }, null],
    ['thread/resume', { threadId: 'T', history: [] }, 'thread/resume.history'],
    ['thread/resume', { threadId: 'T', history: [], path: 'x.jsonl' }, 'thread/resume.history'],
    [
      'thread/resume',
      { threadId: 'T', path: 'x.jsonl', approvalPolicy: granular, excludeTurns: true },
      'thread/resume.path',
    ],
    [
      'thread/resume',
      { threadId: 'T', approvalPolicy: granular, excludeTurns: true },
      'askForApproval.granular',
    ],
    [
      'thread/resume',
      { threadId: 'T', permissions: { type: 'profile', id: ':workspace' }, excludeTurns: true },
      'thread/resume.permissions',
    ],
    [
      'thread/resume',
      { threadId: 'T', excludeTurns: true, persistExtendedHistory: true },
      'thread/resume.excludeTurns',
    ],
    ['thread/resume', { threadId: 'T', persistExtendedHistory: true }, 'thread/resume.persistFullHistory'],
    ['thread/fork', { threadId: 'T', ephemeral: true, threadSource: 'user' }, null],
    ['thread/fork', { threadId: 'T', path: 'x.jsonl', approvalPolicy: granular }, 'thread/fork.path'],
    ['thread/fork', { threadId: 'T', approvalPolicy: granular }, 'askForApproval.granular'],
    [
      'thread/fork',
      { threadId: 'T', permissions: { type: 'profile', id: ':workspace' }, excludeTurns: true },
      'thread/fork.permissions',
    ],
    [
      'thread/fork',
      { threadId: 'T', excludeTurns: true, persistExtendedHistory: true },
      'thread/fork.excludeTurns',
    ],
    ['thread/fork', { threadId: 'T', persistExtendedHistory: true }, 'thread/fork.persistFullHistory'],
    ['thread/read', { threadId: 'T', includeTurns: true }, null],
    ['thread/list', { archived: true, useStateDbOnly: true }, null],
    ['thread/turns/list', { threadId: 'T' }, 'thread/turns/list'],
    ['thread/turns/items/list', { threadId: 'T', turnId: 'U' }, 'thread/turns/items/list'],
    ['thread/rollback', { threadId: 'T', numTurns: 1 }, null],
    ['thread/inject_items', { threadId: 'T', items: [] }, null],
    ['turn/start', { threadId: 'T', input: [] }, null],
    ['turn/start', { threadId: 'T', input: [], clientMetadata: { a: 'b' } }, null],
    [
      'turn/start',
      { threadId: 'T', input: [], responsesapiClientMetadata: {} },
      'turn/start.responsesapiClientMetadata',
    ],
    ['turn/start', { threadId: 'T', input: [], environments: [] }, 'turn/start.environments'],
    [
      'turn/start',
      { threadId: 'T', input: [], permissions: { type: 'profile', id: 'x' } },
      'turn/start.permissions',
    ],
    [
      'turn/start',
      { threadId: 'T', input: [], collaborationMode: { mode: 'plan', settings: { model: 'm' } } },
      'turn/start.collaborationMode',
    ],
    ['turn/start', { threadId: 'T', input: [], approvalPolicy: granular }, 'askForApproval.granular'],
  ])('%s %j needs the capability for %s', (method, params, expected) => {
    expect(reason(method, params)).toBe(expected);
  });
});
