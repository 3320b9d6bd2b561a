import type { ConversationItem } from 'openai/resources/realtime/realtime';
import { decodeBase64, encodeBase64 } from '../../../util/base64.ts';
import { invalidRequest } from '../../api-error.ts';
import type { ApiProblem } from '../../api-error.ts';
import type { ConversationEntry } from './conversation.ts';
import type { ItemParam } from './item-schema.ts';
import { committedUtterance } from '../utterance.ts';
import type { Utterance } from '../utterance.ts';

export type EntryOutcome =
  | { readonly ok: true; readonly entry: ConversationEntry }
  | { readonly ok: false; readonly problem: ApiProblem };

const ENTRY_OVERHEAD_BYTES = 500;

const NO_AUDIO = { audio: null, facts: null, audioMs: null } as const;

/** The item that becomes of audio in the input buffer. */
export function userAudioEntry(id: string, { audio, ...facts }: Utterance): ConversationEntry {
  const item: ConversationItem = {
    id,
    object: 'realtime.item',
    type: 'message',
    status: 'completed',
    role: 'user',
    content: [{ type: 'input_audio' }],
  };
  return { id, item, audio, facts, audioMs: null, bytes: audio.length + ENTRY_OVERHEAD_BYTES };
}

/** An item that the loopback itself produces. */
export function producedEntry(item: ConversationItem & { readonly id: string }): ConversationEntry {
  return { id: item.id, item, ...NO_AUDIO, bytes: ENTRY_OVERHEAD_BYTES };
}

/** The item that a client created, under its own id or a new one; the audio in it is kept apart. */
export function createdEntry(param: ItemParam, newId: (prefix: string) => string): EntryOutcome {
  const id = param.id ?? newId('item');
  const common = { id, object: 'realtime.item', status: 'completed' } as const;
  const bytes = JSON.stringify(param).length * 2 + ENTRY_OVERHEAD_BYTES;
  if (param.type === 'function_call') {
    const item = { ...param, ...common, call_id: param.call_id ?? newId('call') };
    return entry({ id, item, ...NO_AUDIO, bytes });
  }
  if (param.type === 'function_call_output') {
    return entry({ id, item: { ...param, ...common }, ...NO_AUDIO, bytes });
  }
  if (param.role !== 'user') {
    return entry({ id, item: withoutAudio({ ...param, ...common }), ...NO_AUDIO, bytes });
  }
  const audio = contentAudio(param.content);
  if (audio === null) {
    const message = 'The audio of an item has to be base64 of 16-bit samples.';
    return { ok: false, problem: invalidRequest('invalid_value', message, 'item.content') };
  }
  const item = withoutAudio({ ...param, ...common });
  if (audio.length === 0) return entry({ id, item, ...NO_AUDIO, bytes });
  const { audio: _, ...facts } = committedUtterance(audio);
  return entry({ id, item, audio, facts, audioMs: null, bytes: bytes + audio.length });
}

function entry(value: ConversationEntry): EntryOutcome {
  return { ok: true, entry: value };
}

/** All audio in a message, or null when some of it cannot be decoded. */
function contentAudio(
  content: readonly { readonly type: string; readonly audio?: string }[],
): Uint8Array | null {
  const pieces: Uint8Array[] = [];
  for (const part of content) {
    if (part.audio === undefined) continue;
    const piece = decodeBase64(part.audio);
    if (piece === null || piece.length % 2 !== 0) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** Events carry no audio of an item; a client asks for it with `conversation.item.retrieve`. */
function withoutAudio(item: Extract<ItemParam, { type: 'message' }>): ConversationItem {
  const content = item.content.map((part) => {
    if (part.type !== 'input_audio' && part.type !== 'output_audio') return part;
    return typeof part.transcript === 'string'
      ? { type: part.type, transcript: part.transcript }
      : { type: part.type };
  });
  return { ...item, content } as ConversationItem;
}

/** The item as `conversation.item.retrieve` gives it: with its audio, if that is still held. */
export function retrievedItem({ item, audio }: ConversationEntry): ConversationItem {
  if (audio === null || item.type !== 'message' || item.role !== 'user') return item;
  const data = encodeBase64(audio);
  return {
    ...item,
    content: item.content.map((part) => (part.type === 'input_audio' ? { ...part, audio: data } : part)),
  };
}

/** What a user's message says in words. */
export function itemText(item: ConversationItem): string {
  if (item.type !== 'message' || item.role !== 'user') return '';
  return item.content.map((part) => (part.type === 'input_text' ? (part.text ?? '') : '')).join('');
}

/** Puts the transcript of the heard audio into the item. */
export function withInputTranscript(item: ConversationItem, transcript: string): ConversationItem {
  if (item.type !== 'message' || item.role !== 'user') return item;
  return {
    ...item,
    content: item.content.map((part) => (part.type === 'input_audio' ? { ...part, transcript } : part)),
  };
}

/** Takes the transcript out of an assistant's item whose audio was cut off. */
export function withoutOutputTranscript(item: ConversationItem): ConversationItem {
  if (item.type !== 'message' || item.role !== 'assistant') return item;
  const content = item.content.map((part) => (part.type === 'output_audio' ? { type: part.type } : part));
  return { ...item, content };
}
