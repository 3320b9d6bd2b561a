import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ImageReader, loadSharp } from '../../../src/core/images/index.ts';
import type { Questions } from '../../../src/core/questions.ts';
import { NO_RECORDER } from '../../../src/core/rollout/index.ts';
import { unknownModel } from '../../../src/core/models/model-info.ts';
import type { ToolContext } from '../../../src/core/tools/tool.ts';
import { Workbench } from '../../../src/core/tools/workbench.ts';
import { TurnReporter } from '../../../src/core/turn/turn-reporter.ts';
import type { TurnSettings } from '../../../src/core/turn/turn-settings.ts';
import { ProcessGroups, Sandbox } from '../../../src/exec/index.ts';
import { SETTINGS } from '../turn/settings.ts';

type Answers = { readonly [Q in keyof Questions]?: Questions[Q]['answer'] };

export interface Bench {
  readonly context: ToolContext;
  /** A folder that is removed after the test. */
  readonly folder: string;
  /** Every event that was told. */
  readonly told: (readonly [event: string, params: unknown])[];
  /** What was asked, by name. */
  readonly asked: string[];
  /** The reasons that were given for asking, null where none was. */
  readonly reasons: (string | null)[];
  /** What the user was warned of. */
  readonly warnings: string[];
}

export interface BenchOptions {
  readonly settings?: Partial<TurnSettings>;
  readonly answers?: Answers;
  /** A system that there is no sandbox for, unless another one is named. */
  readonly platform?: NodeJS.Platform;
}

/** What a tool works with in one turn, with everything outside it in the test's hands. */
export function openBench({ answers = {}, platform = 'freebsd', settings = {} }: BenchOptions = {}): Bench {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parley-tools-')));
  const groups = new ProcessGroups();
  onTestFinished(async () => {
    await groups.endAll();
    rmSync(folder, { recursive: true, force: true });
  });
  const told: [string, unknown][] = [];
  const asked: string[] = [];
  const reasons: (string | null)[] = [];
  const warnings: string[] = [];
  const path = process.env['PATH'] ?? '/usr/bin:/bin';
  const workbench = new Workbench({
    sandbox: new Sandbox({ groups, path, platform }),
    groups,
    images: new ImageReader(loadSharp),
    ask: (question, params) => {
      asked.push(question);
      reasons.push('reason' in params ? (params.reason ?? null) : null);
      return Promise.resolve(answers[question] ?? null);
    },
    codexHome: join(folder, 'home'),
    commandVariables: { PATH: path },
    onWaiting: () => {},
    warn: (message) => warnings.push(message),
  });
  const reporter = new TurnReporter({
    threadId: 'thread',
    turnId: 'turn',
    emit: (event, params) => told.push([event, params]),
    now: () => 0,
    recorder: NO_RECORDER,
    facts: { modelContextWindow: null, collaborationMode: 'default' },
    cwd: folder,
    onMessage: () => {},
    onTurnEnd: () => {},
  });
  const context: ToolContext = {
    threadId: 'thread',
    turnId: 'turn',
    settings: { ...SETTINGS, cwd: folder, ...settings },
    model: unknownModel('a-model'),
    reporter,
    signal: new AbortController().signal,
    workbench,
    turnMetadata: null,
    tellModel: (text) => told.push(['modelTold', text]),
    cancelTurn: () => told.push(['turnCancelled', null]),
  };
  return { context, folder, told, asked, reasons, warnings };
}
