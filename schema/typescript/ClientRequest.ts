// Generated from the protocol schemas; do not edit.

import type { GetAccountParams } from './v2/GetAccountParams.js';
import type { InitializeParams } from './InitializeParams.js';
import type { LoginAccountParams } from './v2/LoginAccountParams.js';
import type { RequestId } from './RequestId.js';
import type { ThreadLoadedListParams } from './v2/ThreadLoadedListParams.js';
import type { ThreadRealtimeAppendAudioParams } from './v2/ThreadRealtimeAppendAudioParams.js';
import type { ThreadRealtimeAppendTextParams } from './v2/ThreadRealtimeAppendTextParams.js';
import type { ThreadRealtimeListVoicesParams } from './v2/ThreadRealtimeListVoicesParams.js';
import type { ThreadRealtimeStartParams } from './v2/ThreadRealtimeStartParams.js';
import type { ThreadRealtimeStopParams } from './v2/ThreadRealtimeStopParams.js';
import type { ThreadStartParams } from './v2/ThreadStartParams.js';
import type { ThreadUnsubscribeParams } from './v2/ThreadUnsubscribeParams.js';
import type { TurnStartParams } from './v2/TurnStartParams.js';

export type ClientRequest =
  | {
      id: RequestId;
      method: 'initialize';
      params: InitializeParams;
    }
  | {
      id: RequestId;
      method: 'thread/start';
      params: ThreadStartParams;
    }
  | {
      id: RequestId;
      method: 'thread/unsubscribe';
      params: ThreadUnsubscribeParams;
    }
  | {
      id: RequestId;
      method: 'thread/loaded/list';
      params: ThreadLoadedListParams;
    }
  | {
      id: RequestId;
      method: 'turn/start';
      params: TurnStartParams;
    }
  | {
      id: RequestId;
      method: 'thread/realtime/start';
      params: ThreadRealtimeStartParams;
    }
  | {
      id: RequestId;
      method: 'thread/realtime/appendAudio';
      params: ThreadRealtimeAppendAudioParams;
    }
  | {
      id: RequestId;
      method: 'thread/realtime/appendText';
      params: ThreadRealtimeAppendTextParams;
    }
  | {
      id: RequestId;
      method: 'thread/realtime/stop';
      params: ThreadRealtimeStopParams;
    }
  | {
      id: RequestId;
      method: 'thread/realtime/listVoices';
      params: ThreadRealtimeListVoicesParams;
    }
  | {
      id: RequestId;
      method: 'account/login/start';
      params: LoginAccountParams;
    }
  | {
      id: RequestId;
      method: 'account/logout';
      params?: null;
    }
  | {
      id: RequestId;
      method: 'account/read';
      params: GetAccountParams;
    };
