import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidV7 } from 'uuid';
import { onTestFinished } from 'vitest';
import type { CoreEnvironment } from '../../src/core/environment.ts';
import { Core, Identity } from '../../src/core/index.ts';
import type { EmitCoreEvent } from '../../src/core/index.ts';

const ignore = (): void => {};
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** A core in this process, with a home directory that is removed after the test and without an upstream unless it is given one. */
export function openCore(emit: EmitCoreEvent, overrides: Partial<CoreEnvironment> = {}): Core {
  const codexHome = mkdtempSync(join(tmpdir(), 'parley-core-'));
  onTestFinished(() => rmSync(codexHome, { recursive: true }));
  return new Core({
    codexHome,
    configOverrides: [],
    variables: {},
    workingDirectory: codexHome,
    packageVersion: '1.0.0',
    installationId: '00000000-0000-4000-8000-000000000000',
    identity: new Identity({
      platform: { osName: 'os', osVersion: '1', architecture: 'arch', terminal: 'term' },
      packageVersion: '1.0.0',
      originatorOverride: null,
    }),
    userName: () => 'Ada',
    ask: () => Promise.resolve(null),
    logger,
    dial: () => Promise.reject(new Error('there is no upstream here')),
    responsesDial: () => Promise.reject(new Error('there is no upstream here')),
    compress: (body) => Promise.resolve(body),
    http: () => Promise.reject(new Error('there is no upstream here')),
    emit,
    newId: uuidV7,
    now: () => 1_700_000_000_000,
    monotonicNow: () => 0,
    unloadAfterMs: 60_000,
    ...overrides,
  });
}
