import { describe, expect, it } from 'vitest';
import type { RolloutHead } from '../../../src/core/rollout/head.ts';
import { HeadCache } from '../../../src/core/store/head-cache.ts';
import { ToldPaths } from '../../../src/core/store/told-paths.ts';
import { idOf, metaOf } from './support/home.ts';

const headOf = (message: string): RolloutHead => ({
  kind: 'thread',
  meta: metaOf(idOf(1)),
  preview: message,
  firstUserMessage: message,
});
const stateOf = (path: string) => ({ path, mtimeMs: 1.5, size: 10 });

describe('the cache of heads', () => {
  it('knows a file until it changes', () => {
    const cache = new HeadCache();
    expect(cache.get(stateOf('a'))).toBeNull();
    cache.set(stateOf('a'), headOf('one'));
    expect(cache.get(stateOf('a'))).toEqual(headOf('one'));
    expect(cache.get({ ...stateOf('a'), size: 11 })).toBeNull();
    cache.set(stateOf('a'), headOf('one'));
    cache.set({ ...stateOf('a'), mtimeMs: 2 }, { kind: 'notAThread' });
    expect(cache.get(stateOf('a'))).toBeNull();
  });

  it('forgets what was not used for longest when it holds too many', () => {
    const cache = new HeadCache({ maxEntries: 2 });
    cache.set(stateOf('a'), headOf('one'));
    cache.set(stateOf('b'), headOf('two'));
    cache.get(stateOf('a'));
    cache.set(stateOf('c'), headOf('three'));
    expect(['a', 'b', 'c'].map((path) => cache.get(stateOf(path)) !== null)).toEqual([true, false, true]);
  });

  it('forgets as much as long messages take', () => {
    const cache = new HeadCache({ maxCharacters: 20 });
    cache.set(stateOf('a'), headOf('12345'));
    cache.set(stateOf('b'), headOf('12345'));
    expect(cache.get(stateOf('a'))).toEqual(headOf('12345'));
    cache.set(stateOf('c'), headOf('1'));
    expect(['a', 'b', 'c'].map((path) => cache.get(stateOf(path)) !== null)).toEqual([true, false, true]);
    cache.set(stateOf('d'), headOf('12345678901'));
    expect(['a', 'b', 'c', 'd'].map((path) => cache.get(stateOf(path)))).toEqual([null, null, null, null]);
    cache.set(stateOf('a'), headOf('12345'));
    expect(cache.get(stateOf('a'))).toEqual(headOf('12345'));
  });
});

describe('the paths that were told', () => {
  it('are new once, until too many others were told', () => {
    const told = new ToldPaths(2);
    expect(['a', 'a', 'b', 'a', 'c', 'b', 'a'].map((path) => told.add(path))).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});
