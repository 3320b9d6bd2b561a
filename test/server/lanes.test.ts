import { describe, expect, it } from 'vitest';
import { RpcError } from '../../src/rpc/index.ts';
import { Lanes } from '../../src/server/lanes.ts';

const MAX_WAITING = 4096;

describe('Lanes', () => {
  it('lets one in at a time, in the order in which they came', async () => {
    const lanes = new Lanes();
    const events: string[] = [];
    const waits = ['first', 'second', 'third'].map(async (name) => {
      const turn = lanes.enter('a');
      events.push(`${name} ${turn === null ? 'enters' : 'waits'}`);
      await turn;
      events.push(`${name} is in`);
      await Promise.resolve();
      events.push(`${name} leaves`);
      lanes.leave('a');
    });
    await Promise.all(waits);
    expect(events).toEqual([
      'first enters',
      'second waits',
      'third waits',
      'first is in',
      'first leaves',
      'second is in',
      'second leaves',
      'third is in',
      'third leaves',
    ]);
  });

  it('does not let one lane wait for another', () => {
    const lanes = new Lanes();
    expect(lanes.enter('a')).toBe(null);
    expect(lanes.enter('b')).toBe(null);
    expect(lanes.enter('a')).toBeInstanceOf(Promise);
  });

  it('is free again when the last one has left', () => {
    const lanes = new Lanes();
    void lanes.enter('a');
    lanes.leave('a');
    expect(lanes.enter('a')).toBe(null);
    lanes.leave('a');
    lanes.leave('a');
    expect(lanes.enter('a')).toBe(null);
  });

  it('refuses who would wait behind too many, and takes the next one when there is room', () => {
    const lanes = new Lanes();
    void lanes.enter('a');
    for (let count = 0; count < MAX_WAITING; count += 1) expect(lanes.enter('a')).toBeInstanceOf(Promise);
    let refusal: unknown;
    try {
      void lanes.enter('a');
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(RpcError);
    expect(refusal).toMatchObject({
      code: -32001,
      message: 'Server overloaded; 4096 requests wait already. Retry later.',
      data: { reason: 'server_overloaded' },
    });
    expect(lanes.enter('b')).toBe(null);
    lanes.leave('a');
    expect(lanes.enter('a')).toBeInstanceOf(Promise);
  });
});
