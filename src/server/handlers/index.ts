import type { MethodName } from '../../protocol/index.ts';
import { accountLoginStart, accountLogout, accountRead } from './account.ts';
import type { Handler } from './handler.ts';
import { initialize } from './initialize.ts';
import {
  realtimeAppendAudio,
  realtimeAppendText,
  realtimeListVoices,
  realtimeStart,
  realtimeStop,
} from './realtime.ts';
import { threadLoadedList, threadStart, threadUnsubscribe } from './thread.ts';
import { turnStart } from './turn.ts';

/** One handler for each row of the protocol's table; the compiler checks that none is missing. */
export const handlers: { readonly [M in MethodName]: Handler<M> } = {
  initialize,
  'thread/start': threadStart,
  'thread/unsubscribe': threadUnsubscribe,
  'thread/loaded/list': threadLoadedList,
  'turn/start': turnStart,
  'thread/realtime/start': realtimeStart,
  'thread/realtime/appendAudio': realtimeAppendAudio,
  'thread/realtime/appendText': realtimeAppendText,
  'thread/realtime/stop': realtimeStop,
  'thread/realtime/listVoices': realtimeListVoices,
  'account/login/start': accountLoginStart,
  'account/logout': accountLogout,
  'account/read': accountRead,
};
