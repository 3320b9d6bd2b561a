import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallTimeline } from '../../../src/client/voice/index.ts';

/** A timeline with a clock that is set by hand. */
function timelineAt(start = 1_000_000): {
  timeline: CallTimeline;
  at: (milliseconds: number) => CallTimeline;
} {
  let now = start;
  const timeline = new CallTimeline({ now: () => now });
  const at = (milliseconds: number): CallTimeline => {
    now = start + milliseconds;
    return timeline;
  };
  return { timeline, at };
}

describe('the timeline of a call', () => {
  it('tells when speech and answers begin and end, and how long each answer took', () => {
    const { timeline, at } = timelineAt();
    at(0).add({ kind: 'state', state: 'active' });
    at(20).microphone(0);
    for (let time = 100; time <= 1_000; time += 20) at(time).microphone(0.2);
    for (let time = 1_020; time <= 2_000; time += 20) at(time).microphone(0.0001);
    for (let time = 1_450; time <= 2_450; time += 20) at(time).answer('a');
    at(2_460).add({ kind: 'said', role: 'assistant', text: 'Yes.' });
    at(3_000).textSent('and then?');
    at(3_200.06).answer('b');
    at(4_000).add({ kind: 'closed', reason: 'requested' });
    expect(timeline.toJSON()).toEqual({
      startedAt: '1970-01-01T00:16:40.000Z',
      entries: [
        { atMs: 0, kind: 'state', state: 'active' },
        { atMs: 100, kind: 'speechStarted' },
        { atMs: 1_000, kind: 'speechEnded' },
        { atMs: 1_450, kind: 'answerStarted', itemId: 'a', latencyMs: 450 },
        { atMs: 2_450, kind: 'answerEnded' },
        { atMs: 2_460, kind: 'said', role: 'assistant', text: 'Yes.' },
        { atMs: 3_000, kind: 'textSent', text: 'and then?' },
        { atMs: 3_200.1, kind: 'answerStarted', itemId: 'b', latencyMs: 200.1 },
        { atMs: 3_200.1, kind: 'answerEnded' },
        { atMs: 4_000, kind: 'closed', reason: 'requested' },
      ],
      droppedEntries: 0,
      firstAudio: { latenciesMs: [450, 200.1], medianMs: 200.1, maxMs: 450 },
    });
    expect(JSON.parse(JSON.stringify({ timeline }))).toEqual({ timeline: timeline.toJSON() });
  });

  it('tells of what interrupts an answer', () => {
    const { timeline, at } = timelineAt();
    at(10).answer('a');
    at(60).interrupted('a', 49.96);
    at(2_000).answer('b');
    expect(timeline.entries).toEqual([
      { atMs: 10, kind: 'answerStarted', itemId: 'a', latencyMs: null },
      { atMs: 60, kind: 'interrupted', itemId: 'a', playedMs: 50 },
      { atMs: 2_000, kind: 'answerStarted', itemId: 'b', latencyMs: null },
    ]);
  });

  it('measures the answer to work that was handed over from the end of the work', () => {
    const { timeline, at } = timelineAt();
    at(0).microphone(0.5);
    at(600).delegated('list the files');
    at(610).add({ kind: 'turnStarted', turnId: 't' });
    at(5_000).turnEnded('t', 'completed');
    at(5_300).answer('a');
    at(5_400).turnEnded('typed', 'completed');
    at(7_000).answer('b');
    expect(timeline.entries).toEqual([
      { atMs: 0, kind: 'speechStarted' },
      { atMs: 0, kind: 'speechEnded' },
      { atMs: 600, kind: 'delegated', request: 'list the files' },
      { atMs: 610, kind: 'turnStarted', turnId: 't' },
      { atMs: 5_000, kind: 'turnEnded', turnId: 't', status: 'completed' },
      { atMs: 5_300, kind: 'answerStarted', itemId: 'a', latencyMs: 300 },
      { atMs: 5_300, kind: 'answerEnded' },
      { atMs: 5_400, kind: 'turnEnded', turnId: 'typed', status: 'completed' },
      { atMs: 7_000, kind: 'answerStarted', itemId: 'b', latencyMs: null },
    ]);
    expect(timeline.latenciesMs).toEqual([300]);
  });

  it('takes a gap in an item for want of audio, and between nameless pieces for another answer', () => {
    const { timeline, at } = timelineAt();
    for (const time of [0, 2_000]) at(time).answer('a');
    for (const time of [3_000, 3_400, 5_000]) at(time).answer(null);
    expect(timeline.entries.map(({ atMs, kind }) => [atMs, kind])).toEqual([
      [0, 'answerStarted'],
      [0, 'answerEnded'],
      [2_000, 'answerEnded'],
      [3_000, 'answerStarted'],
      [3_400, 'answerEnded'],
      [5_000, 'answerStarted'],
    ]);
  });

  it('keeps the newest entries where there are too many', () => {
    const timeline = new CallTimeline({ now: () => 0, maxEntries: 2 });
    for (const message of ['one', 'two', 'three']) timeline.add({ kind: 'error', message });
    expect(timeline.toJSON()).toMatchObject({
      entries: [{ message: 'two' }, { message: 'three' }],
      droppedEntries: 1,
      firstAudio: { latenciesMs: [], medianMs: null, maxMs: null },
    });
  });

  it('tells listeners of each entry until they have heard enough', () => {
    const { timeline, at } = timelineAt();
    const heard: unknown[] = [];
    const stop = timeline.onEntry((entry) => heard.push(entry));
    at(5).add({ kind: 'error', message: 'one' });
    stop();
    at(6).add({ kind: 'error', message: 'two' });
    expect(heard).toEqual([{ atMs: 5, kind: 'error', message: 'one' }]);
  });

  it('is in the order of time, whatever happens', () => {
    const step = fc.record({ after: fc.nat(900), what: fc.nat(6), loud: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { timeline, at } = timelineAt();
        let now = 0;
        for (const { after, what, loud } of steps) {
          now += after;
          const current = at(now);
          if (what === 0) current.answer('a');
          else if (what === 1) current.answer(null);
          else if (what === 2) current.interrupted(null, null);
          else if (what === 3) current.textSent('x');
          else if (what === 4) current.delegated('x');
          else if (what === 5) current.turnEnded('t', 'completed');
          else current.microphone(loud ? 0.5 : 0);
        }
        const times = timeline.toJSON().entries.map(({ atMs }) => atMs);
        expect(times).toEqual(times.toSorted((left, right) => left - right));
        expect(timeline.latenciesMs.every((latency) => latency >= 0)).toBe(true);
      }),
    );
  });
});
