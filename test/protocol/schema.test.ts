import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { namedSchemas } from '../../src/protocol/names.ts';
import { notifications } from '../../src/protocol/index.ts';
import { jsonSchemaFiles, jsonText, typescriptFiles } from '../../src/protocol/schema/index.ts';
import type { JsonSchema } from '../../src/protocol/schema/index.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const bundle = 'codex_app_server_protocol.schemas.json';
const flatBundle = 'codex_app_server_protocol.v2.schemas.json';
const everything = jsonSchemaFiles({ experimental: true });
const stable = jsonSchemaFiles({ experimental: false });

describe('committed schemas', () => {
  it('are what the protocol generates', async () => {
    const json = [...everything].map(([path, schema]) => [path, jsonText(schema)] as const);
    expect(await readTree(join(root, 'schema/json'))).toEqual(Object.fromEntries(json));
    expect(await readTree(join(root, 'schema/typescript'))).toEqual(
      Object.fromEntries(await typescriptFiles(everything)),
    );
  });
});

describe('JSON schemas', () => {
  it('describe every named type of the protocol somewhere', () => {
    const { v2, ...others } = everything.get(bundle)!.definitions as Record<string, object>;
    const described = new Set([...Object.keys(others), ...Object.keys(v2!)]);
    const missing = namedSchemas().filter(({ name }) => !described.has(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('refer only to what the same file defines', () => {
    for (const [path, schema] of [...everything, ...stable]) {
      for (const reference of references(schema)) {
        const target = reference
          .replace('#/', '')
          .split('/')
          .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], schema);
        expect(target, `${path} ${reference}`).toBeTypeOf('object');
      }
    }
  });

  it('leave every object open', () => {
    for (const [path, schema] of everything) {
      expect(JSON.stringify(schema), path).not.toContain('"additionalProperties":false');
    }
  });

  it('spell a request as clients may send it', () => {
    expect(everything.get('v2/ThreadRealtimeAppendAudioParams.json')).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'ThreadRealtimeAppendAudioParams',
      type: 'object',
      properties: {
        threadId: { type: 'string' },
        audio: { $ref: '#/definitions/ThreadRealtimeAudioChunk' },
      },
      required: ['threadId', 'audio'],
      definitions: {
        ThreadRealtimeAudioChunk: {
          type: 'object',
          properties: {
            data: { type: 'string' },
            sampleRate: { type: 'integer', format: 'uint32', minimum: 0 },
            numChannels: { type: 'integer', format: 'uint16', minimum: 0 },
            samplesPerChannel: { default: null, type: ['integer', 'null'], format: 'uint32', minimum: 0 },
            itemId: { default: null, type: ['string', 'null'] },
          },
          required: ['data', 'sampleRate', 'numChannels'],
        },
      },
    });
  });

  it('spell a notification with every key required', () => {
    expect(everything.get('v2/ThreadRealtimeClosedNotification.json')).toEqual({
      $schema: 'http://json-schema.org/draft-07/schema#',
      title: 'ThreadRealtimeClosedNotification',
      type: 'object',
      properties: { threadId: { type: 'string' }, reason: { type: ['string', 'null'] } },
      required: ['threadId', 'reason'],
    });
  });

  it('name the members of the request union', () => {
    const members = new Map(
      everything.get('ClientRequest.json')!.oneOf!.map((member) => [member.title, member]),
    );
    expect(members.get('Thread/realtime/stopRequest')).toEqual({
      title: 'Thread/realtime/stopRequest',
      type: 'object',
      properties: {
        id: { $ref: '#/definitions/RequestId' },
        method: {
          title: 'Thread/realtime/stopRequestMethod',
          type: 'string',
          enum: ['thread/realtime/stop'],
        },
        params: { $ref: '#/definitions/ThreadRealtimeStopParams' },
      },
      required: ['id', 'method', 'params'],
    });
    expect(members.get('Account/logoutRequest')).toMatchObject({
      properties: { params: { type: 'null' } },
      required: ['id', 'method'],
    });
  });

  it('nest version 2 types in one bundle and list them flat in the other', () => {
    const { v2, ...others } = everything.get(bundle)!.definitions as Record<
      string,
      Record<string, JsonSchema>
    >;
    expect(v2!.ThreadStartedNotification!.properties!.thread).toEqual({ $ref: '#/definitions/v2/Thread' });
    expect(Object.keys(others)).toContain('InitializeResponse');
    const flat = everything.get(flatBundle)!.definitions as Record<string, JsonSchema>;
    expect(flat.ThreadStartedNotification!.properties!.thread).toEqual({ $ref: '#/definitions/Thread' });
    expect(Object.keys(flat)).toEqual(
      expect.arrayContaining(['ClientRequest', 'ServerNotification', 'InitializeParams', 'ClientInfo']),
    );
  });
});

describe('stable JSON schemas', () => {
  it('leave out experimental methods with their params and responses', () => {
    expect([...everything.keys()].filter((path) => !stable.has(path))).toEqual([
      'v2/CollaborationModeListParams.json',
      'v2/CollaborationModeListResponse.json',
      'v2/MockExperimentalMethodParams.json',
      'v2/MockExperimentalMethodResponse.json',
      'v2/ThreadBackgroundTerminalsCleanParams.json',
      'v2/ThreadBackgroundTerminalsCleanResponse.json',
      'v2/ThreadDecrementElicitationParams.json',
      'v2/ThreadDecrementElicitationResponse.json',
      'v2/ThreadGoalClearParams.json',
      'v2/ThreadGoalClearResponse.json',
      'v2/ThreadGoalGetParams.json',
      'v2/ThreadGoalGetResponse.json',
      'v2/ThreadGoalSetParams.json',
      'v2/ThreadGoalSetResponse.json',
      'v2/ThreadIncrementElicitationParams.json',
      'v2/ThreadIncrementElicitationResponse.json',
      'v2/ThreadMemoryModeSetParams.json',
      'v2/ThreadMemoryModeSetResponse.json',
      'v2/ThreadMemorySummarizeParams.json',
      'v2/ThreadMemorySummarizeResponse.json',
      'v2/ThreadRealtimeAppendAudioParams.json',
      'v2/ThreadRealtimeAppendAudioResponse.json',
      'v2/ThreadRealtimeAppendTextParams.json',
      'v2/ThreadRealtimeAppendTextResponse.json',
      'v2/ThreadRealtimeListVoicesParams.json',
      'v2/ThreadRealtimeListVoicesResponse.json',
      'v2/ThreadRealtimeStartParams.json',
      'v2/ThreadRealtimeStartResponse.json',
      'v2/ThreadRealtimeStopParams.json',
      'v2/ThreadRealtimeStopResponse.json',
      'v2/ThreadTurnsItemsListParams.json',
      'v2/ThreadTurnsItemsListResponse.json',
      'v2/ThreadTurnsListParams.json',
      'v2/ThreadTurnsListResponse.json',
    ]);
    expect(methodsOf(stable.get('ClientRequest.json')!)).toEqual([
      'initialize',
      'thread/start',
      'thread/resume',
      'thread/fork',
      'thread/archive',
      'thread/unsubscribe',
      'thread/name/set',
      'thread/metadata/update',
      'thread/unarchive',
      'thread/compact/start',
      'thread/shellCommand',
      'thread/rollback',
      'thread/list',
      'thread/loaded/list',
      'thread/read',
      'thread/inject_items',
      'skills/list',
      'hooks/list',
      'app/list',
      'turn/start',
      'turn/steer',
      'turn/interrupt',
      'model/list',
      'modelProvider/capabilities/read',
      'experimentalFeature/list',
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

  it('keep every notification', () => {
    expect(methodsOf(stable.get('ServerNotification.json')!)).toEqual(notifications.map((row) => row.method));
  });

  it('leave out gated fields and nothing else', () => {
    const dropped = (path: string) => {
      const kept = Object.keys(stable.get(path)!.properties!);
      return Object.keys(everything.get(path)!.properties!).filter((field) => !kept.includes(field));
    };
    expect(dropped('v2/ThreadStartParams.json')).toEqual([
      'permissions',
      'environments',
      'dynamicTools',
      'mockExperimentalField',
      'experimentalRawEvents',
      'persistExtendedHistory',
    ]);
    expect(dropped('v2/ThreadResumeParams.json')).toEqual([
      'history',
      'path',
      'permissions',
      'excludeTurns',
      'persistExtendedHistory',
    ]);
    expect(dropped('v2/ThreadForkParams.json')).toEqual([
      'path',
      'permissions',
      'excludeTurns',
      'persistExtendedHistory',
    ]);
    for (const answer of ['ThreadStartResponse', 'ThreadResumeResponse', 'ThreadForkResponse']) {
      expect(dropped(`v2/${answer}.json`)).toEqual(['permissionProfile', 'activePermissionProfile']);
    }
    expect(dropped('v2/TurnStartParams.json')).toEqual([
      'responsesapiClientMetadata',
      'environments',
      'permissions',
      'collaborationMode',
    ]);
    expect(dropped('v2/TurnSteerParams.json')).toEqual(['responsesapiClientMetadata']);
    expect(stable.get('v2/ThreadStartResponse.json')!.required).toEqual([
      'thread',
      'model',
      'modelProvider',
      'serviceTier',
      'cwd',
      'instructionSources',
      'approvalPolicy',
      'approvalsReviewer',
      'sandbox',
      'reasoningEffort',
    ]);
  });

  it('keep the granular approval policy', () => {
    const policy = stable.get('v2/ThreadStartParams.json')!.definitions!.AskForApproval as JsonSchema;
    expect(policy.anyOf?.map((variant) => variant.title)).toEqual([undefined, 'GranularAskForApproval']);
  });
});

describe('TypeScript types', () => {
  it('compile under strict settings, stable and experimental', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-schema-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    for (const [name, json] of Object.entries({ everything, stable })) {
      for (const [path, source] of await typescriptFiles(json)) {
        await mkdir(dirname(join(folder, name, path)), { recursive: true });
        await writeFile(join(folder, name, path), source);
      }
    }
    await writeFile(join(folder, 'client.ts'), client);
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const options = ['--noEmit', '--strict', '--target', 'es2023', '--types', ''];
    for (const module of [
      ['--module', 'nodenext'],
      ['--module', 'esnext', '--moduleResolution', 'bundler'],
    ]) {
      const args = [compiler, ...options, ...module, 'client.ts', 'everything/index.ts', 'stable/index.ts'];
      const run = promisify(execFile)(process.execPath, args, { cwd: folder });
      await expect(run.catch((error: { stdout: string }) => error)).resolves.toMatchObject({ stdout: '' });
    }
  });
});

/** What a client writes against the generated types; an unused `@ts-expect-error` is an error too. */
const client = `
import type { ClientRequest, ServerNotification, v2 } from './everything/index.js';
import type { ClientRequest as StableRequest } from './stable/index.js';
export const start: ClientRequest = {
  id: 1,
  method: 'thread/realtime/start',
  params: { threadId: 'T', outputModality: 'audio', transport: { type: 'websocket' } },
};
// @ts-expect-error The modality is required.
export const incomplete: v2.ThreadRealtimeStartParams = { threadId: 'T' };
// @ts-expect-error An experimental method is not in the stable types.
export const stable: StableRequest = start;
export function closedBecause(message: ServerNotification): string | null {
  return message.method === 'thread/realtime/closed' ? message.params.reason : null;
}
`;

async function readTree(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const));
  return Object.fromEntries(texts.map(([path, text]) => [path.slice(folder.length + 1), text]));
}

function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : references(value),
  );
}

function methodsOf(union: JsonSchema): unknown[] {
  return union.oneOf!.map((member) => (member.properties!.method as JsonSchema).enum![0]);
}
