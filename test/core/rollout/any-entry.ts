import fc from 'fast-check';
import type { RolloutEntry } from '../../../src/core/rollout/line.ts';
import {
  aborted,
  announced,
  answered,
  asked,
  compacted,
  completed,
  context,
  event,
  failed,
  metaEntry,
  reasoned,
  responseItem,
  rolledBack,
  started,
  tokens,
  utterance,
} from './entries.ts';

const turnId = fc.constantFrom('a', 'b', 'c', 'rollout-3');
const itemId = fc.constantFrom('x', 'y', 'z');
const text = fc.oneof(
  fc.constantFrom('', ' ', 'hello', 'two\nlines', '\u2028é😀'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const role = fc.constantFrom('user' as const, 'assistant' as const);

/** Any entry that could stand in a file, in an order that need not make sense. */
export const anyEntry: fc.Arbitrary<RolloutEntry> = fc.oneof(
  turnId.map((id) => started(id, 1)),
  fc.option(turnId).map((id) => completed(id, 2)),
  fc.option(turnId).map((id) => aborted(id, 3)),
  text.map(asked),
  text.map(answered),
  text.map(reasoned),
  text.map((words) => event({ type: 'agent_reasoning_raw_content', text: words })),
  fc.constant(event({ type: 'context_compacted' })),
  fc.nat({ max: 4 }).map(rolledBack),
  text.map((name) => event({ type: 'thread_name_updated', thread_name: name })),
  fc.nat().map(tokens),
  fc.tuple(fc.constantFrom('user', 'assistant'), text).map(([by, words]) => responseItem(by, words)),
  fc.option(turnId).map((id) => context(id)),
  fc
    .option(fc.array(text))
    .map((texts) => compacted(texts === null ? null : texts.map(messageOf), 'summary')),
  fc.tuple(turnId, itemId).map(([turn, id]) => announced(turn, id)),
  fc.tuple(turnId, itemId).map(([turn, id]) => announced(turn, id, { type: 'plan', id, text: 'plan' })),
  fc.tuple(turnId, text).map(([turn, words]) => failed(turn, words)),
  fc.tuple(role, itemId).map(([by, id]) => utterance(by, id)),
  itemId.map((call_id) => ({ type: 'refused_images' as const, payload: { call_id } })),
  fc.constantFrom('thread', 'other').map((id) => metaEntry({ id, git: { branch: id } })),
);

function messageOf(words: string): unknown {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text: words }] };
}
