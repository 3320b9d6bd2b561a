import type { MethodRow } from './method-row.ts';
import {
  ThreadRealtimeAppendAudioParams,
  ThreadRealtimeAppendAudioResponse,
  ThreadRealtimeAppendTextParams,
  ThreadRealtimeAppendTextResponse,
  ThreadRealtimeListVoicesParams,
  ThreadRealtimeListVoicesResponse,
  ThreadRealtimeStartParams,
  ThreadRealtimeStartResponse,
  ThreadRealtimeStopParams,
  ThreadRealtimeStopResponse,
} from './v2/index.ts';

/** The requests of a voice conversation, in protocol order. */
export const realtimeMethods = [
  {
    method: 'thread/realtime/start',
    params: ThreadRealtimeStartParams,
    response: ThreadRealtimeStartResponse,
    scope: 'thread',
    experimental: true,
  },
  {
    method: 'thread/realtime/appendAudio',
    params: ThreadRealtimeAppendAudioParams,
    response: ThreadRealtimeAppendAudioResponse,
    scope: 'thread',
    experimental: true,
  },
  {
    method: 'thread/realtime/appendText',
    params: ThreadRealtimeAppendTextParams,
    response: ThreadRealtimeAppendTextResponse,
    scope: 'thread',
    experimental: true,
  },
  {
    method: 'thread/realtime/stop',
    params: ThreadRealtimeStopParams,
    response: ThreadRealtimeStopResponse,
    scope: 'thread',
    experimental: true,
  },
  {
    method: 'thread/realtime/listVoices',
    params: ThreadRealtimeListVoicesParams,
    response: ThreadRealtimeListVoicesResponse,
    scope: 'none',
    experimental: true,
  },
] as const satisfies readonly MethodRow[];
