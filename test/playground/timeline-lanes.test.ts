import { describe, expect, it } from 'vitest';
import { lanesOf, secondsText } from '../../src/playground/call/timeline-lanes.ts';

describe('the lanes of a timeline', () => {
  it('hold what each side did, and what happened to it', () => {
    expect(
      lanesOf([
        { atMs: 0, kind: 'state', state: 'active' },
        { atMs: 100, kind: 'speechStarted' },
        { atMs: 900, kind: 'speechEnded' },
        { atMs: 950, kind: 'said', role: 'user', text: 'list the files' },
        { atMs: 1_540, kind: 'answerStarted', itemId: 'a', latencyMs: 640 },
        { atMs: 2_000, kind: 'interrupted', itemId: 'a', playedMs: 460 },
        { atMs: 2_100, kind: 'textSent', text: 'all of them' },
        { atMs: 2_200, kind: 'delegated', request: 'list all files' },
        { atMs: 2_210, kind: 'turnStarted', turnId: 't' },
        { atMs: 2_900, kind: 'turnEnded', turnId: 't', status: 'completed' },
        { atMs: 3_000, kind: 'answerStarted', itemId: null, latencyMs: null },
        { atMs: 3_100, kind: 'error', message: 'it broke' },
        { atMs: 3_200, kind: 'closed', reason: 'error' },
      ]),
    ).toEqual({
      you: {
        spans: [{ from: 100, to: 900, label: '', title: 'You speak' }],
        marks: [{ at: 2_100, kind: 'typed', title: 'You type: all of them' }],
      },
      voice: {
        spans: [
          { from: 1_540, to: 2_000, label: '0.64 s', title: 'An answer, first heard after 0.64 s' },
          { from: 3_000, to: 3_200, label: '', title: 'An answer' },
        ],
        marks: [
          { at: 2_000, kind: 'interruption', title: 'The answer is interrupted' },
          { at: 3_100, kind: 'error', title: 'it broke' },
        ],
      },
      agent: {
        spans: [{ from: 2_210, to: 2_900, label: 'turn', title: 'A turn of the agent' }],
        marks: [{ at: 2_200, kind: 'delegation', title: 'Handed to the agent: list all files' }],
      },
    });
  });

  it('leave open what still goes on, and end it where the same begins again', () => {
    const { you } = lanesOf([
      { atMs: 10, kind: 'speechStarted' },
      { atMs: 30, kind: 'speechStarted' },
    ]);
    expect(you.spans.map(({ from, to }) => [from, to])).toEqual([
      [10, 30],
      [30, null],
    ]);
  });

  it('tell seconds to a hundredth', () => {
    expect([0, 71, 640, 12_345].map(secondsText)).toEqual(['0.00 s', '0.07 s', '0.64 s', '12.35 s']);
  });
});
