import type { MethodName } from '../../protocol/index.ts';
import {
  accountLoginCancel,
  accountLoginStart,
  accountLogout,
  accountRateLimitsRead,
  accountRead,
} from './account.ts';
import {
  collaborationModeList,
  experimentalFeatureList,
  hooksList,
  mcpServerStatusList,
  skillsList,
} from './catalogue.ts';
import { configRead } from './config.ts';
import type { Handler } from './handler.ts';
import { initialize } from './initialize.ts';
import { modelList, modelProviderCapabilitiesRead } from './model.ts';
import {
  realtimeAppendAudio,
  realtimeAppendText,
  realtimeListVoices,
  realtimeStart,
  realtimeStop,
} from './realtime.ts';
import {
  threadArchive,
  threadFork,
  threadInjectItems,
  threadList,
  threadMetadataUpdate,
  threadNameSet,
  threadRead,
  threadResume,
  threadRollback,
  threadTurnsItemsList,
  threadTurnsList,
  threadUnarchive,
} from './stored-thread.ts';
import {
  threadCompactStart,
  threadLoadedList,
  threadMemorySummarize,
  threadShellCommand,
  threadStart,
  threadUnsubscribe,
} from './thread.ts';
import { turnInterrupt, turnStart, turnSteer } from './turn.ts';

/** One handler for each row of the protocol's table; the compiler checks that none is missing. */
export const handlers: { readonly [M in MethodName]: Handler<M> } = {
  initialize,
  'thread/start': threadStart,
  'thread/resume': threadResume,
  'thread/fork': threadFork,
  'thread/archive': threadArchive,
  'thread/unsubscribe': threadUnsubscribe,
  'thread/name/set': threadNameSet,
  'thread/metadata/update': threadMetadataUpdate,
  'thread/unarchive': threadUnarchive,
  'thread/compact/start': threadCompactStart,
  'thread/shellCommand': threadShellCommand,
  'thread/memory/summarize': threadMemorySummarize,
  'thread/rollback': threadRollback,
  'thread/list': threadList,
  'thread/loaded/list': threadLoadedList,
  'thread/read': threadRead,
  'thread/turns/list': threadTurnsList,
  'thread/turns/items/list': threadTurnsItemsList,
  'thread/inject_items': threadInjectItems,
  'skills/list': skillsList,
  'hooks/list': hooksList,
  'turn/start': turnStart,
  'turn/steer': turnSteer,
  'turn/interrupt': turnInterrupt,
  'thread/realtime/start': realtimeStart,
  'thread/realtime/appendAudio': realtimeAppendAudio,
  'thread/realtime/appendText': realtimeAppendText,
  'thread/realtime/stop': realtimeStop,
  'thread/realtime/listVoices': realtimeListVoices,
  'model/list': modelList,
  'modelProvider/capabilities/read': modelProviderCapabilitiesRead,
  'experimentalFeature/list': experimentalFeatureList,
  'collaborationMode/list': collaborationModeList,
  'mcpServerStatus/list': mcpServerStatusList,
  'account/login/start': accountLoginStart,
  'account/login/cancel': accountLoginCancel,
  'account/logout': accountLogout,
  'account/rateLimits/read': accountRateLimitsRead,
  'account/read': accountRead,
  'config/read': configRead,
};
