import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skillsIn, skillsText } from '../../../src/core/turn/context/skills-text.ts';
import { contextMessages } from '../../../src/core/turn/context/turn-context.ts';
import type { TurnContext } from '../../../src/core/turn/context/turn-context.ts';
import type { MessageItem } from '../../../src/responses/index.ts';
import { SETTINGS } from './settings.ts';

const CONTEXT: TurnContext = {
  settings: { ...SETTINGS, personality: 'friendly' },
  surroundings: { cwd: '/base', shell: 'zsh', currentDate: '2030-01-02', timezone: 'Europe/Berlin' },
  developerInstructions: null,
  allowing: [],
  skills: '## Skills\n- a',
  instructions: null,
  voice: { isLive: false, call: 0, startInstructions: null },
};

const TOLD = '<skills_instructions>\n## Skills\n- a\n</skills_instructions>';

function developer(...texts: string[]): MessageItem {
  return {
    type: 'message',
    role: 'developer',
    content: texts.map((text) => ({ type: 'input_text' as const, text })),
  };
}

function told(context: TurnContext, before: TurnContext | null, skills: string): MessageItem[] {
  return contextMessages(context, {
    told: before,
    model: null,
    instructions: null,
    skills,
    wasVoiceLive: false,
  }).filter(({ role }) => role === 'developer');
}

describe('what the model is told of skills', () => {
  it('stands last in the first developer message', () => {
    const [first, ...more] = told(CONTEXT, null, '');
    expect(more).toEqual([]);
    expect(
      first?.content.map((part) => (part.type === 'input_text' ? part.text.split('\n')[0] : '')),
    ).toEqual(['<permissions instructions>', '<personality_spec>', '<skills_instructions>']);
    expect(first?.content.at(-1)).toEqual({ type: 'input_text', text: TOLD });
    expect(skillsIn(first === undefined ? [] : [first])).toBe(CONTEXT.skills);
  });

  it('is nothing where there are none, or they have not been looked for', () => {
    expect(told({ ...CONTEXT, skills: '' }, CONTEXT, '')).toEqual([]);
    expect(told({ ...CONTEXT, skills: null }, CONTEXT, '## Skills\n- a')).toEqual([]);
  });

  it('is told once, and again where it has changed or is not in the history any more', () => {
    expect(told(CONTEXT, CONTEXT, '## Skills\n- a')).toEqual([]);
    expect(told(CONTEXT, CONTEXT, '')).toEqual([developer(TOLD)]);
    expect(told(CONTEXT, CONTEXT, '## Skills\n- b')).toEqual([developer(TOLD)]);
  });

  it('is that there are none, where there were some', () => {
    const [none, ...others] = told({ ...CONTEXT, skills: '' }, CONTEXT, '## Skills\n- a');
    expect(others).toEqual([]);
    expect(none?.content).toEqual([
      { type: 'input_text', text: expect.stringContaining('cannot be used any more') },
    ]);
    expect(skillsIn([developer(TOLD), none as MessageItem])).toBe('');
  });

  it('is found in a history, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (list) => {
        expect(skillsIn([developer('words', skillsText(list)), developer('more')])).toBe(list);
      }),
    );
    expect(skillsIn([{ ...developer(TOLD), role: 'user' }])).toBe('');
  });
});
