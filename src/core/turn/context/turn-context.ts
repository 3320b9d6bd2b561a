import type { MessageItem } from '../../../responses/index.ts';
import type { TurnSettings } from '../turn-settings.ts';
import { environmentText } from './environment-text.ts';
import type { Surroundings } from './environment-text.ts';
import { instructionsText } from './instructions-text.ts';
import { permissionsText } from './permissions-text.ts';
import { voiceText } from './voice-text.ts';
import type { VoiceState } from './voice-text.ts';

/** What the model has been told of the turn's settings and surroundings. */
export interface TurnContext {
  readonly settings: TurnSettings;
  readonly surroundings: Surroundings;
  /** The configured developer message; empty and null add none. */
  readonly developerInstructions: string | null;
  /** What users have written down for agents in the working directory; null where there is nothing. */
  readonly instructions: string | null;
  readonly voice: VoiceState;
}

/** What the model was told before, as far as that is still known. */
export interface ToldBefore {
  /** Null before the first turn, and after a compaction. */
  readonly told: TurnContext | null;
  /** The model that answered last; null before the first turn. */
  readonly model: string | null;
  /** The instructions that the history tells of. */
  readonly instructions: string | null;
  /** Whether a call was on in the last turn with input. */
  readonly wasVoiceLive: boolean;
}

/**
 * The messages that tell the model where it works: all of it when nothing was told before, else only what has changed
 * since, so that the history stays the same from its beginning.
 */
export function contextMessages(context: TurnContext, before: ToldBefore): MessageItem[] {
  const { told } = before;
  const voice = voiceText(context.voice, told?.voice ?? null, before.wasVoiceLive);
  const developer =
    told === null ? developerParts(context, voice, before) : changedDeveloperParts(context, told, voice);
  const environment =
    told === null ? environmentText(context.surroundings) : changedEnvironment(context, told);
  const user = [...changedInstructions(context, before), ...(environment === null ? [] : [environment])];
  return [
    ...(developer.length === 0 ? [] : [message('developer', developer)]),
    ...(user.length === 0 ? [] : [message('user', user)]),
  ];
}

/** They are compared with what the history says, so that they are told again where they were dropped from it. */
function changedInstructions({ instructions, settings }: TurnContext, before: ToldBefore): string[] {
  return instructions === before.instructions ? [] : [instructionsText(settings.cwd, instructions)];
}

function developerParts(
  { settings, developerInstructions }: TurnContext,
  voice: string[],
  before: ToldBefore,
): string[] {
  return [
    ...(before.model === null || before.model === settings.model ? [] : [modelSwitchText(settings.model)]),
    permissionsText(settings.sandbox, settings.approvalPolicy),
    ...(developerInstructions === null || developerInstructions === '' ? [] : [developerInstructions]),
    ...collaborationText(settings),
    ...voice,
    ...personalityText(settings),
  ];
}

function changedDeveloperParts(
  { settings }: TurnContext,
  { settings: before }: TurnContext,
  voice: string[],
): string[] {
  const changed = (pick: (of: TurnSettings) => unknown): boolean =>
    JSON.stringify(pick(settings)) !== JSON.stringify(pick(before));
  return [
    ...(settings.model === before.model ? [] : [modelSwitchText(settings.model)]),
    ...(changed(({ sandbox, approvalPolicy }) => [sandbox, approvalPolicy])
      ? [permissionsText(settings.sandbox, settings.approvalPolicy)]
      : []),
    ...(changed(({ collaborationMode }) => collaborationMode) ? collaborationText(settings) : []),
    ...voice,
    ...(settings.model === before.model && settings.personality !== before.personality
      ? personalityText(settings)
      : []),
  ];
}

function changedEnvironment(
  { surroundings }: TurnContext,
  { surroundings: before }: TurnContext,
): string | null {
  const hasMoved = surroundings.cwd !== before.cwd;
  const isLater =
    surroundings.currentDate !== before.currentDate || surroundings.timezone !== before.timezone;
  if (!hasMoved && !isLater) return null;
  return environmentText({ ...surroundings, cwd: hasMoved ? surroundings.cwd : null });
}

function modelSwitchText(model: string): string {
  return `<model_switch>\nThis conversation was led by another model so far. From here on you are ${model}.\n</model_switch>`;
}

function collaborationText({ collaborationMode }: TurnSettings): string[] {
  const instructions = collaborationMode?.settings.developer_instructions ?? '';
  return instructions === '' ? [] : [`<collaboration_mode>${instructions}</collaboration_mode>`];
}

const PERSONALITY_TEXTS = {
  friendly: 'Be warm and encouraging, and say why as well as what.',
  pragmatic: 'Be direct and economical: results first, no ceremony.',
} as const;

function personalityText({ personality }: TurnSettings): string[] {
  if (personality === null || personality === 'none') return [];
  return [`<personality_spec>\n${PERSONALITY_TEXTS[personality]}\n</personality_spec>`];
}

function message(role: 'developer' | 'user', texts: readonly string[]): MessageItem {
  return { type: 'message', role, content: texts.map((text) => ({ type: 'input_text', text })) };
}
