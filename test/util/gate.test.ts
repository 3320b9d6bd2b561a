import { expect, it } from 'vitest';
import { Gate } from '../../src/util/gate.ts';

it('holds up who passes until it was released as often as it was held', async () => {
  const gate = new Gate();
  const { signal } = new AbortController();
  await gate.pass(signal);
  gate.hold();
  gate.hold();
  const seen: string[] = [];
  const passed = gate.pass(signal).then(() => seen.push('passed'));
  gate.release();
  seen.push('released once');
  await Promise.resolve();
  seen.push(gate.isShut ? 'shut' : 'open');
  gate.release();
  await passed;
  expect(seen).toEqual(['released once', 'shut', 'passed']);
});

it('lets go who gives up', async () => {
  const gate = new Gate();
  gate.hold();
  const abort = new AbortController();
  const passed = gate.pass(abort.signal);
  abort.abort();
  await passed;
  expect(gate.isShut).toBe(true);
});
