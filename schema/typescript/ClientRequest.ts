// Generated from the protocol schemas; do not edit.

import type { AppsListParams } from './v2/AppsListParams.js';
import type { CancelLoginAccountParams } from './v2/CancelLoginAccountParams.js';
import type { CollaborationModeListParams } from './v2/CollaborationModeListParams.js';
import type { ConfigReadParams } from './v2/ConfigReadParams.js';
import type { ExperimentalFeatureListParams } from './v2/ExperimentalFeatureListParams.js';
import type { GetAccountParams } from './v2/GetAccountParams.js';
import type { GetAuthStatusParams } from './GetAuthStatusParams.js';
import type { HooksListParams } from './v2/HooksListParams.js';
import type { InitializeParams } from './InitializeParams.js';
import type { ListMcpServerStatusParams } from './v2/ListMcpServerStatusParams.js';
import type { LoginAccountParams } from './v2/LoginAccountParams.js';
import type { McpResourceReadParams } from './v2/McpResourceReadParams.js';
import type { McpServerToolCallParams } from './v2/McpServerToolCallParams.js';
import type { MockExperimentalMethodParams } from './v2/MockExperimentalMethodParams.js';
import type { ModelListParams } from './v2/ModelListParams.js';
import type { ModelProviderCapabilitiesReadParams } from './v2/ModelProviderCapabilitiesReadParams.js';
import type { RequestId } from './RequestId.js';
import type { SkillsListParams } from './v2/SkillsListParams.js';
import type { ThreadArchiveParams } from './v2/ThreadArchiveParams.js';
import type { ThreadBackgroundTerminalsCleanParams } from './v2/ThreadBackgroundTerminalsCleanParams.js';
import type { ThreadCompactStartParams } from './v2/ThreadCompactStartParams.js';
import type { ThreadDecrementElicitationParams } from './v2/ThreadDecrementElicitationParams.js';
import type { ThreadForkParams } from './v2/ThreadForkParams.js';
import type { ThreadGoalClearParams } from './v2/ThreadGoalClearParams.js';
import type { ThreadGoalGetParams } from './v2/ThreadGoalGetParams.js';
import type { ThreadGoalSetParams } from './v2/ThreadGoalSetParams.js';
import type { ThreadIncrementElicitationParams } from './v2/ThreadIncrementElicitationParams.js';
import type { ThreadInjectItemsParams } from './v2/ThreadInjectItemsParams.js';
import type { ThreadListParams } from './v2/ThreadListParams.js';
import type { ThreadLoadedListParams } from './v2/ThreadLoadedListParams.js';
import type { ThreadMemoryModeSetParams } from './v2/ThreadMemoryModeSetParams.js';
import type { ThreadMemorySummarizeParams } from './v2/ThreadMemorySummarizeParams.js';
import type { ThreadMetadataUpdateParams } from './v2/ThreadMetadataUpdateParams.js';
import type { ThreadReadParams } from './v2/ThreadReadParams.js';
import type { ThreadRealtimeAppendAudioParams } from './v2/ThreadRealtimeAppendAudioParams.js';
import type { ThreadRealtimeAppendTextParams } from './v2/ThreadRealtimeAppendTextParams.js';
import type { ThreadRealtimeListVoicesParams } from './v2/ThreadRealtimeListVoicesParams.js';
import type { ThreadRealtimeStartParams } from './v2/ThreadRealtimeStartParams.js';
import type { ThreadRealtimeStopParams } from './v2/ThreadRealtimeStopParams.js';
import type { ThreadResumeParams } from './v2/ThreadResumeParams.js';
import type { ThreadRollbackParams } from './v2/ThreadRollbackParams.js';
import type { ThreadSetNameParams } from './v2/ThreadSetNameParams.js';
import type { ThreadShellCommandParams } from './v2/ThreadShellCommandParams.js';
import type { ThreadStartParams } from './v2/ThreadStartParams.js';
import type { ThreadTurnsItemsListParams } from './v2/ThreadTurnsItemsListParams.js';
import type { ThreadTurnsListParams } from './v2/ThreadTurnsListParams.js';
import type { ThreadUnarchiveParams } from './v2/ThreadUnarchiveParams.js';
import type { ThreadUnsubscribeParams } from './v2/ThreadUnsubscribeParams.js';
import type { TurnInterruptParams } from './v2/TurnInterruptParams.js';
import type { TurnStartParams } from './v2/TurnStartParams.js';
import type { TurnSteerParams } from './v2/TurnSteerParams.js';

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
      method: 'thread/resume';
      params: ThreadResumeParams;
    }
  | {
      id: RequestId;
      method: 'thread/fork';
      params: ThreadForkParams;
    }
  | {
      id: RequestId;
      method: 'thread/archive';
      params: ThreadArchiveParams;
    }
  | {
      id: RequestId;
      method: 'thread/unsubscribe';
      params: ThreadUnsubscribeParams;
    }
  | {
      id: RequestId;
      method: 'thread/increment_elicitation';
      params: ThreadIncrementElicitationParams;
    }
  | {
      id: RequestId;
      method: 'thread/decrement_elicitation';
      params: ThreadDecrementElicitationParams;
    }
  | {
      id: RequestId;
      method: 'thread/name/set';
      params: ThreadSetNameParams;
    }
  | {
      id: RequestId;
      method: 'thread/goal/set';
      params: ThreadGoalSetParams;
    }
  | {
      id: RequestId;
      method: 'thread/goal/get';
      params: ThreadGoalGetParams;
    }
  | {
      id: RequestId;
      method: 'thread/goal/clear';
      params: ThreadGoalClearParams;
    }
  | {
      id: RequestId;
      method: 'thread/metadata/update';
      params: ThreadMetadataUpdateParams;
    }
  | {
      id: RequestId;
      method: 'thread/memoryMode/set';
      params: ThreadMemoryModeSetParams;
    }
  | {
      id: RequestId;
      method: 'thread/unarchive';
      params: ThreadUnarchiveParams;
    }
  | {
      id: RequestId;
      method: 'thread/compact/start';
      params: ThreadCompactStartParams;
    }
  | {
      id: RequestId;
      method: 'thread/shellCommand';
      params: ThreadShellCommandParams;
    }
  | {
      id: RequestId;
      method: 'thread/backgroundTerminals/clean';
      params: ThreadBackgroundTerminalsCleanParams;
    }
  | {
      id: RequestId;
      method: 'thread/memory/summarize';
      params: ThreadMemorySummarizeParams;
    }
  | {
      id: RequestId;
      method: 'thread/rollback';
      params: ThreadRollbackParams;
    }
  | {
      id: RequestId;
      method: 'thread/list';
      params: ThreadListParams;
    }
  | {
      id: RequestId;
      method: 'thread/loaded/list';
      params: ThreadLoadedListParams;
    }
  | {
      id: RequestId;
      method: 'thread/read';
      params: ThreadReadParams;
    }
  | {
      id: RequestId;
      method: 'thread/turns/list';
      params: ThreadTurnsListParams;
    }
  | {
      id: RequestId;
      method: 'thread/turns/items/list';
      params: ThreadTurnsItemsListParams;
    }
  | {
      id: RequestId;
      method: 'thread/inject_items';
      params: ThreadInjectItemsParams;
    }
  | {
      id: RequestId;
      method: 'skills/list';
      params: SkillsListParams;
    }
  | {
      id: RequestId;
      method: 'hooks/list';
      params: HooksListParams;
    }
  | {
      id: RequestId;
      method: 'app/list';
      params: AppsListParams;
    }
  | {
      id: RequestId;
      method: 'turn/start';
      params: TurnStartParams;
    }
  | {
      id: RequestId;
      method: 'turn/steer';
      params: TurnSteerParams;
    }
  | {
      id: RequestId;
      method: 'turn/interrupt';
      params: TurnInterruptParams;
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
      method: 'model/list';
      params: ModelListParams;
    }
  | {
      id: RequestId;
      method: 'modelProvider/capabilities/read';
      params: ModelProviderCapabilitiesReadParams;
    }
  | {
      id: RequestId;
      method: 'experimentalFeature/list';
      params: ExperimentalFeatureListParams;
    }
  | {
      id: RequestId;
      method: 'collaborationMode/list';
      params: CollaborationModeListParams;
    }
  | {
      id: RequestId;
      method: 'mock/experimentalMethod';
      params: MockExperimentalMethodParams;
    }
  | {
      id: RequestId;
      method: 'config/mcpServer/reload';
      params?: null;
    }
  | {
      id: RequestId;
      method: 'mcpServerStatus/list';
      params: ListMcpServerStatusParams;
    }
  | {
      id: RequestId;
      method: 'mcpServer/resource/read';
      params: McpResourceReadParams;
    }
  | {
      id: RequestId;
      method: 'mcpServer/tool/call';
      params: McpServerToolCallParams;
    }
  | {
      id: RequestId;
      method: 'account/login/start';
      params: LoginAccountParams;
    }
  | {
      id: RequestId;
      method: 'account/login/cancel';
      params: CancelLoginAccountParams;
    }
  | {
      id: RequestId;
      method: 'account/logout';
      params?: null;
    }
  | {
      id: RequestId;
      method: 'account/rateLimits/read';
      params?: null;
    }
  | {
      id: RequestId;
      method: 'account/read';
      params: GetAccountParams;
    }
  | {
      id: RequestId;
      method: 'config/read';
      params: ConfigReadParams;
    }
  | {
      id: RequestId;
      method: 'configRequirements/read';
      params?: null;
    }
  | {
      id: RequestId;
      method: 'getAuthStatus';
      params: GetAuthStatusParams;
    };
