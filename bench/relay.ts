/**
 * What the daemon costs for each frame of output audio, as a ratio to a bare Node relay in the same run: both get the
 * same frames from one upstream, in turn, several times. Prints CPU microseconds a frame and the ratio of the medians.
 * Needs Linux, whose /proc tells the CPU time of a process. Run it after a build: `npm run bench`.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

const FRAMES = 20_000;
const ROUNDS = 3;
const CLOCK_TICK_US = 10_000;
/** 100 ms of 24 kHz mono PCM16. */
const FRAME = JSON.stringify({
  type: 'response.output_audio.delta',
  item_id: 'item',
  response_id: 'response',
  delta: Buffer.alloc(4800, 7).toString('base64'),
});

type Process = ChildProcessByStdio<Writable, Readable, null>;

const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
const home = mkdtempSync(join(tmpdir(), 'parley-bench-'));
writeFileSync(
  join(home, 'config.toml'),
  `experimental_realtime_ws_base_url = "${url}"\nmodel_provider = "bench"\n` +
    `[model_providers.bench]\nname = "Bench"\nbase_url = "${url}"\nexperimental_bearer_token = "bench"\n`,
);

const results: { floor: number[]; daemon: number[] } = { floor: [], daemon: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  results.floor.push(await measure(startFloor()));
  results.daemon.push(await measure(await startDaemon()));
}
const floor = median(results.floor);
const daemon = median(results.daemon);
process.stdout.write(
  `${JSON.stringify({ frames: FRAMES, floorUs: floor, daemonUs: daemon, ratio: Number((daemon / floor).toFixed(2)) })}\n`,
);
sockets.close();
server.close();
rmSync(home, { recursive: true });

function startFloor(): Process {
  const source = `
    import { WebSocket } from 'ws';
    const socket = new WebSocket(process.argv[1], { perMessageDeflate: false });
    socket.on('open', () => socket.send('{"type":"session.update"}'));
    socket.on('message', (data) => {
      const { delta, item_id: itemId } = JSON.parse(data);
      const audio = { data: delta, sampleRate: 24000, numChannels: 1, samplesPerChannel: null, itemId };
      const params = { threadId: 'thread', audio };
      process.stdout.write(JSON.stringify({ method: 'thread/realtime/outputAudio/delta', params }) + '\\n');
    });`;
  return spawn(process.execPath, ['--input-type=module', '-e', source, url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

async function startDaemon(): Promise<Process> {
  const child = spawn(process.execPath, ['dist/cli/main.js', 'app-server'], {
    env: { ...process.env, CODEX_HOME: home },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const send = (message: object): boolean => child.stdin.write(`${JSON.stringify(message)}\n`);
  const clientInfo = { name: 'bench', version: '1' };
  send({ id: 0, method: 'initialize', params: { clientInfo, capabilities: { experimentalApi: true } } });
  send({ id: 1, method: 'thread/start', params: {} });
  const threadId = await new Promise<string>((resolve) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk.toString();
      const id = /"id":1,"result":\{"thread":\{"id":"([^"]+)"/.exec(text)?.[1];
      if (id === undefined) return;
      child.stdout.off('data', read);
      resolve(id);
    };
    child.stdout.on('data', read);
  });
  send({ id: 2, method: 'thread/realtime/start', params: { threadId, outputModality: 'audio' } });
  return child;
}

/** CPU microseconds a frame, from the first frame to the last line out. */
async function measure(child: Process): Promise<number> {
  const socket = await new Promise<WebSocket>((resolve) => {
    sockets.once('connection', (connection) => connection.once('message', () => resolve(connection)));
  });
  const allOut = new Promise<void>((resolve) => {
    let lines = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
      if (lines >= FRAMES) resolve();
    });
  });
  const before = cpuMicroseconds(child);
  for (let sent = 0; sent < FRAMES; sent += 1) {
    if (sent % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
    while (socket.bufferedAmount > 4_000_000) await new Promise((resolve) => setTimeout(resolve, 1));
    socket.send(FRAME);
  }
  await allOut;
  const used = cpuMicroseconds(child) - before;
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  return used / FRAMES;
}

function cpuMicroseconds({ pid }: Process): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_US;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
