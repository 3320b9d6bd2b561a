import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  archivedPath,
  datedFolder,
  parseRolloutName,
  rolloutPath,
} from '../../../src/core/rollout/file-name.ts';

const ID = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';
const NAME = `rollout-2026-11-20T23-14-29-${ID}.jsonl`;

describe('the name of a rollout file', () => {
  it('has its place by local date, and a flat one in the archive', () => {
    const createdAt = new Date(2026, 10, 20, 23, 14, 29);
    expect(rolloutPath('/home', ID, createdAt)).toBe(`/home/sessions/2026/11/20/${NAME}`);
    expect(archivedPath('/home', NAME)).toBe(`/home/archived_sessions/${NAME}`);
    expect(datedFolder('/home', NAME)).toBe('/home/sessions/2026/11/20');
  });

  it('says which thread it is of and when that was created', () => {
    expect(parseRolloutName(NAME)).toEqual({
      threadId: ID,
      stamp: '2026-11-20T23-14-29',
      createdAt: new Date(2026, 10, 20, 23, 14, 29),
    });
  });

  it.each([
    '',
    ID,
    `rollout-2026-11-20-23-14-29-${ID}.jsonl`,
    `rollout-2026-11-20T23-14-29-${ID}.json`,
    `rollout-2026-11-20T23-14-29-${ID}.memory.json`,
    `rollout-2026-11-20T23-14-29-${ID.toUpperCase()}.jsonl`,
    `rollout-2026-02-30T23-14-29-${ID}.jsonl`,
    `rollout-2026-13-01T23-14-29-${ID}.jsonl`,
    `rollout-2026-00-01T23-14-29-${ID}.jsonl`,
    `rollout-2026-11-20T24-14-29-${ID}.jsonl`,
    `rollout-2026-11-20T23-60-29-${ID}.jsonl`,
    `rollout-0026-11-20T23-14-29-${ID}.jsonl`,
    `rollout-2026-11-20T23-14-29-../../${ID}.jsonl`,
    `../${NAME}`,
    `${NAME}\n`,
  ])('is none: %j', (name) => {
    expect(parseRolloutName(name)).toBeNull();
    expect(datedFolder('/home', name)).toBeNull();
  });

  it('is read back as it was made', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.date({ min: new Date(1970, 0, 2), max: new Date(2200, 0, 1), noInvalidDate: true }),
        (id, date) => {
          const path = rolloutPath('/home', id, date);
          const [, name = ''] = /([^/]*)$/u.exec(path) ?? [];
          const second = new Date(date);
          second.setMilliseconds(0);
          expect(parseRolloutName(name)?.threadId).toBe(id);
          expect(`${datedFolder('/home', name)}/${name}`).toBe(path);
          // An hour that the clocks went through twice is read as the first of the two.
          const read = parseRolloutName(name)?.createdAt ?? null;
          expect(rolloutPath('/home', id, read ?? new Date(0))).toBe(path);
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(parseRolloutName(name)).toBeNull();
      }),
    );
  });
});
