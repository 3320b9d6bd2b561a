import { withDeadline } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { streamError } from '../error/responses-error.ts';

const BOUNDS = { bytes: 256 * 1024, milliseconds: 1_000 };

/**
 * Reads on for a moment after all that is wanted of a body has come, because a connection whose answer was read to its
 * end can serve the next request. Never rejects.
 */
export async function drain(
  reader: AsyncIterator<Uint8Array>,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const expired = (): Error => streamError('the body did not end');
  const { milliseconds } = BOUNDS;
  await withDeadline(readOn(reader), { clock, milliseconds, signal, expired }).catch(() => {});
}

async function readOn(reader: AsyncIterator<Uint8Array>): Promise<void> {
  for (let bytes = 0; bytes < BOUNDS.bytes;) {
    const next = await reader.next();
    if (next.done === true) return;
    bytes += next.value.length;
  }
}
