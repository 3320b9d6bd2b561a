import { invalidRequest } from '../../api-error.ts';
import type { ApiProblem } from '../../api-error.ts';
import type { TurnDetectionSettings } from '../input-audio.ts';
import { SELF_DESCRIPTION } from '../wording.ts';
import { turnDetection } from './session-schema.ts';
import type {
  AudioInputUpdate,
  RealtimeSessionUpdate,
  SessionUpdate,
  TurnDetection,
} from './session-schema.ts';

const PCM = { type: 'audio/pcm', rate: 24_000 } as const;

type Complete<Update> = { readonly [Key in keyof Update]-?: Exclude<Update[Key], undefined> };

type AudioInput = Omit<Complete<AudioInputUpdate>, 'transcription'> & {
  readonly transcription: AudioInputUpdate['transcription'] | null;
};

interface SessionIdentity {
  readonly id: string;
  /** When the session ends, in seconds since the Unix epoch. */
  readonly expires_at: number;
}

type RealtimeSettings = Omit<Complete<RealtimeSessionUpdate>, 'audio' | 'reasoning' | 'parallel_tool_calls'> &
  Pick<RealtimeSessionUpdate, 'reasoning' | 'parallel_tool_calls'>;

type RealtimeVoice = NonNullable<NonNullable<NonNullable<RealtimeSessionUpdate['audio']>['output']>['voice']>;

/** A conversation with every setting in force, in the shape in which the API sends it. */
export interface ConversationSession extends RealtimeSettings, SessionIdentity {
  readonly object: 'realtime.session';
  readonly audio: {
    readonly input: AudioInput;
    readonly output: { readonly format: typeof PCM; readonly voice: RealtimeVoice; readonly speed: 1 };
  };
}

/** A session that only transcribes. */
export interface TranscriptionSession extends SessionIdentity {
  readonly type: 'transcription';
  readonly object: 'realtime.transcription_session';
  readonly include: RealtimeSettings['include'];
  readonly audio: { readonly input: AudioInput };
}

export type EffectiveSession = ConversationSession | TranscriptionSession;

const AUDIO_INPUT: AudioInput = {
  format: PCM,
  noise_reduction: null,
  transcription: null,
  turn_detection: turnDetection.parse({ type: 'server_vad' }),
};

/** The settings of a new session: the defaults, with what it is made with laid over them. */
export function newSession(
  identity: SessionIdentity & { readonly model: string },
  update: SessionUpdate | null = null,
): EffectiveSession {
  const session = defaultSession(identity);
  if (update === null) return session;
  const outcome = updateSession(session, update, { isFirstUpdate: true, hasSpoken: false });
  if (!outcome.ok) throw new Error(`a new session cannot be made: ${outcome.problem.message}`);
  return outcome.session;
}

function defaultSession(identity: SessionIdentity & { readonly model: string }): ConversationSession {
  return {
    type: 'realtime',
    object: 'realtime.session',
    id: identity.id,
    model: identity.model,
    expires_at: identity.expires_at,
    output_modalities: ['audio'],
    instructions: SELF_DESCRIPTION,
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    tracing: null,
    truncation: 'auto',
    prompt: null,
    include: null,
    audio: { input: AUDIO_INPUT, output: { format: PCM, voice: 'marin', speed: 1 } },
  };
}

export interface UpdateContext {
  /** The kind of session can be chosen once, with the first update. */
  readonly isFirstUpdate: boolean;
  /** The voice cannot change any more once the session has spoken. */
  readonly hasSpoken: boolean;
}

export type UpdateOutcome =
  | { readonly ok: true; readonly session: EffectiveSession }
  | { readonly ok: false; readonly problem: ApiProblem };

/** Lays an update over the settings in force. */
export function updateSession(
  current: EffectiveSession,
  update: SessionUpdate,
  context: UpdateContext,
): UpdateOutcome {
  if (update.type !== current.type && !context.isFirstUpdate) {
    return refused('The type of a session cannot change after its first update.', 'session.type');
  }
  const input = { ...current.audio.input, ...defined(update.audio?.input ?? {}) };
  if (update.type === 'transcription') {
    const { id, expires_at, include } = current;
    const session: TranscriptionSession = {
      type: 'transcription',
      object: 'realtime.transcription_session',
      id,
      expires_at,
      include: update.include === undefined ? include : update.include,
      audio: { input },
    };
    return { ok: true, session };
  }
  if (current.type === 'transcription') return refused('This session only transcribes.', 'session.type');
  if (update.model !== undefined && update.model !== current.model) {
    return refused('The model of a session cannot change.', 'session.model');
  }
  const output = { ...current.audio.output, ...defined(update.audio?.output ?? {}) };
  if (context.hasSpoken && output.voice !== current.audio.output.voice) {
    const message = 'The voice cannot change once the session has spoken.';
    return {
      ok: false,
      problem: invalidRequest('cannot_update_voice', message, 'session.audio.output.voice'),
    };
  }
  return { ok: true, session: { ...current, ...defined(update), audio: { input, output } } };
}

function refused(message: string, param: string): UpdateOutcome {
  return { ok: false, problem: invalidRequest('invalid_value', message, param) };
}

/** The keys that have a value, so that spreading them hides nothing. */
function defined<Value extends object>(
  value: Value,
): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Value]: Exclude<Value[Key], undefined> };
}

/** How long it has to be quiet under semantic detection. Nobody here knows whether a sentence is complete. */
const SEMANTIC_SILENCE_MS = { low: 2_000, medium: 1_000, auto: 1_000, high: 500 } as const;

/** What the detector needs to know of a session's turn detection; null when the client ends utterances itself. */
export function detectionSettings(detection: TurnDetection | null): TurnDetectionSettings | null {
  if (detection === null) return null;
  if (detection.type === 'semantic_vad') {
    return { threshold: 0.5, prefixMs: 300, silenceMs: SEMANTIC_SILENCE_MS[detection.eagerness] };
  }
  const { threshold, prefix_padding_ms, silence_duration_ms } = detection;
  return { threshold, prefixMs: prefix_padding_ms, silenceMs: silence_duration_ms };
}
