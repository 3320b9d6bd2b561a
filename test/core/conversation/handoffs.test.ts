import { describe, expect, it } from 'vitest';
import { Handoffs } from '../../../src/core/conversation/handoffs.ts';
import type { HandoffOutcome } from '../../../src/core/conversation/handoffs.ts';
import type { TurnStatus } from '../../../src/protocol/index.ts';
import { V1, V2 } from '../../../src/realtime/index.ts';
import type { WireVersion } from '../../../src/realtime/index.ts';

const WANTED = 'a response is wanted';

/** Says what goes upstream, and in between where a response is wanted. */
function open(version: WireVersion): { handoffs: Handoffs; said: unknown[] } {
  const said: unknown[] = [];
  const handoffs = new Handoffs({
    version,
    send: (event) => said.push(event),
    requestResponse: () => said.push(WANTED),
  });
  return { handoffs, said };
}

function taken(turnId = 't1'): HandoffOutcome {
  return { kind: 'taken', turnId };
}

function output(callId: string, words: RegExp): object {
  return {
    type: 'conversation.item.create',
    item: { type: 'function_call_output', call_id: callId, output: expect.stringMatching(words) },
  };
}

function progress(words: string): object {
  return {
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: `[BACKEND] ${words}` }] },
  };
}

function append(callId: string, words: unknown): object {
  return { type: 'conversation.handoff.append', handoff_id: callId, output_text: words };
}

function labelled(words: string): string {
  return `"Agent Final Message":\n\n${words}`;
}

function labelledLike(words: RegExp): unknown {
  return expect.stringMatching(new RegExp(`^"Agent Final Message":\n\n.*${words.source}`, 's'));
}

const OUTCOMES: readonly (readonly [outcome: HandoffOutcome, words: RegExp])[] = [
  [{ kind: 'empty' }, /no request/],
  [{ kind: 'stopped', wasRunning: true }, /was stopped/],
  [{ kind: 'stopped', wasRunning: false }, /No work was under way/],
  [{ kind: 'refused', reason: 'the disk is full' }, /could not be started: the disk is full/],
];

const ENDS: readonly (readonly [status: TurnStatus, error: string | null, words: RegExp])[] = [
  ['completed', null, /finished.*nothing to report/],
  ['failed', 'no network', /failed: no network/],
  ['failed', null, /failed: the reason is not known/],
  ['interrupted', null, /stopped before it was finished/],
];

describe('calls of version 2', () => {
  it('are answered when the turn is over, behind what the agent has said', () => {
    const { handoffs, said } = open(V2);
    handoffs.routed('c1', taken());
    expect(said).toEqual([]);
    handoffs.agentMessage('t1', 'I look.');
    handoffs.agentMessage('t1', '[BACKEND] Three files.');
    expect(said).toEqual([progress('I look.'), progress('Three files.')]);
    handoffs.turnEnded('t1', 'completed', null);
    expect(said.slice(2)).toEqual([output('c1', /finished.*\[BACKEND\]/), WANTED]);
    handoffs.agentMessage('t1', 'late');
    handoffs.turnEnded('t1', 'completed', null);
    expect(said).toHaveLength(4);
  });

  it.each(ENDS)('are answered when the turn %s (%s) without a word', (status, error, words) => {
    const { handoffs, said } = open(V2);
    handoffs.routed('c1', taken());
    handoffs.turnEnded('t1', status, error);
    expect(said).toEqual([output('c1', words), WANTED]);
  });

  it.each(ENDS.slice(1))(
    'say how the turn %s (%s) even behind what the agent has said',
    (status, error, words) => {
      const { handoffs, said } = open(V2);
      handoffs.routed('c1', taken());
      handoffs.agentMessage('t1', 'I look.');
      handoffs.turnEnded('t1', status, error);
      expect(said).toEqual([progress('I look.'), output('c1', words), WANTED]);
    },
  );

  it.each(OUTCOMES)('that no turn takes are answered at once: %j', (outcome, words) => {
    const { handoffs, said } = open(V2);
    handoffs.routed('c1', outcome);
    expect(said).toEqual([output('c1', words), WANTED]);
    handoffs.turnEnded('t1', 'completed', null);
    expect(said).toHaveLength(2);
  });

  it('that steer are answered at once, and the first one at the end', () => {
    const { handoffs, said } = open(V2);
    handoffs.routed('c1', taken());
    handoffs.routed('c2', taken());
    handoffs.agentMessage('t1', 'Both done.');
    handoffs.turnEnded('t1', 'completed', null);
    expect(said).toEqual([
      output('c2', /passed on/),
      WANTED,
      progress('Both done.'),
      output('c1', /finished/),
      WANTED,
    ]);
  });

  it('do not hear of other turns, nor of empty messages', () => {
    const { handoffs, said } = open(V2);
    handoffs.agentMessage('t0', 'before');
    handoffs.turnEnded('t0', 'completed', null);
    handoffs.routed('c1', taken('t1'));
    handoffs.agentMessage('t0', 'other');
    handoffs.turnEnded('t0', 'failed', 'other');
    handoffs.agentMessage('t1', '');
    expect(said).toEqual([]);
    handoffs.turnEnded('t1', 'completed', null);
    expect(said).toEqual([output('c1', /nothing to report/), WANTED]);
  });

  it('that are stopped by another leave the response to that one', () => {
    const { handoffs, said } = open(V2);
    handoffs.routed('c1', taken());
    handoffs.stopRequested();
    handoffs.turnEnded('t1', 'interrupted', null);
    handoffs.routed('c2', { kind: 'stopped', wasRunning: true });
    expect(said).toEqual([output('c1', /stopped before/), output('c2', /was stopped/), WANTED]);
    handoffs.routed('c3', taken('t2'));
    handoffs.turnEnded('t2', 'interrupted', null);
    expect(said.slice(3)).toEqual([output('c3', /stopped before/), WANTED]);
  });

  it('that end by themselves before they are stopped ask for their response', () => {
    const { handoffs, said } = open(V2);
    handoffs.routed('c1', taken());
    handoffs.stopRequested();
    handoffs.turnEnded('t1', 'completed', null);
    expect(said).toEqual([output('c1', /nothing to report/), WANTED]);
  });

  it('say only the beginning and the end of a long error', () => {
    const { handoffs, said } = open(V2);
    handoffs.routed('c1', taken());
    handoffs.turnEnded('t1', 'failed', `first ${'x'.repeat(10_000)} last`);
    expect(said[0]).toEqual(output('c1', /^The work failed: first x+…\d+ tokens truncated…x+ last$/));
    expect(JSON.stringify(said[0]).length).toBeLessThan(1_000);
  });

  it('after one whose turn was stopped wait for their own turn', () => {
    const { handoffs, said } = open(V2);
    handoffs.routed('c1', taken('t1'));
    handoffs.turnEnded('t1', 'interrupted', null);
    handoffs.routed('c2', taken('t2'));
    handoffs.agentMessage('t2', 'Done.');
    handoffs.turnEnded('t2', 'completed', null);
    expect(said).toEqual([
      output('c1', /stopped before/),
      WANTED,
      progress('Done.'),
      output('c2', /finished/),
      WANTED,
    ]);
  });
});

/** Version 1 responds of its own accord, so the session asks for nothing where a response is wanted. */
describe('calls of version 1', () => {
  const wireOnly = (said: readonly unknown[]): unknown[] => said.filter((each) => each !== WANTED);

  it('are answered by each message of the agent, and by nothing else', () => {
    const { handoffs, said } = open(V1);
    handoffs.routed('h1', taken());
    handoffs.agentMessage('t1', 'I look.');
    handoffs.agentMessage('t1', 'Three files.');
    handoffs.turnEnded('t1', 'completed', null);
    handoffs.agentMessage('t1', 'late');
    expect(said).toEqual([append('h1', labelled('I look.')), append('h1', labelled('Three files.'))]);
  });

  it.each(ENDS)('are answered when the turn %s (%s) without a word', (status, error, words) => {
    const { handoffs, said } = open(V1);
    handoffs.routed('h1', taken());
    handoffs.turnEnded('t1', status, error);
    expect(wireOnly(said)).toEqual([append('h1', labelledLike(words))]);
  });

  it.each(ENDS.slice(1))(
    'say how the turn %s (%s) even behind what the agent has said',
    (status, error, words) => {
      const { handoffs, said } = open(V1);
      handoffs.routed('h1', taken());
      handoffs.agentMessage('t1', 'I look.');
      handoffs.turnEnded('t1', status, error);
      expect(wireOnly(said)).toEqual([append('h1', labelled('I look.')), append('h1', labelledLike(words))]);
    },
  );

  it.each(OUTCOMES)('that no turn takes are answered at once: %j', (outcome, words) => {
    const { handoffs, said } = open(V1);
    handoffs.routed('h1', outcome);
    expect(wireOnly(said)).toEqual([append('h1', labelledLike(words))]);
  });

  it('that steer get what comes then, and the one before is told so if it has heard nothing', () => {
    const { handoffs, said } = open(V1);
    handoffs.routed('h1', taken());
    handoffs.routed('h2', taken());
    handoffs.agentMessage('t1', 'One.');
    handoffs.routed('h3', taken());
    handoffs.agentMessage('t1', 'Two.');
    handoffs.turnEnded('t1', 'completed', null);
    expect(wireOnly(said)).toEqual([
      append('h1', labelledLike(/together with/)),
      append('h2', labelled('One.')),
      append('h3', labelled('Two.')),
    ]);
  });
});
