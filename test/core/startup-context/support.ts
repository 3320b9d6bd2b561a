import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RecentThread } from '../../../src/core/startup-context/index.ts';
import type { MessageItem } from '../../../src/responses/index.ts';
import type { Log, Logger } from '../../../src/util/logger.ts';
import { testFolder } from '../../support/folder.ts';

/** A folder for one test, with empty files at the given paths; a path that ends in `/` is a folder. */
export function folderWith(...paths: readonly string[]): string {
  const folder = testFolder();
  for (const path of paths) {
    if (path.endsWith('/')) mkdirSync(join(folder, path), { recursive: true });
    else writeIn(folder, path, '');
  }
  return folder;
}

export function writeIn(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

/** A signal that never aborts. */
export function unhurried(): AbortSignal {
  return new AbortController().signal;
}

export function aborted(): AbortSignal {
  return AbortSignal.abort(new Error('too late'));
}

export function user(...texts: readonly string[]): MessageItem {
  return { type: 'message', role: 'user', content: texts.map((text) => ({ type: 'input_text', text })) };
}

export function agent(...texts: readonly string[]): MessageItem {
  return {
    type: 'message',
    role: 'assistant',
    content: texts.map((text) => ({ type: 'output_text', text })),
  };
}

export function recentThread(changes: Partial<RecentThread>): RecentThread {
  return {
    cwd: '/srv/app',
    firstUserMessage: 'Fix it',
    updatedAtMs: Date.UTC(2026, 3, 5, 6, 7, 8),
    branch: null,
    ...changes,
  };
}

export interface LoggedLine {
  readonly level: keyof Logger;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Keeps every line, and tells each to `onLine`. */
export function recordingLogger(onLine: (line: LoggedLine) => void = () => {}): {
  logger: Logger;
  lines: LoggedLine[];
} {
  const lines: LoggedLine[] = [];
  const at = (level: keyof Logger): Log => {
    return (fields, message) => {
      const line = { level, fields, message };
      lines.push(line);
      onLine(line);
    };
  };
  return { logger: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}
