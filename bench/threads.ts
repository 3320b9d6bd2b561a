/**
 * What lists of many threads and one long thread cost, in time and in peak memory, each as a ratio to a bare Node process
 * that does the least work in question over the same files: it looks at every file of 10,000, or parses every line of
 * 100 MiB. Prints one JSON line for each measurement. "Cold" is the first request of a process, "warm" the second; the
 * files are in the page cache in either case. Needs Linux, whose /proc tells the peak memory of a process. Run it after a
 * build: `npm run bench`.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

const THREADS = 10_000;
const LONG_BYTES = 100 * 1024 * 1024;
const ROUNDS = 3;
const MIB = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;
const NEWEST = Date.now() - DAY_MS;
/** About as long as the instructions of a real thread. */
const INSTRUCTIONS = 'You help with code, and you say plainly what you did. '.repeat(200);
const TOOL_OUTPUT = 'src/main.ts:12: something that a command printed\n'.repeat(200);

interface Cost {
  readonly ms: number;
  /** The most memory that the process has had so far. */
  readonly peakMib: number;
}
interface Request {
  readonly method: string;
  readonly params: object;
}

const root = mkdtempSync(join(tmpdir(), 'parley-bench-'));
try {
  await measureLists();
  for (const compactEvery of [100, null]) await measureLong(compactEvery);
} finally {
  rmSync(root, { recursive: true });
}

async function measureLists(): Promise<void> {
  const home = newHome('many');
  for (let index = 0; index < THREADS; index += 1) writeShortThread(home, index);
  const floor = await measureFloor(
    `import { readdirSync, statSync } from 'node:fs';
     import { join } from 'node:path';`,
    `for (const entry of readdirSync(process.argv[1], { recursive: true, withFileTypes: true }))
       if (entry.isFile()) statSync(join(entry.parentPath, entry.name));`,
    join(home, 'sessions'),
  );
  print({ measurement: 'floor: readdir and stat', threads: THREADS, ...floor });
  const lists = {
    'first page by created_at': { sortKey: 'created_at' },
    'first page by updated_at': { sortKey: 'updated_at' },
    'search without a hit': { searchTerm: 'nobody said this' },
  };
  for (const [name, params] of Object.entries(lists)) {
    const request = { method: 'thread/list', params };
    const costs = await measureDaemon(home, [request, request]);
    for (const [index, cost] of costs.entries()) {
      const state = index === 0 ? 'cold' : 'warm';
      print({ measurement: name, state, threads: THREADS, ...cost, ...ratios(cost, floor) });
    }
  }
}

async function measureLong(compactEvery: number | null): Promise<void> {
  const home = newHome(`long-${compactEvery ?? 'never'}`);
  const threadId = threadIdOf(NEWEST);
  const { path, turns } = writeLongThread(home, threadId, compactEvery);
  const facts = { mib: Math.round(statSync(path).size / MIB), turns, compactEvery };
  const floor = await measureFloor(
    `import { createReadStream } from 'node:fs';
     import { createInterface } from 'node:readline';`,
    `let lines = 0;
     for await (const line of createInterface({ input: createReadStream(process.argv[1]) }))
       if (JSON.parse(line).type !== undefined) lines += 1;`,
    path,
  );
  print({ measurement: 'floor: readline and JSON.parse', ...facts, ...floor });
  const requests: Readonly<Record<string, Request>> = {
    'thread/resume': { method: 'thread/resume', params: { threadId } },
    'thread/resume excludeTurns': { method: 'thread/resume', params: { threadId, excludeTurns: true } },
    'thread/read': { method: 'thread/read', params: { threadId } },
    'thread/read includeTurns': { method: 'thread/read', params: { threadId, includeTurns: true } },
    'thread/turns/list': { method: 'thread/turns/list', params: { threadId } },
  };
  for (const [measurement, request] of Object.entries(requests)) {
    const [cost] = await measureDaemon(home, [request]);
    if (cost !== undefined) print({ measurement, ...facts, ...cost, ...ratios(cost, floor) });
  }
}

/** The costs of requests that follow one another in one process, over several such processes. */
async function measureDaemon(home: string, requests: readonly Request[]): Promise<Cost[]> {
  const rounds: Cost[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const daemon = spawn(process.execPath, ['dist/cli/main.js', 'app-server'], {
      env: { ...process.env, CODEX_HOME: home },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = lineStarts(daemon.stdout);
    const ask = async (id: number, request: Request): Promise<void> => {
      daemon.stdin.write(`${JSON.stringify({ id, ...request })}\n`);
      for (;;) {
        const line = await lines.next();
        if (line.done === true || line.value.startsWith('{"error"')) throw new Error(String(line.value));
        if (line.value.startsWith(`{"id":${id},`)) return;
      }
    };
    const clientInfo = { name: 'bench', version: '1' };
    await ask(0, { method: 'initialize', params: { clientInfo, capabilities: { experimentalApi: true } } });
    const costs: Cost[] = [];
    for (const [index, request] of requests.entries()) {
      const before = performance.now();
      await ask(index + 1, request);
      const ms = performance.now() - before;
      costs.push({ ms, peakMib: peakMib(readFileSync(`/proc/${daemon.pid}/status`, 'utf8')) });
    }
    rounds.push(costs);
    daemon.kill('SIGKILL');
    await once(daemon, 'exit');
  }
  return requests.map((_, index) => medianCost(rounds.flatMap((costs) => costs.slice(index, index + 1))));
}

/** How each line begins, once all of it has come. A line may be very long, so that it is neither kept nor parsed. */
async function* lineStarts(stream: Readable): AsyncGenerator<string, undefined> {
  let start = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, from)) {
      yield (start + chunk.toString('latin1', from, end)).slice(0, 200);
      start = '';
      from = end + 1;
    }
    start = (start + chunk.toString('latin1', from, from + 200)).slice(0, 200);
  }
}

/** The cost of `work` in a bare process; what comes before it is not part of the time. */
async function measureFloor(imports: string, work: string, path: string): Promise<Cost> {
  const program = `import { readFileSync } from 'node:fs';
    ${imports}
    const before = performance.now();
    ${work}
    const ms = performance.now() - before;
    process.stdout.write(JSON.stringify({ ms, status: readFileSync('/proc/self/status', 'utf8') }));`;
  const costs: Cost[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const answer = Buffer.concat((await child.stdout.toArray()) as Buffer[]).toString();
    const { ms, status } = JSON.parse(answer) as { ms: number; status: string };
    costs.push({ ms, peakMib: peakMib(status) });
  }
  return medianCost(costs);
}

/** Small threads, some of each day, written in an order that is not that of their making. */
function writeShortThread(home: string, index: number): void {
  const at = NEWEST - index * (DAY_MS / 20);
  const threadId = threadIdOf(at);
  const text = [
    metaLine(threadId, at),
    ...turnLines(at, { prompt: `question ${index}`, answer: 'answer', toolOutputs: 0 }),
  ].join('');
  const path = rolloutPath(home, threadId, at);
  writeFileSync(path, text);
  const writtenAt = (NEWEST - ((index * 7919) % THREADS) * 1000) / 1000;
  utimesSync(path, writtenAt, writtenAt);
}

function writeLongThread(home: string, threadId: string, compactEvery: number | null) {
  const path = rolloutPath(home, threadId, NEWEST);
  const file = openSync(path, 'w');
  let bytes = writeSync(file, metaLine(threadId, NEWEST));
  let turns = 0;
  while (bytes < LONG_BYTES) {
    turns += 1;
    const at = NEWEST + turns * 1000;
    const lines = turnLines(at, { prompt: `question ${turns}`, answer: 'word '.repeat(200), toolOutputs: 8 });
    if (compactEvery !== null && turns % compactEvery === 0) lines.push(compactedLine(at));
    bytes += writeSync(file, lines.join(''));
  }
  closeSync(file);
  return { path, turns };
}

function metaLine(id: string, at: number): string {
  return line(at, 'session_meta', {
    id,
    timestamp: new Date(at).toISOString(),
    cwd: '/repo',
    originator: 'bench',
    cli_version: '0.130.0',
    source: 'vscode',
    model_provider: 'bench',
    base_instructions: { text: INSTRUCTIONS },
  });
}

/** The lines of one turn, with as many tool calls and outputs as it has. */
function turnLines(at: number, turn: { prompt: string; answer: string; toolOutputs: number }): string[] {
  const turn_id = threadIdOf(at);
  const { answer, prompt, toolOutputs } = turn;
  const event = (payload: object): string => line(at, 'event_msg', payload);
  const item = (payload: object): string => line(at, 'response_item', payload);
  const tools = Array.from({ length: toolOutputs }, (_, index) => {
    const call_id = `${turn_id}-${index}`;
    return [
      item({ type: 'function_call', name: 'shell', arguments: '{"command":["rg","x"]}', call_id }),
      item({ type: 'function_call_output', call_id, output: TOOL_OUTPUT }),
    ];
  });
  return [
    event({
      type: 'task_started',
      turn_id,
      started_at: Math.floor(at / 1000),
      model_context_window: 258_400,
    }),
    line(at, 'turn_context', {
      turn_id,
      cwd: '/repo',
      approval_policy: 'never',
      sandbox_policy: { type: 'read-only' },
      model: 'gpt-5.5',
      summary: 'auto',
    }),
    item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: prompt }] }),
    event({ type: 'user_message', message: prompt, images: [], local_images: [], text_elements: [] }),
    ...tools.flat(),
    event({ type: 'agent_message', message: answer, phase: null, memory_citation: null }),
    item({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: answer }] }),
    event({ type: 'token_count', info: null, rate_limits: null }),
    event({ type: 'task_complete', turn_id, last_agent_message: answer, duration_ms: 900 }),
  ];
}

function compactedLine(at: number): string {
  const content = [{ type: 'input_text', text: 'what happened so far, in short. '.repeat(500) }];
  const replacement_history = [{ type: 'message', role: 'user', content }];
  return line(at, 'compacted', { message: '', replacement_history });
}

function line(at: number, type: string, payload: object): string {
  return `${JSON.stringify({ timestamp: new Date(at).toISOString(), type, payload })}\n`;
}

/** A provider of its own, so that nothing is sent anywhere. */
function newHome(name: string): string {
  const home = join(root, name);
  mkdirSync(home);
  const provider = '[model_providers.bench]\nname = "Bench"\nbase_url = "http://127.0.0.1:9/v1"\n';
  writeFileSync(join(home, 'config.toml'), `model_provider = "bench"\n${provider}`);
  return home;
}

function rolloutPath(home: string, threadId: string, at: number): string {
  const time = new Date(at);
  const numbers = [time.getFullYear(), time.getMonth() + 1, time.getDate()];
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()];
  const [date, stamp] = [numbers, clock].map((parts) =>
    parts.map((part) => String(part).padStart(2, '0')).join('-'),
  );
  const folder = join(home, 'sessions', ...(date ?? '').split('-'));
  mkdirSync(folder, { recursive: true });
  return join(folder, `rollout-${date}T${stamp}-${threadId}.jsonl`);
}

/** A UUID of version 7. */
function threadIdOf(at: number): string {
  const hex = at.toString(16).padStart(12, '0') + randomBytes(10).toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `7${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20)].join('-');
}

function peakMib(status: string): number {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

function medianCost(costs: readonly Cost[]): Cost {
  const median = (values: readonly number[]): number =>
    values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
  return { ms: median(costs.map(({ ms }) => ms)), peakMib: median(costs.map((cost) => cost.peakMib)) };
}

function ratios(cost: Cost, floor: Cost): { timeRatio: number; peakRatio: number } {
  return { timeRatio: cost.ms / floor.ms, peakRatio: cost.peakMib / floor.peakMib };
}

function print(measurement: Readonly<Record<string, unknown>>): void {
  const rounded = Object.entries(measurement).map(([key, value]) =>
    typeof value === 'number' ? [key, Math.round(value * 100) / 100] : [key, value],
  );
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded))}\n`);
}
