import type { AppendFile } from '../../../../src/core/rollout/line-file.ts';

/** What happens to a write: so many bytes are taken, and with a code the call fails all the same. */
export interface WriteFault {
  readonly bytes: number;
  readonly code?: string;
}

/** One file in memory, whose writes can be made to fall short or fail. */
export class FaultyDisk {
  content = Buffer.alloc(0);
  nlink = 1;
  /** For the coming writes, in order; null for one that succeeds. */
  faults: (WriteFault | null)[] = [];
  /** Makes every operation fail. */
  broken: string | null = null;
  readonly writes: string[] = [];
  opened = 0;
  closed = 0;
  /** Waited for before each operation. */
  pause: () => Promise<unknown> = () => Promise.resolve();

  get text(): string {
    return this.content.toString();
  }

  readonly open = async (): Promise<AppendFile> => {
    await this.#operate();
    this.opened += 1;
    if (this.nlink === 0) {
      this.nlink = 1;
      this.content = Buffer.alloc(0);
    }
    return {
      stat: async () => {
        await this.#operate();
        return { size: this.content.length, nlink: this.nlink };
      },
      read: async (position, length) => {
        await this.#operate();
        return Buffer.from(this.content.subarray(position, position + length));
      },
      write: async (bytes) => {
        await this.#operate();
        return this.#write(bytes);
      },
      close: async () => {
        this.closed += 1;
      },
    };
  };

  async #operate(): Promise<void> {
    await this.pause();
    if (this.broken !== null) throw failure(this.broken);
  }

  #write(bytes: Buffer): number {
    const fault = this.faults.shift() ?? null;
    const taken = fault === null ? bytes : bytes.subarray(0, fault.bytes);
    this.content = Buffer.concat([this.content, taken]);
    this.writes.push(taken.toString());
    if (fault?.code !== undefined) throw failure(fault.code);
    return taken.length;
  }
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: the disk of this test`), { code });
}
