import type { ThreadSource, Turn as TurnView, UserInput } from '../../protocol/index.ts';
import { userShell } from '../../exec/index.ts';
import { turnMetadata } from '../../responses/index.ts';
import type { RequestContext, ResponsesSession } from '../../responses/index.ts';
import type { Account } from '../account.ts';
import type { Config } from '../config/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import type { ProjectInstructions } from '../instructions/index.ts';
import type { McpServers } from '../mcp/index.ts';
import { contextWindow } from '../models/index.ts';
import type { ModelCatalogue } from '../models/index.ts';
import type { ModelProvider } from '../provider/index.ts';
import type { Recorder } from '../rollout/index.ts';
import type { ThreadSkills } from '../skills/index.ts';
import type { Tool, Workbench } from '../tools/index.ts';
import type { Gate } from '../../util/gate.ts';
import type { AgentMemory } from './agent-memory.ts';
import { surroundings } from './context/environment-text.ts';
import { storedContext } from './context/stored-context.ts';
import type { TurnContext } from './context/turn-context.ts';
import type { VoiceState } from './context/voice-text.ts';
import type { SaidInTurn } from './turn-reporter.ts';
import type { TurnSettings } from './turn-settings.ts';
import type { Turn } from './turn.ts';

/** What the turns of one thread work with. */
export interface AgentResources {
  readonly threadId: string;
  readonly threadSource: ThreadSource | null;
  readonly environment: CoreEnvironment;
  readonly account: Account;
  readonly models: ModelCatalogue;
  readonly config: Config;
  readonly provider: ModelProvider;
  readonly session: ResponsesSession;
  readonly memory: AgentMemory;
  readonly recorder: Recorder;
  /** What the agent is told to be. */
  readonly baseInstructions: string;
  /** What users have written down for agents that work in a folder. */
  readonly instructions: ProjectInstructions;
  readonly skills: ThreadSkills;
  readonly voice: () => VoiceState;
  /** Servers whose tools the agent has besides its own. */
  readonly mcp: McpServers;
  /** The tools that the agent has now besides the built-in ones. */
  readonly moreTools: () => readonly Tool[];
  /** What tools work with. */
  readonly workbench: Workbench;
  /** Shut while a client does not read what it is sent. */
  readonly output: Gate;
  /** Called when a turn starts and, before its end is told, when it has ended. */
  readonly onRunning: (isRunning: boolean, hasFailed: boolean) => void;
  readonly onUserInput: (input: readonly UserInput[]) => void;
  /** Called when the agent has finished a message in a turn. */
  readonly onMessage: (turnId: string, text: string) => void;
  /** Called when a turn has ended, before its end is told. */
  readonly onTurnEnd: (turn: TurnView, said: SaidInTurn) => void;
}

/** What the requests of a turn say of it; no turn is the preparation of the first one. */
export function requestContext(
  resources: AgentResources,
  settings: TurnSettings,
  turn: Turn | null,
): RequestContext {
  const { memory, threadId, threadSource } = resources;
  return {
    windowGeneration: memory.windowGeneration,
    turnMetadata: turnMetadata({
      base: {
        session_id: threadId,
        thread_id: threadId,
        ...(threadSource === null ? {} : { thread_source: threadSource }),
        turn_id: turn?.id ?? '',
        ...(turn?.workspaces == null ? {} : { workspaces: turn.workspaces }),
        sandbox: sandboxName(settings),
      },
      turnStartedAtMs: turn?.startedAt ?? null,
      clientMetadata: turn?.clientMetadata ?? null,
    }),
  };
}

const PLATFORM_SANDBOXES: Readonly<Record<string, string>> = { darwin: 'seatbelt', win32: 'windows_sandbox' };

function sandboxName({ sandbox }: TurnSettings): string {
  if (sandbox.type === 'dangerFullAccess') return 'none';
  if (sandbox.type === 'externalSandbox') return 'external';
  return PLATFORM_SANDBOXES[process.platform] ?? 'seccomp';
}

/** Where a turn works, as the model is told. */
export function turnContext(
  { config, environment, instructions, models, provider, skills, voice, workbench }: AgentResources,
  settings: TurnSettings,
): TurnContext {
  const window = contextWindow(models.modelInfo(settings.model, provider.id), config);
  return {
    settings,
    surroundings: surroundings(
      settings.cwd,
      new Date(environment.now()),
      userShell(workbench.commandVariables),
    ),
    developerInstructions: config.developerInstructions,
    instructions: instructions.at(settings.cwd).text,
    skills: skills.list(settings.cwd, window),
    voice: voice(),
    allowing: workbench.rules.allowing,
  };
}

/** Keeps what a turn's model has been told of its surroundings. */
export function recordContext(resources: AgentResources, turn: Turn, context: TurnContext): void {
  resources.recorder.record({ type: 'turn_context', payload: storedContext(context, turn.id) });
}
