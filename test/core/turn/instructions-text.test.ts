import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUserMessage, userText } from '../../../src/core/turn/compaction.ts';
import { environmentText } from '../../../src/core/turn/context/environment-text.ts';
import { instructionsIn, instructionsText } from '../../../src/core/turn/context/instructions-text.ts';
import { contextMessages } from '../../../src/core/turn/context/turn-context.ts';
import type { TurnContext } from '../../../src/core/turn/context/turn-context.ts';
import type { MessageItem } from '../../../src/responses/index.ts';
import { SETTINGS } from './settings.ts';

const SURROUNDINGS = { cwd: '/base', shell: 'zsh', currentDate: '2030-01-02', timezone: 'Europe/Berlin' };
const ENVIRONMENT = environmentText(SURROUNDINGS);
const CONTEXT: TurnContext = {
  settings: SETTINGS,
  surroundings: SURROUNDINGS,
  developerInstructions: null,
  allowing: [],
  skills: '',
  instructions: 'be nice',
  voice: { isLive: false, call: 0, startInstructions: null },
};
const TOLD = '# AGENTS.md instructions for /base\n\n<INSTRUCTIONS>\nbe nice\n</INSTRUCTIONS>';

function told(context: TurnContext, before: TurnContext | null, instructions: string | null): MessageItem[] {
  return contextMessages(context, {
    told: before,
    model: null,
    instructions,
    skills: '',
    wasVoiceLive: false,
  }).filter(({ role }) => role === 'user');
}

function message(...texts: string[]): MessageItem {
  return {
    type: 'message',
    role: 'user',
    content: texts.map((text) => ({ type: 'input_text' as const, text })),
  };
}

describe('what the model is told of instructions', () => {
  it('stands before the surroundings, in the same message, and is no word of the user’s', () => {
    const messages = told(CONTEXT, null, null);
    expect(messages).toEqual([message(TOLD, ENVIRONMENT)]);
    expect(messages.some(isUserMessage)).toBe(false);
    expect(told({ ...CONTEXT, instructions: null }, null, null)).toEqual([message(ENVIRONMENT)]);
  });

  it('is told once, and again where it has changed or is not in the history any more', () => {
    expect(told(CONTEXT, CONTEXT, 'be nice')).toEqual([]);
    expect(told(CONTEXT, CONTEXT, null)).toEqual([message(TOLD)]);
    expect(told(CONTEXT, CONTEXT, 'be rude')).toEqual([message(TOLD)]);
    const moved = { ...CONTEXT, surroundings: { ...SURROUNDINGS, cwd: '/b' } };
    expect(told(moved, CONTEXT, 'be nice')).toEqual([message(environmentText(moved.surroundings))]);
  });

  it('is that there are none, where there were some', () => {
    const [none, ...others] = told({ ...CONTEXT, instructions: null }, CONTEXT, 'be nice');
    expect(others).toEqual([]);
    expect(none?.content).toEqual([{ type: 'input_text', text: expect.stringContaining('do not hold') }]);
    expect(none === undefined ? null : isUserMessage(none)).toBe(false);
    expect(instructionsIn([message(TOLD), none as MessageItem])).toBeNull();
  });

  it('is read back from the history, the latest first', () => {
    expect(instructionsIn([])).toBeNull();
    expect(instructionsIn([userText('be nice'), userText(ENVIRONMENT)])).toBeNull();
    const later = instructionsText('/b', 'be quick');
    expect(instructionsIn([message(TOLD, ENVIRONMENT), message(later), userText('hi')])).toBe('be quick');
    fc.assert(
      fc.property(fc.string(), (words) => {
        expect(instructionsIn([message(instructionsText('/any where', words))])).toBe(words);
      }),
    );
  });
});
