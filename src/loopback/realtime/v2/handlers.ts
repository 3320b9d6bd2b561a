import { invalidRequest } from '../../api-error.ts';
import type { ApiProblem } from '../../api-error.ts';
import type { NewId } from '../../ids.ts';
import { readAppendedAudio } from '../appended-audio.ts';
import type { ClientEvent, ClientEventOf, ClientEventType } from './client-events.ts';
import type { Conversation } from './conversation.ts';
import { createdEntry, retrievedItem, withoutOutputTranscript } from './items.ts';
import type { Listening } from './listening.ts';
import type { OutputBuffer } from './output-buffer.ts';
import type { Emit } from './server-events.ts';
import type { SessionUpdate } from './session-schema.ts';
import type { Turns } from './turns.ts';

/** The parts of a session that client events act on. */
export interface SessionParts {
  readonly conversation: Conversation;
  readonly listening: Listening;
  readonly turns: Turns;
  /** Null on a WebSocket, where the client itself plays what it is sent. */
  readonly outputBuffer: OutputBuffer | null;
  readonly newId: NewId;
  readonly emit: Emit;
  /** Changes the settings, and tells the client of it. */
  readonly update: (update: SessionUpdate) => ApiProblem | null;
}

/** Does what an event asks for. Gives the reason when it cannot be done, and then nothing has changed. */
type Handler<Type extends ClientEventType> = (
  event: ClientEventOf<Type>,
  session: SessionParts,
) => ApiProblem | null;

const HANDLERS: { readonly [Type in ClientEventType]: Handler<Type> } = {
  'session.update': ({ session: update }, session) => session.update(update),
  'input_audio_buffer.append': append,
  'input_audio_buffer.commit': (_event, { listening }) =>
    listening.commit()
      ? null
      : invalidRequest(
          'input_audio_buffer_commit_empty',
          'At least 100 ms of audio are needed for a commit.',
        ),
  'input_audio_buffer.clear': (_event, { listening, emit }) => {
    listening.clear();
    emit({ type: 'input_audio_buffer.cleared' });
    return null;
  },
  'output_audio_buffer.clear': (_event, { outputBuffer }) => {
    if (outputBuffer === null) {
      const message = 'There is no output audio buffer on a WebSocket; cancel the response.';
      return invalidRequest('invalid_value', message, 'type');
    }
    outputBuffer.clear();
    return null;
  },
  'conversation.item.create': createItem,
  'conversation.item.retrieve': ({ item_id: itemId }, { conversation, emit }) => {
    const entry = conversation.find(itemId);
    if (entry === null) return itemNotFound('item_id');
    emit({ type: 'conversation.item.retrieved', item: retrievedItem(entry) });
    return null;
  },
  'conversation.item.delete': ({ item_id: itemId }, { conversation, emit }) => {
    if (!conversation.remove(itemId)) return itemNotFound('item_id');
    emit({ type: 'conversation.item.deleted', item_id: itemId });
    return null;
  },
  'conversation.item.truncate': truncate,
  'response.create': ({ response }, { turns }) => turns.create(response ?? {}),
  'response.cancel': ({ response_id: responseId }, { turns }) => turns.cancel(responseId ?? null),
};

/** Handles one client event. */
export function handle(event: ClientEvent, session: SessionParts): ApiProblem | null {
  const handler = HANDLERS[event.type] as Handler<ClientEventType>;
  return handler(event, session);
}

function append(
  { audio }: ClientEventOf<'input_audio_buffer.append'>,
  { listening }: SessionParts,
): ApiProblem | null {
  const outcome = readAppendedAudio(audio);
  if (!outcome.ok) return outcome.problem;
  if (listening.append(outcome.samples)) return null;
  return invalidRequest(
    'input_audio_buffer_full',
    'The input audio buffer is full; commit or clear it.',
    'audio',
  );
}

function createItem(
  { item, previous_item_id: previousItemId }: ClientEventOf<'conversation.item.create'>,
  { conversation, turns, newId, emit }: SessionParts,
): ApiProblem | null {
  if (item.id !== undefined && conversation.find(item.id) !== null) {
    return invalidRequest('invalid_value', 'There is an item with this id already.', 'item.id');
  }
  const isFirst = previousItemId === 'root';
  if (typeof previousItemId === 'string' && !isFirst && conversation.find(previousItemId) === null) {
    return itemNotFound('previous_item_id');
  }
  if (item.type === 'function_call_output' && conversation.itemsAfterCall(item.call_id) === null) {
    return invalidRequest('invalid_tool_call_id', 'There is no function call with this id.', 'item.call_id');
  }
  const outcome = createdEntry(item, newId);
  if (!outcome.ok) return outcome.problem;
  const { entry } = outcome;
  const overload = turns.overloadFor(entry);
  if (overload !== null) return overload;
  const previousId = conversation.insert(entry, isFirst ? null : (previousItemId ?? conversation.lastId));
  emit({ type: 'conversation.item.added', previous_item_id: previousId, item: entry.item });
  emit({ type: 'conversation.item.done', previous_item_id: previousId, item: entry.item });
  turns.itemAdded(entry);
  return null;
}

function truncate(
  {
    item_id: itemId,
    content_index: contentIndex,
    audio_end_ms: endMs,
  }: ClientEventOf<'conversation.item.truncate'>,
  { conversation, emit }: SessionParts,
): ApiProblem | null {
  const entry = conversation.find(itemId);
  if (entry === null) return itemNotFound('item_id');
  if (entry.audioMs === null) {
    return invalidRequest('invalid_value', 'Only audio of the assistant can be truncated.', 'item_id');
  }
  if (endMs > entry.audioMs) {
    const message = `The audio of this item is ${entry.audioMs} ms long, shorter than ${endMs} ms.`;
    return invalidRequest('invalid_value', message, 'audio_end_ms');
  }
  entry.audioMs = endMs;
  entry.item = withoutOutputTranscript(entry.item);
  emit({
    type: 'conversation.item.truncated',
    item_id: itemId,
    content_index: contentIndex,
    audio_end_ms: endMs,
  });
  return null;
}

function itemNotFound(param: string): ApiProblem {
  return invalidRequest('item_not_found', 'There is no item with this id.', param);
}
