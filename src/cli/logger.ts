import type { StderrSink } from './stderr-sink.ts';
import type { Log, Logger } from '../util/logger.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** Members that never reach the log, as a field or one level below. */
const REDACTED = [
  'apiKey',
  'authorization',
  'token',
  'audio',
  'data',
  'delta',
  'text',
  'transcript',
  'instructions',
];

/** The level of the log: `PARLEY_LOG`, else `RUST_LOG` where it is a plain level, else `warn`. */
export function logLevel(variables: Readonly<Record<string, string | undefined>>): string {
  for (const name of ['PARLEY_LOG', 'RUST_LOG']) {
    const level = variables[name]?.trim().toLowerCase();
    if (level === 'off') return 'silent';
    if (level !== undefined && LEVELS.includes(level)) return level;
  }
  return 'warn';
}

/**
 * Writes JSON lines to stderr. The library behind it is loaded with the first line that is written; until then lines
 * wait in their order.
 */
export function stderrLogger(level: string, sink: StderrSink): Logger {
  type Backend = Record<keyof Logger, Log>;
  let backend: Backend | null = null;
  let waiting: ((loaded: Backend) => void)[] | null = null;
  const write = (run: (loaded: Backend) => void): void => {
    if (backend !== null) return run(backend);
    if (waiting !== null) return void waiting.push(run);
    waiting = [run];
    void import('pino').then(({ pino }) => {
      const paths = REDACTED.flatMap((name) => [name, `*.${name}`]);
      backend = pino({ level, redact: { paths } }, sink);
      for (const line of waiting ?? []) line(backend);
      waiting = null;
    });
  };
  const threshold = LEVELS.indexOf(level);
  const log = (name: keyof Logger): Log => {
    if (LEVELS.indexOf(name) < threshold) return () => {};
    return (fields, message) => write((loaded) => loaded[name](fields, message));
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
