import type { Conversation } from '../conversation/index.ts';
import type { Recorder } from '../rollout/index.ts';
import { AgentMemory } from '../turn/agent-memory.ts';
import type { AgentResources } from '../turn/agent-resources.ts';
import { Agent } from '../turn/agent.ts';
import type { Gate } from '../../util/gate.ts';
import type { Equipment } from './equipment.ts';
import { initialSettings } from './initial-settings.ts';
import { responsesSession } from './responses-session.ts';
import type { ThreadOptions } from './thread.ts';

/** The parts of a thread that its agent works with, and what it tells the thread. */
export interface AgentParts extends Pick<AgentResources, 'onRunning' | 'onTurnEnd' | 'onUserInput'> {
  readonly equipment: Equipment;
  readonly conversation: Conversation;
  readonly recorder: Recorder;
  readonly output: Gate;
}

/** Makes the agent of a thread, which goes on from what was kept, and lets the provider prepare itself for its first turn. */
export function createAgent(options: ThreadOptions, parts: AgentParts): Agent {
  const { account, baseInstructions, config, cwd, environment, facts, hasEnvironment, kept } = options;
  const { models, provider } = options;
  const { conversation, equipment, output, recorder } = parts;
  const { instructions, servers, skills, workbench } = equipment;
  const threadId = facts.meta.id;
  const agent = new Agent(
    {
      threadId,
      threadSource: facts.meta.thread_source ?? null,
      environment,
      account,
      models,
      config,
      provider,
      baseInstructions,
      instructions,
      skills,
      mcp: servers,
      moreTools: () => equipment.moreTools(),
      session: responsesSession(threadId, options),
      memory: new AgentMemory(recorder),
      recorder,
      output,
      workbench,
      voice: () => ({
        isLive: conversation.isLive,
        call: conversation.call,
        startInstructions: config.realtime.startInstructions,
      }),
      onMessage: (turnId, text) => conversation.agentMessage(turnId, text),
      onTurnEnd: parts.onTurnEnd,
      onRunning: parts.onRunning,
      onUserInput: parts.onUserInput,
    },
    initialSettings(config, { cwd, hasEnvironment, codexHome: environment.codexHome }),
  );
  if (kept !== null) agent.restore(kept);
  agent.prewarm();
  return agent;
}
