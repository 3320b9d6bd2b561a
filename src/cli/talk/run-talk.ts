import type { Client, RealtimeCall, RealtimeCallEnd } from '../../client/index.ts';
import { connect, startRealtimeCall } from '../../client/index.ts';
import type { RealtimeVoice } from '../../protocol/index.ts';
import { deferred } from '../../util/deferred.ts';
import { followAgent } from './agent-notifications.ts';
import { AgentWork } from './agent-work.ts';
import { AnswerAudio } from './answer-audio.ts';
import { AnswerWav } from './answer-file.ts';
import { SAMPLE_RATE } from './audio-format.ts';
import { AudioSource, openWavFile, readPcmStream } from './audio-source.ts';
import { CallProgress } from './call-progress.ts';
import { systemClock } from './clock.ts';
import { converse } from './conversation.ts';
import { closedText, failureText, problemOf } from './ending.ts';
import { usageProblem } from './options.ts';
import type { TalkOptions } from './options.ts';
import { Screen } from './screen.ts';
import { summaryLines } from './summary.ts';

const EXIT = { success: 0, failure: 1, usage: 2 };

/**
 * Runs one call from the terminal, from the start of the daemon to the summary. Gives the exit code: 0 for a call that
 * was answered or stopped by its user, 1 for any failure, each of which is one line on stderr, and 2 for options that
 * do not go together.
 */
export async function runTalk(options: TalkOptions): Promise<number> {
  const problem = usageProblem(options);
  const screen = new Screen(options);
  if (problem !== null) {
    screen.remark(`parley talk: ${problem}`);
    return EXIT.usage;
  }
  try {
    return await talk(options, screen);
  } catch (error) {
    screen.close();
    if (options.signal.aborted) {
      screen.remark('stopped before the call was up');
      return EXIT.success;
    }
    screen.remark(`parley talk: ${failureText(error)}`);
    return EXIT.failure;
  }
}

async function talk(options: TalkOptions, screen: Screen): Promise<number> {
  const texts = options.text ?? [];
  const takesLines = options.in !== '-' && (options.in !== undefined || texts.length === 0);
  const source = openSource(options);
  const failed = deferred<Error>();
  const file = options.out === undefined ? null : new AnswerWav(options.out, failed.resolve);
  const work = new AgentWork({
    onSpeech: (text) => screen.print(`agent: ${text}`),
    onRemark: (line) => screen.remark(line),
  });
  const progress = new CallProgress({
    modality: options.modality,
    isTranscription: isTranscription(options.config ?? []),
    expectsAnswer: source !== null || texts.length > 0,
    audio: new AnswerAudio(file),
    now: systemClock.now,
    onLine: (speaker, text) => screen.print(`${speaker}: ${text}`),
    onDelegated: (request) => work.delegated(request),
    onError: (message) => screen.remark(`error: ${message}`),
  });
  let client: Client | null = null;
  let call: RealtimeCall | null = null;
  try {
    screen.update({ state: 'connecting', level: null, user: '', assistant: '', agent: '', typed: '' });
    client = await connectToDaemon(options, screen);
    call = await startCall(client, options, { progress, work });
    const ending = await converse({
      call,
      progress,
      work,
      source,
      texts,
      stdin: takesLines ? options.stdin : null,
      endsWithLines: options.in === undefined,
      screen,
      clock: systemClock,
      signal: options.signal,
      interrupt: options.interrupt,
      failed: failed.promise,
    });
    // A stop that fails leaves open how the call ended; the conversation is over either way.
    const end = await call.stop().catch((): RealtimeCallEnd => ({ kind: 'unconfirmed' }));
    await client.close();
    progress.end();
    work.end();
    file?.close();
    screen.close();
    const summary = summaryLines(progress.tally, {
      modality: options.modality,
      agent: work.tally,
      file,
      closed: closedText(end),
    });
    for (const line of summary) screen.print(line);
    const problem = problemOf(ending, end, work.tally);
    if (problem === null) return EXIT.success;
    screen.remark(`parley talk: ${problem}`);
    return EXIT.failure;
  } finally {
    source?.close();
    if (call === null) file?.discard();
    else file?.close();
    await client?.close();
  }
}

function openSource(options: TalkOptions): AudioSource | null {
  if (options.in === undefined) return null;
  if (options.in !== '-') return new AudioSource(openWavFile(options.in));
  const format = { sampleRate: options.rate ?? SAMPLE_RATE, channels: options.channels ?? 1 };
  return new AudioSource(readPcmStream(options.stdin, format));
}

function connectToDaemon(options: TalkOptions, screen: Screen): Promise<Client> {
  const { command, args } = options.daemon;
  const overrides = (options.config ?? []).flatMap((override) => ['-c', override]);
  return connect({
    command,
    args: [...args, ...(options.loopback ? ['--loopback'] : []), ...overrides],
    env: options.env,
    clientInfo: { name: 'parley-talk', title: 'Parley talk', version: options.clientVersion },
    capabilities: { experimentalApi: true },
    // Ctrl-C at the terminal is for this process, which then ends the call and the daemon in order.
    ownProcessGroup: true,
    signal: options.signal,
    onNotification: (method, params) => {
      const warning = method === 'configWarning' ? 'summary' : method === 'warning' ? 'message' : null;
      if (warning === null) return;
      screen.remark(`warning: ${String((params as Record<string, unknown>)[warning])}`);
    },
  });
}

async function startCall(
  client: Client,
  options: TalkOptions,
  { progress, work }: { readonly progress: CallProgress; readonly work: AgentWork },
): Promise<RealtimeCall> {
  const { thread } = await client.request('thread/start', { ephemeral: true }, { signal: options.signal });
  followAgent(client, thread.id, { work, progress });
  const call = await startRealtimeCall(client, {
    start: {
      threadId: thread.id,
      outputModality: options.modality,
      ...(options.version === undefined ? {} : { version: options.version }),
      ...(options.model === undefined ? {} : { model: options.model }),
      // The daemon knows which voices there are, and names them if this is not one.
      ...(options.voice === undefined ? {} : { voice: options.voice as RealtimeVoice }),
    },
    events: progress.events,
    signal: options.signal,
  });
  progress.started(call.version);
  return call;
}

function isTranscription(overrides: readonly string[]): boolean {
  return overrides.some((override) => /^\s*realtime\.type\s*=\s*["']?transcription["']?\s*$/.test(override));
}
