import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AgentMemory } from '../../../src/core/turn/agent-memory.ts';
import {
  compactedHistory,
  earlierReasoningTokens,
  isUserMessage,
  summarizedHistory,
  summaryOf,
  tokensSinceResponse,
  trimmedToFit,
  userText,
  withContext,
} from '../../../src/core/turn/compaction.ts';
import { truncated } from '../../../src/util/text-budget.ts';
import { NO_RECORDER } from '../../../src/core/rollout/index.ts';
import { estimatedTokens } from '../../../src/core/turn/history.ts';
import { PATCH_IN_COMMAND } from '../../../src/core/tools/index.ts';
import { reroutedWarning } from '../../../src/core/turn/model-warnings.ts';
import type { MessageItem, ResponseItem } from '../../../src/responses/index.ts';

const CONTEXT = userText('<environment_context>\nx\n</environment_context>');
const DEVELOPER: MessageItem = {
  type: 'message',
  role: 'developer',
  content: [{ type: 'input_text', text: 'd' }],
};
const COMPACTION: ResponseItem = { type: 'compaction', encrypted_content: 'x' };
const CALL: ResponseItem = { type: 'function_call', name: 'f', arguments: '{}', call_id: 'a' };
const OUTPUT: ResponseItem = { type: 'function_call_output', call_id: 'a', output: 'ok' };

function assistant(words: string): MessageItem {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: words }] };
}

function wordsOf(items: readonly ResponseItem[]): string[] {
  return items.map((item) =>
    item.type === 'message'
      ? item.content.map((part) => (part.type === 'input_image' ? '' : part.text)).join('')
      : item.type,
  );
}

/** A summary as it stands in a history. */
function summaryItem(words: string): ResponseItem {
  const [summary] = summarizedHistory([], summaryOf([assistant(words)]));
  return summary as ResponseItem;
}

describe('a text that is cut', () => {
  it('is left alone where it fits', () => {
    for (const [words, tokens] of [
      ['', 0],
      ['abcd', 1],
      ['😀😀', 2],
    ] as const) {
      expect(truncated(words, tokens)).toBe(words);
    }
  });

  it('keeps its beginning and its end, and says how much is gone', () => {
    expect(truncated('abcdefghijklmnop', 2)).toBe('abcd…2 tokens truncated…mnop');
    expect(truncated('abcdefghi', 2)).toBe('abcd…1 tokens truncated…fghi');
  });

  it('keeps whole characters, and never more than there is room for', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0, max: 20 }), (words, tokens) => {
        const cut = truncated(words, tokens);
        if (Buffer.byteLength(words) <= tokens * 4) {
          expect(cut).toBe(words);
          return;
        }
        const at = cut.search(/…\d+ tokens truncated…/);
        const [mark] = /…\d+ tokens truncated…/.exec(cut) ?? [''];
        const kept = cut.slice(0, at) + cut.slice(at + mark.length);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(tokens * 4);
        expect(words.startsWith(cut.slice(0, at))).toBe(true);
        expect(words.endsWith(cut.slice(at + mark.length))).toBe(true);
      }),
    );
  });
});

describe('a message of the user', () => {
  it('is told apart from context, whatever its case and the space around it', () => {
    const contexts = [
      '# AGENTS.md instructions for /work\n\n<INSTRUCTIONS>\nx\n</INSTRUCTIONS>',
      '<environment_context>\nx\n</environment_context>',
      ' \n<ENVIRONMENT_CONTEXT>x</Environment_Context>\n',
      '<turn_aborted>\nx\n</turn_aborted>',
      '<skill>x</skill>',
      '<user_shell_command>x</user_shell_command>',
      '<subagent_notification>{}</subagent_notification>',
      PATCH_IN_COMMAND,
      reroutedWarning('gpt-5.5', 'gpt-5.2'),
    ];
    for (const words of contexts) {
      expect(isUserMessage(userText(words)), words).toBe(false);
      const content = [words, 'beside it'].map((text) => ({ type: 'input_text' as const, text }));
      expect(isUserMessage({ type: 'message', role: 'user', content }), words).toBe(false);
    }
    for (const words of [
      'hi',
      '',
      '<environment_context> is a tag',
      'no <skill>x</skill>',
      'Warning: no patch.',
    ]) {
      expect(isUserMessage(userText(words)), words).toBe(true);
    }
    for (const item of [assistant('hi'), DEVELOPER, COMPACTION, CALL, summaryItem('x')]) {
      expect(isUserMessage(item)).toBe(false);
    }
  });
});

describe('a history after a summary', () => {
  it('holds what the user said, in order, and the last summary', () => {
    const image: MessageItem = {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'see' },
        { type: 'input_image', image_url: 'data:image/png;base64,AA' },
        { type: 'input_text', text: 'this' },
      ],
    };
    const before = [
      DEVELOPER,
      CONTEXT,
      userText('one'),
      summaryItem('old'),
      assistant('ok'),
      image,
      CALL,
      OUTPUT,
    ];
    const after = summarizedHistory(before, summaryOf([assistant('draft'), assistant(' final \n')]));
    expect(wordsOf(after)).toEqual([
      'one',
      'see\nthis',
      expect.stringMatching(/^The conversation[^]*\nfinal$/),
    ]);
    expect(after.every((item) => item.type === 'message' && item.role === 'user')).toBe(true);
    expect(summarizedHistory(after, summaryOf([assistant('newer')]))).toHaveLength(3);
  });

  it('holds the latest of what the user said, as far as there is room', () => {
    const long = (letter: string, tokens: number): MessageItem => userText(letter.repeat(tokens * 4));
    const before = [long('a', 10), long('b', 8_000), long('c', 15_000), long('d', 1_000)];
    const [first, ...rest] = wordsOf(summarizedHistory(before, summaryOf([assistant('s')])));
    expect(first).toMatch(/^b+…4000 tokens truncated…b+$/);
    expect(rest.map((words) => words.slice(0, 1))).toEqual(['c', 'd', 'T']);
  });
});

describe('a history that the provider compacted', () => {
  it('holds what both sides said and what stands for the rest', () => {
    const reasoning: ResponseItem = { type: 'reasoning', summary: [] };
    const items = [
      DEVELOPER,
      CONTEXT,
      userText('one'),
      assistant('two'),
      reasoning,
      CALL,
      OUTPUT,
      COMPACTION,
    ];
    expect(compactedHistory(items)).toEqual([userText('one'), assistant('two'), COMPACTION]);
  });
});

describe('context in the middle of a turn', () => {
  const context = [DEVELOPER, CONTEXT];

  it('comes before the last thing that the user said', () => {
    const items = [userText('one'), userText('two'), summaryItem('s')];
    expect(withContext(items, context)).toEqual([
      userText('one'),
      ...context,
      userText('two'),
      summaryItem('s'),
    ]);
  });

  it('else before the summary, else before what stands for the history, else at the end', () => {
    expect(withContext([summaryItem('s')], context)).toEqual([...context, summaryItem('s')]);
    expect(withContext([assistant('a'), COMPACTION], context)).toEqual([
      assistant('a'),
      ...context,
      COMPACTION,
    ]);
    expect(withContext([assistant('a')], context)).toEqual([assistant('a'), ...context]);
    expect(withContext([], context)).toEqual(context);
  });
});

describe('the tokens that the usage of the last response does not count', () => {
  it('are those of the items after what the model made', () => {
    const size = (items: readonly ResponseItem[]): number =>
      items.reduce((total, item) => total + estimatedTokens(item), 0);
    expect(tokensSinceResponse([userText('a'), assistant('b')], 0)).toBe(0);
    expect(tokensSinceResponse([userText('a'), CALL, OUTPUT, userText('b')], 0)).toBe(
      size([OUTPUT, userText('b')]),
    );
    expect(tokensSinceResponse([userText('a')], 0)).toBe(size([userText('a')]));
    expect(tokensSinceResponse([userText('a'), userText('b')], 1)).toBe(size([userText('b')]));
    expect(tokensSinceResponse([CALL, OUTPUT], 1)).toBe(size([OUTPUT]));
  });

  it('are none right after a compaction, whose result is estimated as a whole', () => {
    const memory = new AgentMemory(NO_RECORDER);
    memory.history.record(userText('one'), assistant('two'));
    memory.noteUsage({
      inputTokens: 900,
      cachedInputTokens: 0,
      outputTokens: 100,
      reasoningOutputTokens: 0,
      totalTokens: 1000,
    });
    expect(memory.activeTokens()).toBe(1000);
    memory.compact([userText('one'), summaryItem('in short')], { told: null, summary: '' });
    expect(memory.activeTokens()).toBe(memory.history.estimatedTokens());
    expect(memory.windowGeneration).toBe(1);
    memory.history.record(userText('two'));
    expect(memory.activeTokens()).toBe(memory.history.estimatedTokens());
  });
});

describe('what a provider is given to compact', () => {
  const size = (...items: readonly ResponseItem[]): number =>
    items.reduce((total, item) => total + estimatedTokens(item), 0);

  it('is all of it where that fits', () => {
    const items = [DEVELOPER, userText('one'), CALL, OUTPUT];
    expect(trimmedToFit(items, size(...items))).toEqual(items);
  });

  it('loses outputs and developer messages from its end, as many as it takes, outputs with their calls', () => {
    const said = assistant('later');
    const items = [DEVELOPER, userText('one'), CALL, said, DEVELOPER, OUTPUT];
    expect(trimmedToFit(items, size(...items) - 1)).toEqual([DEVELOPER, userText('one'), said, DEVELOPER]);
    expect(trimmedToFit(items, size(DEVELOPER, userText('one'), said))).toEqual([
      DEVELOPER,
      userText('one'),
      said,
    ]);
    expect(trimmedToFit(items, 0)).toEqual([DEVELOPER, userText('one'), said]);
    expect(trimmedToFit([OUTPUT, DEVELOPER], 0)).toEqual([]);
  });
});

describe('the tokens of earlier reasoning', () => {
  const reasoning: ResponseItem = {
    type: 'reasoning',
    summary: [],
    encrypted_content: Buffer.alloc(6000).toString('base64'),
  };

  it('are those of encrypted reasoning before the last message of the user', () => {
    const each = estimatedTokens(reasoning);
    expect(each).toBeGreaterThan(1000);
    expect(earlierReasoningTokens([userText('a'), reasoning])).toBe(0);
    expect(earlierReasoningTokens([userText('a'), reasoning, userText('b'), reasoning])).toBe(each);
    expect(earlierReasoningTokens([reasoning, CONTEXT])).toBe(0);
    expect(earlierReasoningTokens([userText('a'), { type: 'reasoning', summary: [] }, userText('b')])).toBe(
      0,
    );
  });
});
