import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TestContext } from 'vitest';
import { pcm16ToMono } from '../../src/util/pcm-channel.ts';
import { resample } from '../../src/util/resample.ts';
import { WavFileReader } from '../../src/util/wav-file.ts';

const program = resolve('dist/cli/main.js');
const speech = resolve('test/fixtures/speech.wav');
const directory = mkdtempSync(join(tmpdir(), 'parley-talk-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** `parley talk` as a process of its own, with what it has written so far. */
class Talk {
  readonly process: ChildProcessWithoutNullStreams;
  readonly exited: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor({ onTestFinished }: TestContext, args: readonly string[]) {
    this.process = spawn(process.execPath, [program, 'talk', '--loopback', ...args], {
      env: { PATH: process.env['PATH'], CODEX_HOME: directory, HOME: directory },
    });
    this.exited = new Promise((done) => this.process.once('close', done));
    this.process.stdout.on('data', (text: Buffer) => (this.stdout += text.toString()));
    this.process.stderr.on('data', (text: Buffer) => (this.stderr += text.toString()));
    onTestFinished(() => {
      this.process.kill('SIGKILL');
    });
  }

  /** Resolves when a line of this kind is on stderr; rejects if the process ends without it. */
  async remark(line: string): Promise<void> {
    while (!this.stderr.split('\n').includes(line)) {
      const wasExited = await Promise.race([
        new Promise<boolean>((heard) => this.process.stderr.once('data', () => heard(false))),
        this.exited.then(() => true),
      ]);
      if (wasExited) throw new Error(`expected "${line}" on stderr, got:\n${this.stderr}`);
    }
  }
}

function samplesOf(path: string): { samples: Float32Array; rate: number } {
  const reader = new WavFileReader(path);
  const bytes = reader.read(reader.dataLength).slice();
  const { sampleRate, channels } = reader.format;
  reader.close();
  return { samples: pcm16ToMono(bytes, channels), rate: sampleRate };
}

/** How alike two recordings are at the shift where they are most alike: 1 is the same, 0 has nothing in common. */
function likeness(left: Float32Array, right: Float32Array): number {
  const energy = (samples: Float32Array): number => samples.reduce((sum, sample) => sum + sample * sample, 0);
  let peak = 0;
  for (let shift = 1 - right.length; shift < left.length; shift += 1) {
    let sum = 0;
    const end = Math.min(left.length, right.length + shift);
    for (let index = Math.max(0, shift); index < end; index += 1) sum += left[index]! * right[index - shift]!;
    peak = Math.max(peak, Math.abs(sum));
  }
  return peak / Math.sqrt(energy(left) * energy(right));
}

describe.concurrent('parley talk on the loopback upstream', () => {
  it('sends a recording and gets it back', async (context) => {
    const out = join(directory, 'reply.wav');
    const talk = new Talk(context, ['--in', speech, '--out', out]);
    expect({ code: await talk.exited, stderr: talk.stderr }).toEqual({
      code: 0,
      stderr: 'connecting\nlistening\nspeaking\nlistening\nstopping\n',
    });
    expect(talk.stdout.split('\n')).toEqual([
      expect.stringMatching(/^you: \S/),
      expect.stringMatching(/^answer: \S/),
      'summary',
      '  utterances   1 heard, 1 answered',
      expect.stringMatching(/^ {2}first audio {2}p50 \d+ ms, worst \d+ ms$/),
      expect.stringMatching(/^ {2}sent {9}\d+ bytes \(\d+\.\d s\)$/),
      expect.stringMatching(/^ {2}received {5}\d+ bytes \(\d+\.\d s\)$/),
      expect.stringMatching(/^ {2}written {6}.*reply\.wav, [34]\.\d s$/),
      '  closed       requested',
      '',
    ]);
    const reply = samplesOf(out);
    expect(reply.rate).toBe(24_000);
    const said = samplesOf(speech);
    // A quarter of the bandwidth holds most of a voice and makes the search short.
    const narrow = ({ samples, rate }: typeof said): Float32Array =>
      resample(samples, { from: rate, to: 4_000 });
    expect(likeness(narrow(said), narrow(reply))).toBeGreaterThan(0.8);
  });

  it('stops in order on Ctrl-C', async (context) => {
    const out = join(directory, 'stopped.wav');
    const talk = new Talk(context, ['--in', speech, '--out', out]);
    await talk.remark('speaking');
    talk.process.kill('SIGINT');
    expect(await talk.exited).toBe(0);
    expect(talk.stderr).toMatch(/^connecting\nlistening\nspeaking\nstopping\n$/);
    expect(talk.stdout).toContain('summary\n  utterances   1 heard, 1 answered\n');
    expect(talk.stdout).toMatch(/\n {2}closed {7}requested\n$/);
    const { samples, rate } = samplesOf(out);
    expect(rate).toBe(24_000);
    expect(samples.length).toBeGreaterThan(0);
  });

  it('sends the lines of a pipe as text', async (context) => {
    const talk = new Talk(context, ['--modality', 'text']);
    talk.process.stdin.end('hello\n');
    expect(await talk.exited).toBe(0);
    expect(talk.stdout).toMatch(/^answer: .*hello/);
    expect(talk.stdout).toContain('summary\n  utterances  0 heard, 1 typed, 1 answered\n');
  });

  it('shows what the agent does and says, and speaks the result', async (context) => {
    const talk = new Talk(context, ['--modality', 'text', '--text', 'agent: list the files here']);
    expect(await talk.exited).toBe(0);
    expect(talk.stderr.split('\n')).toEqual([
      'connecting',
      'listening',
      'delegated to the agent: list the files here',
      'agent started',
      expect.stringMatching(/^agent completed in \d+\.\d s$/),
      'stopping',
      '',
    ]);
    expect(talk.stdout.split('\n').slice(0, 5)).toEqual([
      'agent: The loopback server was asked: "list the files here"',
      'answer: The background agent reports: The loopback server was asked: "list the files here"',
      'summary',
      '  utterances  0 heard, 1 typed, 1 answered',
      '  agent       1 turn',
    ]);
  });

  it('stops the work under way on a word', async (context) => {
    const talk = new Talk(context, ['--modality', 'text']);
    talk.process.stdin.write('agent: slow 60: x\n');
    await talk.remark('agent started');
    talk.process.stdin.end('agent: stop\n');
    expect(await talk.exited).toBe(0);
    expect(talk.stderr.split('\n').slice(2)).toEqual([
      'delegated to the agent: slow 60: x',
      'agent started',
      'delegated to the agent at work: stop',
      expect.stringMatching(/^agent interrupted after \d+\.\d s$/),
      'stopping',
      '',
    ]);
    expect(talk.stdout).toMatch(/^answer: .* stopped\b/m);
  });

  it('passes a new wish on to the work under way', async (context) => {
    const talk = new Talk(context, ['--modality', 'text']);
    talk.process.stdin.write('agent: slow 2: x\n');
    await talk.remark('agent started');
    talk.process.stdin.end('agent: use tabs\n');
    expect(await talk.exited).toBe(0);
    expect(talk.stderr.split('\n').slice(2)).toEqual([
      'delegated to the agent: slow 2: x',
      'agent started',
      'delegated to the agent at work: use tabs',
      expect.stringMatching(/^agent completed in \d+\.\d s$/),
      'stopping',
      '',
    ]);
    const said = talk.stdout.split('\n').filter((line) => line.startsWith('agent: '));
    expect(said).toEqual([
      'agent: The loopback server was asked: "x" Taking 2 seconds over this, as asked.',
      'agent: The loopback server was asked: "use tabs"',
    ]);
  });

  it('ends by itself with a failure when the work fails', async (context) => {
    const talk = new Talk(context, ['--modality', 'text', '--text', 'agent: fail 400']);
    expect(await talk.exited).toBe(1);
    const lines = talk.stderr.split('\n');
    expect(lines.slice(2, 4)).toEqual(['delegated to the agent: fail 400', 'agent started']);
    expect(lines.slice(4)).toEqual([
      expect.stringMatching(/^agent failed after \d+\.\d s: .*status 400/),
      'stopping',
      'parley talk: the agent failed',
      '',
    ]);
    expect(talk.stdout).toMatch(/^answer: .*failed/m);
  });

  it('ends by itself when there was nothing to stop', async (context) => {
    const talk = new Talk(context, ['--modality', 'text', '--text', 'agent: stop']);
    expect(await talk.exited).toBe(0);
    expect(talk.stderr).toBe('connecting\nlistening\ndelegated to the agent: stop\nstopping\n');
  });

  it('takes raw PCM from a pipe', async (context) => {
    const out = join(directory, 'piped.wav');
    const talk = new Talk(context, ['--in', '-', '--rate', '22050', '--out', out]);
    const reader = new WavFileReader(speech);
    talk.process.stdin.end(reader.read(reader.dataLength));
    reader.close();
    expect(await talk.exited).toBe(0);
    expect(talk.stdout).toContain('summary\n  utterances   1 heard, 1 answered\n');
    expect(samplesOf(out).samples.length).toBeGreaterThan(3 * 24_000);
  });
});
