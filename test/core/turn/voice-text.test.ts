import { describe, expect, it } from 'vitest';
import { contextMessages } from '../../../src/core/turn/context/turn-context.ts';
import type { TurnContext } from '../../../src/core/turn/context/turn-context.ts';
import { voiceText } from '../../../src/core/turn/context/voice-text.ts';
import type { VoiceState } from '../../../src/core/turn/context/voice-text.ts';
import { SETTINGS } from './settings.ts';

function on(call = 1, startInstructions: string | null = null): VoiceState {
  return { isLive: true, call, startInstructions };
}

function off(call = 0): VoiceState {
  return { isLive: false, call, startInstructions: null };
}

const START = expect.stringMatching(
  /^<realtime_conversation>\n.*voice assistant.*\n<\/realtime_conversation>$/s,
);
const END = expect.stringMatching(
  /^<realtime_conversation>\n.*over.*\n\nReason: inactive\n<\/realtime_conversation>$/s,
);

describe('what the model is told of a call', () => {
  it.each<[name: string, now: VoiceState, told: VoiceState | null, wasLive: boolean, texts: unknown[]]>([
    ['the start, where none was on', on(), off(), false, [START]],
    ['the start, even where the turn before knew of one', on(), off(1), true, [START]],
    ['the end, where one was on', off(1), on(), true, [END]],
    ['the end, whatever the turn before had', off(1), on(), false, [END]],
    ['nothing, while it goes on', on(), on(), true, []],
    ['nothing, while there is none', off(), off(), false, []],
    ['nothing, where the end was told', off(2), off(1), true, []],
    ['the start, where another call took its place', on(2), on(1), true, [START]],
    ['the start again, where it is not known any more', on(), null, true, [START]],
    ['the start, where nothing was ever told', on(), null, false, [START]],
    ['the end, where it is not known any more but the turn before had a call', off(), null, true, [END]],
    ['nothing, where nothing was ever told', off(), null, false, []],
  ])('%s', (_name, now, told, wasLive, texts) => {
    expect(voiceText(now, told, wasLive)).toEqual(texts);
  });

  it('is the configured text, where there is one, and the end stays as it is', () => {
    expect(voiceText(on(1, 'Sing & <dance>.'), off(), false)).toEqual([
      '<realtime_conversation>\nSing & <dance>.\n</realtime_conversation>',
    ]);
    expect(voiceText({ ...off(1), startInstructions: 'Sing.' }, on(), true)).toEqual([END]);
  });
});

describe('the place of what the model is told of a call', () => {
  const SURROUNDINGS = { cwd: '/base', shell: 'zsh', currentDate: '2030-01-02', timezone: 'UTC' };
  const context = (voice: VoiceState, settings: Partial<typeof SETTINGS> = {}): TurnContext => ({
    settings: { ...SETTINGS, ...settings },
    surroundings: SURROUNDINGS,
    developerInstructions: 'Mind the roses.',
    allowing: [],
    skills: '',
    instructions: null,
    voice,
  });
  const textsOf = (now: TurnContext, told: TurnContext | null, wasVoiceLive = false): string[] =>
    contextMessages(now, { told, model: null, instructions: null, skills: '', wasVoiceLive })
      .filter(({ role }) => role === 'developer')
      .flatMap(({ content }) => content.map((part) => (part.type === 'input_text' ? part.text : '')))
      .map((text) => /^<(\w+)>/.exec(text)?.[1] ?? 'words');

  const spoken = {
    personality: 'friendly',
    collaborationMode: {
      mode: 'default',
      settings: { model: 'm', reasoning_effort: null, developer_instructions: 'Pair.' },
    },
  } as const;

  it('in a first context is behind the way of working together, and before the tone', () => {
    expect(textsOf(context(on(), spoken), null).slice(-3)).toEqual([
      'collaboration_mode',
      'realtime_conversation',
      'personality_spec',
    ]);
    expect(textsOf(context(on()), context(on()))).toEqual([]);
  });

  it('in a first context is the end where the turn before had a call, and the start again while it is on', () => {
    expect(textsOf(context(off()), null, true)).toContain('realtime_conversation');
    expect(textsOf(context(on()), null, true)).toContain('realtime_conversation');
    expect(textsOf(context(off()), null, false)).not.toContain('realtime_conversation');
  });

  it('is in the one message that tells what has changed', () => {
    const now = context(on(), { ...spoken, model: 'other' });
    expect(
      contextMessages(now, {
        told: context(off()),
        model: null,
        instructions: null,
        skills: '',
        wasVoiceLive: false,
      }),
    ).toHaveLength(1);
    expect(textsOf(now, context(off()))).toEqual([
      'model_switch',
      'collaboration_mode',
      'realtime_conversation',
    ]);
    expect(textsOf(context(off(1)), context(on()))).toEqual(['realtime_conversation']);
  });
});
