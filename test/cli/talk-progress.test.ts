import { describe, expect, it } from 'vitest';
import { AnswerAudio } from '../../src/cli/talk/answer-audio.ts';
import type { AnswerFile } from '../../src/cli/talk/answer-audio.ts';
import { Answers } from '../../src/cli/talk/answers.ts';
import { CallProgress } from '../../src/cli/talk/call-progress.ts';
import type { CallProgressOptions } from '../../src/cli/talk/call-progress.ts';
import { EndOfCall } from '../../src/cli/talk/end-of-call.ts';
import { Latency, median, SpeechGate } from '../../src/client/voice/index.ts';
import { Playhead } from '../../src/cli/talk/playhead.ts';
import { summaryLines } from '../../src/cli/talk/summary.ts';
import type { CallTally } from '../../src/cli/talk/summary.ts';

/** A file in memory. */
class MemoryFile implements AnswerFile {
  bytes = Buffer.alloc(0);

  get dataBytes(): number {
    return this.bytes.length;
  }

  append(bytes: Uint8Array): void {
    this.bytes = Buffer.concat([this.bytes, bytes]);
  }

  truncate(dataBytes: number): void {
    this.bytes = this.bytes.subarray(0, dataBytes);
  }
}

/** Output audio of so many milliseconds, each byte of the same value. */
function chunk(milliseconds: number, value: number, itemId: string | null = null) {
  const data = Buffer.alloc(milliseconds * 48, value).toString('base64');
  return { data, sampleRate: 24_000, numChannels: 1, samplesPerChannel: null, itemId };
}

describe('the playhead', () => {
  it('plays pieces one after the other, each no sooner than it came', () => {
    const playhead = new Playhead();
    expect(playhead.isPlaying(0)).toBe(false);
    playhead.received(48_000, 0);
    playhead.received(48_000, 100);
    expect([playhead.isPlaying(1_999), playhead.isPlaying(2_000)]).toEqual([true, false]);
    playhead.received(4_800, 5_000);
    expect([playhead.isPlaying(5_099), playhead.isPlaying(5_100)]).toEqual([true, false]);
  });

  it('tells what an interruption leaves unplayed', () => {
    const playhead = new Playhead();
    playhead.received(48_000, 0);
    expect(playhead.interrupt(250)).toBe(36_000);
    expect(playhead.interrupt(250)).toBe(0);
    expect(playhead.isPlaying(251)).toBe(false);
  });
});

describe('the audio of the answers', () => {
  it('is written back to back, and cut where it was interrupted', () => {
    const file = new MemoryFile();
    const audio = new AnswerAudio(file);
    expect(audio.receive(chunk(1000, 1, 'a'), 0)).toBe(48_000);
    expect(audio.interrupt(100)).toBe(true);
    expect(audio.receive(chunk(20, 9, 'a'), 110)).toBe('late');
    expect(audio.receive(chunk(200, 2, 'b'), 5_000)).toBe(9_600);
    expect(audio.interrupt(6_000)).toBe(false);
    audio.end(6_000);
    expect(file.bytes).toEqual(Buffer.concat([Buffer.alloc(4_800, 1), Buffer.alloc(9_600, 2)]));
  });

  it('brings other formats to 24 kHz mono', () => {
    const file = new MemoryFile();
    const audio = new AnswerAudio(file);
    const data = Buffer.alloc(48_000 * 4, 0).toString('base64');
    audio.receive({ data, sampleRate: 48_000, numChannels: 2, itemId: null }, 0);
    audio.receive(chunk(100, 1), 10);
    expect(file.dataBytes).toBe(48_000 + 4_800);
  });

  it.each([
    { data: '%', sampleRate: 24_000, numChannels: 1 },
    { data: 'AAA=', sampleRate: 0, numChannels: 1 },
    { data: 'AAA=', sampleRate: 24_000, numChannels: 0 },
  ])('refuses $data at $sampleRate Hz on $numChannels channels', (fields) => {
    expect(new AnswerAudio(null).receive({ ...fields, itemId: null }, 0)).toBe('bad');
  });
});

describe('telling answers apart', () => {
  it('goes by the item of the audio', () => {
    const answers = new Answers();
    const news = [
      answers.transcriptDelta(0),
      answers.audio('a', 1),
      answers.transcriptDone(2),
      answers.audio('a', 3),
      answers.audio('b', 4),
      answers.transcriptDelta(5),
      answers.transcriptDone(6),
    ];
    expect(news).toEqual([true, false, false, false, true, false, false]);
    expect(answers.count).toBe(2);
  });

  it('goes by finished transcripts where there is no audio', () => {
    const answers = new Answers();
    const news = [
      answers.transcriptDelta(0),
      answers.transcriptDelta(1),
      answers.transcriptDone(2),
      answers.transcriptDelta(3),
      answers.transcriptDone(4),
      answers.transcriptDone(5),
    ];
    expect(news).toEqual([true, false, false, true, false, false]);
  });

  it('goes by the texts that were sent where a transcript comes whole', () => {
    const answers = new Answers();
    answers.asked();
    answers.asked();
    expect(answers.transcriptDone(0)).toBe(true);
    expect(answers.transcriptDone(1)).toBe(true);
    expect(answers.transcriptDone(2)).toBe(false);
  });

  it('goes by speech in between, but for the rest of the answer it interrupts', () => {
    const answers = new Answers();
    expect(answers.audio('a', 0)).toBe(true);
    expect(answers.transcriptDelta(1)).toBe(false);
    answers.speech();
    expect(answers.audio('a', 2)).toBe(false);
    expect(answers.transcriptDone(3)).toBe(false);
    expect(answers.transcriptDelta(4)).toBe(true);
    answers.speech();
    expect(answers.audio(null, 5)).toBe(true);
  });

  it('goes by a pause where audio has no item', () => {
    const answers = new Answers();
    expect(answers.audio(null, 0)).toBe(true);
    expect(answers.transcriptDone(10)).toBe(false);
    expect(answers.audio(null, 1_000)).toBe(false);
    expect(answers.audio(null, 2_500)).toBe(true);
  });
});

describe('the end of a call', () => {
  const options = { quietMs: 1_500, answerMs: 15_000, workMs: 60_000, expectsAnswer: true };

  it('comes when the answer to the last words has been quiet for a while', () => {
    const end = new EndOfCall(options);
    end.userSpoke(1_000);
    expect(end.verdict(100_000)).toBe('goOn');
    end.inputEnded(4_000);
    end.answerBegan(4_500);
    end.heard(7_000);
    expect([end.verdict(8_499), end.verdict(8_500)]).toEqual(['goOn', 'answered']);
  });

  it('does not come between the end of an answer and the end of the input', () => {
    const end = new EndOfCall(options);
    end.answerBegan(1_000);
    end.inputEnded(10_000);
    expect([end.verdict(11_499), end.verdict(11_500)]).toEqual(['goOn', 'answered']);
  });

  it('waits for an answer to every utterance', () => {
    const end = new EndOfCall(options);
    end.answerBegan(1_000);
    end.userSpoke(9_000);
    end.inputEnded(10_000);
    expect(end.verdict(12_000)).toBe('goOn');
    end.answerBegan(12_500);
    expect([end.verdict(13_999), end.verdict(14_000)]).toEqual(['goOn', 'answered']);
  });

  it('gives up when none comes', () => {
    const silent = new EndOfCall(options);
    silent.inputEnded(4_000);
    expect([silent.verdict(18_999), silent.verdict(19_000)]).toEqual(['goOn', 'noAnswer']);
    const partly = new EndOfCall(options);
    partly.answerBegan(1_000);
    partly.userSpoke(2_000);
    partly.inputEnded(4_000);
    expect([partly.verdict(18_999), partly.verdict(19_000)]).toEqual(['goOn', 'answered']);
  });

  it('comes at once where nothing was said', () => {
    const end = new EndOfCall({ ...options, expectsAnswer: false });
    expect(end.verdict(0)).toBe('goOn');
    end.inputEnded(0);
    expect(end.verdict(0)).toBe('answered');
  });

  it('waits for delegated work and for what is said about it', () => {
    const end = new EndOfCall(options);
    end.answerBegan(500);
    end.workBegan(1_000);
    end.inputEnded(1_000);
    expect(end.verdict(40_000)).toBe('goOn');
    end.workEnded(50_000);
    expect(end.verdict(60_000)).toBe('goOn');
    end.answerBegan(61_000);
    expect([end.verdict(62_000), end.verdict(62_500)]).toEqual(['goOn', 'answered']);
  });

  it('does not wait for work for ever', () => {
    const end = new EndOfCall({ ...options, expectsAnswer: false });
    end.userSpoke(0);
    end.inputEnded(0);
    end.workBegan(0);
    end.workGoesOn(30_000);
    expect([end.verdict(89_999), end.verdict(90_000)]).toEqual(['goOn', 'unfinished']);
  });

  it('takes no sign of work for its beginning', () => {
    const end = new EndOfCall(options);
    end.answerBegan(0);
    end.inputEnded(0);
    end.workGoesOn(1_000);
    expect(end.verdict(1_500)).toBe('answered');
  });

  it('is not moved by a turn that nobody here asked for', () => {
    const end = new EndOfCall(options);
    end.answerBegan(0);
    end.inputEnded(0);
    end.workEnded(1_000);
    expect(end.verdict(1_500)).toBe('answered');
  });
});

describe('latency', () => {
  it('counts from the end of speech that the upstream reports', () => {
    const latency = new Latency();
    latency.speechFrame(1_000);
    latency.speechStopped(1_500);
    latency.answerBegan(1_800);
    expect(latency.samples).toEqual([300]);
  });

  it('counts from the last words or the last text where it does not, and from each only once', () => {
    const latency = new Latency();
    latency.answerBegan(10);
    latency.speechFrame(1_000);
    latency.answerBegan(1_800);
    latency.answerBegan(2_000);
    latency.speechFrame(3_000);
    latency.textSent(4_000);
    latency.answerBegan(4_100);
    expect(latency.samples).toEqual([800, 100]);
  });

  it('takes what comes while someone speaks for the answer to the text', () => {
    const latency = new Latency();
    latency.textSent(1_000);
    latency.speechFrame(1_390);
    latency.answerBegan(1_400);
    latency.speechFrame(2_000);
    latency.answerBegan(2_700);
    expect(latency.samples).toEqual([400, 700]);
  });

  it('counts from the end of the work where the words were handed over', () => {
    const latency = new Latency();
    latency.textSent(1_000);
    latency.handedOver();
    latency.answerBegan(2_000);
    latency.workEnded(9_000);
    latency.answerBegan(9_300);
    expect(latency.samples).toEqual([300]);
  });

  it.each([
    [[], null],
    [[5], 5],
    [[9, 1], 1],
    [[9, 1, 5], 5],
    [[100, 20, 3, 4], 4],
  ])('has the median of %j', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('the speech gate', () => {
  it('takes a frame for speech by its level against the loudest so far', () => {
    const gate = new SpeechGate();
    expect([0, 0.002, 0.004, 0.1, 0.01, 0.003, 0.2, 0.007].map((rms) => gate.isSpeech(rms))).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});

/** A call whose clock and file the test holds, with everything that was shown. */
function follow(options: Partial<CallProgressOptions> = {}) {
  const time = { now: 0 };
  const shown: string[] = [];
  const file = new MemoryFile();
  const progress = new CallProgress({
    modality: 'audio',
    isTranscription: false,
    expectsAnswer: true,
    audio: new AnswerAudio(file),
    now: () => time.now,
    onLine: (speaker, text) => shown.push(`${speaker}: ${text}`),
    onDelegated: (task) => shown.push(`delegated ${task}`),
    onError: (message) => shown.push(`error ${message}`),
    ...options,
  });
  const at = (now: number, event: () => void): void => {
    time.now = now;
    event();
  };
  return { progress, events: progress.events, at, time, shown, file };
}

const NOTHING: CallTally = {
  utterances: 0,
  texts: 0,
  answers: 0,
  interruptions: 0,
  latencies: [],
  bytesSent: 0,
  bytesReceived: 0,
  badChunks: 0,
};

describe('the progress of a call', () => {
  it('adds up a call with a barge-in', () => {
    const { progress, events, at, shown, file } = follow();
    progress.started('v2');
    const speech = { type: 'input_audio_buffer.speech_started', item_id: 'u' };
    at(0, () => progress.frameSent(960, 0.1));
    at(100, () => events.onItem?.(speech));
    at(1_000, () => progress.frameSent(960, 0.1));
    at(1_020, () => progress.frameSent(960, 0));
    at(1_500, () => events.onTranscriptDelta?.('assistant', 'Good '));
    at(1_600, () => events.onAudio?.(chunk(2_000, 1, 'a')));
    expect(progress.state).toBe('speaking');
    at(1_700, () => events.onTranscriptDelta?.('user', 'hel'));
    at(1_800, () => events.onTranscriptDone?.('user', 'hello'));
    expect(progress.transcripts).toEqual({ user: 'hello', assistant: 'Good ' });
    at(2_000, () => progress.frameSent(960, 0.1));
    at(2_100, () => events.onItem?.(speech));
    expect(progress.state).toBe('interrupted');
    at(2_110, () => events.onItem?.({ type: 'response.cancelled', response_id: 'r' }));
    at(2_120, () => events.onTranscriptDone?.('assistant', 'Good mor'));
    at(3_000, () => events.onAudio?.(chunk(100, 2, 'b')));
    at(3_001, () => events.onTranscriptDelta?.('assistant', 'Yes?'));
    progress.inputEnded();
    expect(progress.verdict()).toBe('goOn');
    at(4_501, () => expect(progress.verdict()).toBe('answered'));
    progress.end();
    expect(progress.state).toBe('listening');
    expect(shown).toEqual(['you: hello', 'answer: Good mor', 'answer: Yes? …']);
    expect(progress.tally).toEqual({
      ...NOTHING,
      utterances: 2,
      answers: 2,
      interruptions: 1,
      latencies: [600, 1_000],
      bytesSent: 4 * 960,
      bytesReceived: 2_100 * 48,
    });
    expect(file.dataBytes).toBe(500 * 48 + 100 * 48);
  });

  it('goes by the level of the input on a wire that does not report speech', () => {
    const { progress, events, at, shown } = follow();
    progress.started('v1');
    for (const start of [0, 10_000]) {
      at(start, () => progress.frameSent(960, 0.1));
      at(start + 500, () => events.onTranscriptDelta?.('user', `words at ${start}`));
      at(start + 700, () => events.onAudio?.(chunk(100, 1)));
      at(start + 701, () => events.onTranscriptDelta?.('assistant', `answer at ${start}`));
    }
    progress.inputEnded();
    at(13_000, () => expect(progress.verdict()).toBe('answered'));
    progress.end();
    expect(shown).toEqual([
      'you: words at 0',
      'answer: answer at 0',
      'you: words at 10000',
      'answer: answer at 10000',
    ]);
    expect(progress.tally).toEqual({
      ...NOTHING,
      utterances: 2,
      answers: 2,
      latencies: [700, 700],
      bytesSent: 1_920,
      bytesReceived: 9_600,
    });
  });

  it('measures text answers by their text', () => {
    const { progress, events, at, shown } = follow({ modality: 'text', expectsAnswer: false });
    at(100, () => progress.textSent());
    at(400, () => events.onTranscriptDelta?.('assistant', 'hi'));
    at(500, () => events.onTranscriptDone?.('assistant', 'hi there'));
    progress.inputEnded();
    at(2_000, () => expect(progress.verdict()).toBe('answered'));
    expect(shown).toEqual(['answer: hi there']);
    expect(progress.tally).toEqual({ ...NOTHING, texts: 1, answers: 1, latencies: [300] });
  });

  it('takes the transcript for the answer in a transcription session', () => {
    const { progress, events, at } = follow({ isTranscription: true });
    at(1_000, () => progress.inputEnded());
    at(2_000, () => events.onTranscriptDone?.('user', 'only words'));
    at(3_499, () => expect(progress.verdict()).toBe('goOn'));
    at(3_500, () => expect(progress.verdict()).toBe('answered'));
    expect(progress.tally).toEqual({ ...NOTHING, utterances: 1 });
  });

  it('waits while the agent works', () => {
    const { progress, events, at, shown } = follow({ modality: 'text' });
    const handoff = { type: 'handoff_request', handoff_id: 'c', input_transcript: 'list files' };
    at(0, () => events.onItem?.(handoff));
    at(10, () => progress.workBegan());
    progress.inputEnded();
    at(200_000, () => progress.workGoesOn());
    at(400_000, () => expect(progress.verdict()).toBe('goOn'));
    progress.workEnded();
    at(401_000, () => events.onTranscriptDone?.('assistant', 'done'));
    at(402_500, () => expect(progress.verdict()).toBe('answered'));
    expect(shown).toEqual(['delegated list files', 'answer: done']);
    expect(progress.tally).toEqual({ ...NOTHING, answers: 1, latencies: [1_000] });
  });

  it('waits for what is said about the work, not for what was said meanwhile', () => {
    const { progress, events, at } = follow({ modality: 'text' });
    at(0, () => progress.textSent());
    at(0, () => progress.textSent());
    progress.inputEnded();
    at(100, () => events.onItem?.({ type: 'handoff_request', handoff_id: 'c', input_transcript: 'x' }));
    at(110, () => progress.workBegan());
    at(200, () => progress.workEnded());
    at(210, () => events.onTranscriptDelta?.('assistant', 'The answer to the other text.'));
    at(220, () => events.onItem?.({ type: 'function_call_output', call_id: 'c', output: 'finished' }));
    at(300, () => events.onTranscriptDone?.('assistant', 'The answer to the other text.'));
    at(5_000, () => expect(progress.verdict()).toBe('goOn'));
    at(5_100, () => events.onTranscriptDelta?.('assistant', 'It is done.'));
    at(6_600, () => expect(progress.verdict()).toBe('answered'));
  });

  it('does not wait for work that never began', () => {
    const { progress, events, at } = follow({ modality: 'text' });
    at(0, () => progress.textSent());
    progress.inputEnded();
    at(100, () => events.onItem?.({ type: 'handoff_request', handoff_id: 'c', input_transcript: 'stop' }));
    at(110, () => events.onItem?.({ type: 'function_call_output', call_id: 'c', output: 'nothing ran' }));
    at(200, () => events.onTranscriptDone?.('assistant', 'Nothing to stop.'));
    at(1_700, () => expect(progress.verdict()).toBe('answered'));
  });

  it('gives up on a request that nobody answers', () => {
    const { progress, events, at } = follow();
    at(0, () => events.onItem?.({ type: 'handoff_request', handoff_id: 'c', input_transcript: 'x' }));
    progress.inputEnded();
    at(14_999, () => expect(progress.verdict()).toBe('goOn'));
    at(15_000, () => expect(progress.verdict()).toBe('noAnswer'));
  });

  it('takes chosen silence for an answer, and asks for none to it', () => {
    const { progress, events, at } = follow();
    at(0, () => progress.textSent());
    progress.inputEnded();
    at(100, () => events.onItem?.({ type: 'function_call', call_id: 'c', name: 'remain_silent' }));
    at(110, () => events.onItem?.({ type: 'function_call_output', call_id: 'c', output: '' }));
    at(1_600, () => expect(progress.verdict()).toBe('answered'));
    expect(progress.tally).toEqual({ ...NOTHING, texts: 1 });
  });

  it('tells the answer about the work from the one before on a wire that reports no end of answers', () => {
    const { progress, events, at, shown } = follow();
    progress.started('v1');
    at(0, () => events.onTranscriptDelta?.('assistant', 'on it'));
    at(100, () => events.onItem?.({ type: 'handoff_request', handoff_id: 'c', input_transcript: 'x' }));
    at(110, () => progress.workBegan());
    progress.inputEnded();
    at(9_000, () => progress.workEnded());
    at(9_100, () => events.onTranscriptDelta?.('assistant', 'done'));
    at(10_600, () => expect(progress.verdict()).toBe('answered'));
    progress.end();
    expect(shown).toEqual(['delegated x', 'answer: on it', 'answer: done']);
  });

  it.each<[object, string]>([
    [{ input_transcript: ' list files ' }, 'list files'],
    [
      {
        input_transcript: '',
        active_transcript: [
          { role: 'user', text: 'a' },
          { role: 'assistant', text: 'b' },
        ],
      },
      'user: a\nassistant: b',
    ],
    [{ input_transcript: ' ', active_transcript: [null, { role: 1 }, 'x'] }, ''],
    [{}, ''],
  ])('finds the request in %j', (fields, request) => {
    const { events, shown } = follow();
    events.onItem?.({ type: 'handoff_request', ...fields });
    expect(shown).toEqual([`delegated ${request}`]);
  });

  it('survives items and audio that make no sense', () => {
    const { progress, events } = follow();
    for (const item of [null, 1, 'x', [], {}, { type: 5 }, { type: 'handoff_request' }])
      events.onItem?.(item);
    events.onAudio?.({ data: '?', sampleRate: 1, numChannels: 9, samplesPerChannel: null, itemId: null });
    expect(progress.tally).toEqual({ ...NOTHING, badChunks: 1 });
  });
});

describe('the summary', () => {
  it('says what a call came to', () => {
    const tally = {
      utterances: 2,
      texts: 1,
      answers: 3,
      interruptions: 1,
      latencies: [700.4, 500, 1_234.5],
      bytesSent: 96_000,
      bytesReceived: 50_400,
      badChunks: 0,
    };
    const details = {
      modality: 'audio',
      agent: { turns: 3, failed: 1, interrupted: 1 },
      file: { path: 'reply.wav', dataBytes: 48_000 },
      closed: 'requested',
    } as const;
    expect(summaryLines(tally, details)).toEqual([
      'summary',
      '  utterances   2 heard, 1 typed, 3 answered, 1 interrupted',
      '  agent        3 turns, 1 failed, 1 interrupted',
      '  first audio  p50 700 ms, worst 1235 ms',
      '  sent         96000 bytes (2.0 s)',
      '  received     50400 bytes (1.1 s)',
      '  written      reply.wav, 1.0 s',
      '  closed       requested',
    ]);
  });

  it('says so where there was nothing', () => {
    expect(
      summaryLines(
        { ...NOTHING, badChunks: 2 },
        {
          modality: 'text',
          agent: { turns: 0, failed: 0, interrupted: 0 },
          file: null,
          closed: 'error: boom',
        },
      ),
    ).toEqual([
      'summary',
      '  utterances  0 heard, 0 answered',
      '  first text  none',
      '  sent        0 bytes (0.0 s)',
      '  received    0 bytes (0.0 s), and 2 pieces that were no audio',
      '  closed      error: boom',
    ]);
  });
});
