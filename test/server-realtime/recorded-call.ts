import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { ThreadObject, TurnObject } from '../server/stored.ts';
import { UUID, wordsOf } from '../server/turns.ts';
import type { OpenThread } from '../server/turns.ts';
import { TestDaemon } from '../support/daemon.ts';
import type { UpstreamSocket } from '../support/realtime-upstream.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import type { InputItem } from '../support/responses-upstream.ts';
import { Call } from './call.ts';

/** A thread that can be spoken to, and whose text model is scripted as well. */
export interface RecordedCall {
  readonly call: Call;
  /** The same thread, for turns. */
  readonly typed: OpenThread;
}

export async function openRecorded({ top = '' }: { top?: string } = {}): Promise<RecordedCall> {
  const responses = await ResponsesUpstream.open();
  const call = await Call.open({
    config: { top },
    editConfig: (text, { url }) =>
      text
        .replace('model = "test-model"', 'model = "gpt-5.5"')
        .replace(`base_url = "${url}/v1"`, `base_url = "${responses.url}/v1"`),
  });
  const { daemon, threadId } = call;
  return { call, typed: { daemon, threadId, upstream: responses } };
}

/** Another daemon on the home of the one before, which has ended; it goes on with the thread. */
export async function reopen({ typed }: RecordedCall): Promise<OpenThread> {
  const daemon = await TestDaemon.open({ home: typed.daemon.home });
  const { thread } = await daemon.request<{ thread: ThreadObject }>('thread/resume', {
    threadId: typed.threadId,
  });
  return { ...typed, daemon, threadId: thread.id };
}

/** Kills a daemon in the middle of whatever it does. Its home stays. */
export async function kill({ process, exited }: TestDaemon): Promise<void> {
  process.kill('SIGKILL');
  await exited;
}

type Role = 'user' | 'assistant';

/** The beginning of an utterance in version 2, one event a delta. */
export function speaks(role: Role, itemId: string, ...deltas: string[]): object[] {
  const type =
    role === 'user'
      ? 'conversation.item.input_audio_transcription.delta'
      : 'response.output_audio_transcript.delta';
  return deltas.map((delta) => ({ type, item_id: itemId, delta }));
}

/** The whole text of an utterance in version 2. */
export function said(role: Role, itemId: string, transcript: string): object {
  const type =
    role === 'user'
      ? 'conversation.item.input_audio_transcription.completed'
      : 'response.output_audio_transcript.done';
  return { type, item_id: itemId, transcript };
}

/** A whole utterance in version 2. */
export function speech(role: Role, itemId: string, text: string): object[] {
  return [...speaks(role, itemId, text.slice(0, 3), text.slice(3)), said(role, itemId, text)];
}

/** An utterance in version 1, which names no items and tells no end. */
export function oldSpeech(role: Role, ...deltas: string[]): object[] {
  const type =
    role === 'user' ? 'conversation.input_transcript.delta' : 'conversation.output_transcript.delta';
  return deltas.map((delta) => ({ type, delta }));
}

/** Lets the upstream say this in a call of its own that is stopped then. */
export async function hold(call: Call, events: readonly object[], params: object = {}): Promise<void> {
  const socket = await call.start(params);
  socket.send(...events);
  await call.fence(socket);
  await call.stop();
}

/** Waits until the client has heard of an utterance, and so the thread has. */
export async function hears(call: Call, socket: UpstreamSocket, ...events: object[]): Promise<void> {
  socket.send(...events);
  await call.fence(socket);
}

export async function turnsOf({ daemon, threadId }: OpenThread): Promise<readonly TurnObject[]> {
  const { thread } = await daemon.request<{ thread: ThreadObject }>('thread/read', {
    threadId,
    includeTurns: true,
  });
  return thread.turns;
}

/** What a client shows of a thread, by who said it. */
export async function conversationOf(thread: OpenThread): Promise<string[]> {
  const turns = await turnsOf(thread);
  return turns.flatMap(({ items }) => items).map(shown);
}

function shown(item: Readonly<Record<string, unknown>>): string {
  if (item['type'] === 'agentMessage') return `assistant: ${String(item['text'])}`;
  if (item['type'] !== 'userMessage') return String(item['type']);
  return `user: ${(item['content'] as { text?: string }[]).map(({ text }) => text).join('')}`;
}

/** A turn that nobody opened by a request: something that was said on a call, and what answers it. */
export function spokenTurn(...items: object[]): object {
  return {
    id: expect.stringMatching(/^rollout-\d+$/),
    items,
    itemsView: 'full',
    status: 'completed',
    error: null,
    startedAt: null,
    completedAt: null,
    durationMs: null,
  };
}

export const ANY_ID: unknown = expect.stringMatching(UUID);

/** The messages in a request that tell the text model of calls. */
export function voiceNotes(input: readonly InputItem[]): string[] {
  return input
    .filter(({ role }) => role === 'developer')
    .map((item) => wordsOf(item))
    .filter((words) => words.startsWith('<voice_conversation>'));
}

/** A note that says just this. */
export function note(...lines: string[]): string {
  return [
    '<voice_conversation>',
    'Since your last turn the user and the voice assistant said this to each other, as it was transcribed:',
    ...lines,
    '</voice_conversation>',
  ].join('\n');
}

/** The thread's file as it is, the last line whole or not. */
export async function fileOf({ daemon, threadId }: OpenThread): Promise<string> {
  const { thread } = await daemon.request<{ thread: ThreadObject }>('thread/read', { threadId });
  return readFileSync(thread.path, 'utf8');
}
