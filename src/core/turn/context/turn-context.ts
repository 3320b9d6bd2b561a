import type { MessageItem } from '../../../responses/index.ts';
import type { PrefixRule } from '../../rules/index.ts';
import type { TurnSettings } from '../turn-settings.ts';
import { environmentText } from './environment-text.ts';
import type { Surroundings } from './environment-text.ts';
import { instructionsText } from './instructions-text.ts';
import { permissionsText } from './permissions-text.ts';
import { skillsText } from './skills-text.ts';
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
  /** The list of skills; empty where there are none, null where they have not been looked for. */
  readonly skills: string | null;
  readonly voice: VoiceState;
  /** Rules that allow commands. They are told with the permissions, and a change of them alone is not told. */
  readonly allowing: readonly PrefixRule[];
}

/** What the model was told before, as far as that is still known. */
export interface ToldBefore {
  /** Null before the first turn, and after a compaction. */
  readonly told: TurnContext | null;
  /** The model that answered last; null before the first turn. */
  readonly model: string | null;
  /** The instructions that the history tells of. */
  readonly instructions: string | null;
  /** The list of skills that the history tells of; empty where it tells of none. */
  readonly skills: string;
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
  const settings =
    told === null ? developerParts(context, voice, before) : changedDeveloperParts(context, told, voice);
  const developer = [...settings, ...changedSkills(context, before)];
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

/** They are compared with what the history says, as instructions are. */
function changedSkills({ skills }: TurnContext, before: ToldBefore): string[] {
  return skills === null || skills === before.skills ? [] : [skillsText(skills)];
}

function developerParts(
  { allowing, settings, developerInstructions }: TurnContext,
  voice: string[],
  before: ToldBefore,
): string[] {
  return [
    ...(before.model === null || before.model === settings.model ? [] : [modelSwitchText(settings.model)]),
    permissionsText(settings.sandbox, settings.approvalPolicy, allowing),
    ...(developerInstructions === null || developerInstructions === '' ? [] : [developerInstructions]),
    ...collaborationText(settings),
    ...voice,
    ...personalityText(settings),
  ];
}

function changedDeveloperParts(
  { allowing, settings }: TurnContext,
  { settings: before }: TurnContext,
  voice: string[],
): string[] {
  const changed = (pick: (of: TurnSettings) => unknown): boolean =>
    JSON.stringify(pick(settings)) !== JSON.stringify(pick(before));
  return [
    ...(settings.model === before.model ? [] : [modelSwitchText(settings.model)]),
    ...(changed(({ sandbox, approvalPolicy }) => [sandbox, approvalPolicy])
      ? [permissionsText(settings.sandbox, settings.approvalPolicy, allowing)]
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

const MODE_TEXTS = {
  plan: `You are in plan mode: find out and think, and change nothing. Read, search and ask what you need to know; run only what \
leaves everything as it is. When nothing that matters is open any more, write the plan between a line <proposed_plan> and a line \
</proposed_plan>: what will be done in which order, in which files, and how it will be seen to work. Somebody else must be able to \
follow it without asking. Do not begin with the work until the user has left this mode.`,
  default: `You are in the default mode: what was said about another mode no longer holds. Do the work yourself, and ask only \
where you cannot find out.`,
} as const;

function collaborationText({ collaborationMode }: TurnSettings): string[] {
  if (collaborationMode === null) return [];
  const instructions =
    collaborationMode.settings.developer_instructions ?? MODE_TEXTS[collaborationMode.mode];
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
