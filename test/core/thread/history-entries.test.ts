import { describe, expect, it } from 'vitest';
import { historyEntries, previewOfHistory } from '../../../src/core/thread/record/history-entries.ts';
import type { MessageItem, ResponseItem } from '../../../src/responses/index.ts';

function message(role: 'assistant' | 'developer' | 'user', ...texts: string[]): MessageItem {
  const type = role === 'assistant' ? ('output_text' as const) : ('input_text' as const);
  return { type: 'message', role, content: texts.map((text) => ({ type, text })) };
}

const CONTEXT = message('user', '<environment_context>\n  <cwd>/</cwd>\n</environment_context>');
const CALL: ResponseItem = { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' };

function event(type: 'agent_message' | 'user_message', text: string): object {
  const parts =
    type === 'user_message'
      ? { images: [], local_images: [], text_elements: [] }
      : { phase: null, memory_citation: null };
  return { type: 'event_msg', payload: { type, message: text, ...parts } };
}

function item(role: string, ...texts: string[]): object {
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  return {
    type: 'response_item',
    payload: { type: 'message', role, content: texts.map((text) => ({ type, text })) },
  };
}

describe('a history that a client gives', () => {
  it('is kept item by item, with an event for what was said', () => {
    const items = [
      message('developer', 'Pair.'),
      CONTEXT,
      message('user', 'Plant', 'roses.'),
      message('assistant', 'Roses it is.'),
    ];
    expect(historyEntries(items)).toEqual([
      item('developer', 'Pair.'),
      item('user', '<environment_context>\n  <cwd>/</cwd>\n</environment_context>'),
      item('user', 'Plant', 'roses.'),
      event('user_message', 'Plant\nroses.'),
      item('assistant', 'Roses it is.'),
      event('agent_message', 'Roses it is.'),
    ]);
  });

  it('shows nothing of what was not said', () => {
    expect(historyEntries([])).toEqual([]);
    const entries = historyEntries([CALL, message('assistant', ''), message('developer', 'Pair.')]);
    expect(entries.filter(({ type }) => type === 'event_msg')).toEqual([]);
  });

  it('is shown by the first thing that the user said', () => {
    expect(
      previewOfHistory([message('developer', 'Pair.'), CONTEXT, message('user', ' Plant roses. ')]),
    ).toBe('Plant roses.');
    expect(previewOfHistory([message('user', '## My request for Codex:\nroses'), message('user', 'x')])).toBe(
      'roses',
    );
    expect(previewOfHistory([CONTEXT, message('assistant', 'Hello?')])).toBe('');
  });
});
