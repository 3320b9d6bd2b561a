import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyChanges, parsePatch, planPatch } from '../../src/patch/index.ts';
import { unifiedDiff } from '../../src/patch/unified-diff.ts';
import { changesOf, folderWith, patch } from './support.ts';

const line = fc
  .oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', ' ', '\t', '}', '*** End Patch', '@@', '+', '-', '\\ x'),
  )
  .map((text) => text.replace(/[\r\n\0\uFEFF\p{Surrogate}]/gu, ''));

/** Edits of a file: for each of its lines whether it stays, goes, or gets lines before it. */
const edits = fc.array(
  fc.record({ text: line, remove: fc.boolean(), add: fc.array(line, { maxLength: 2 }), edit: fc.boolean() }),
  { maxLength: 40 },
);

interface Versions {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Where `unique` lines are numbered, so that each place in the file can be found by any line of it. */
function versions(unique: boolean) {
  return edits.map((all): Versions => {
    const lines = all.map((edit, index) => ({ ...edit, text: unique ? `${index}:${edit.text}` : edit.text }));
    return {
      before: lines.map(({ text }) => text),
      after: lines.flatMap(({ text, remove, add, edit }) =>
        edit ? [...add, ...(remove ? [] : [text])] : [text],
      ),
    };
  });
}

function joined(lines: readonly string[], end: string): string {
  return lines.map((text) => text + end).join('');
}

/** The lines of a patch's update that make one text of the other. */
function updateOf({ before, after }: Versions, context: number): string[] {
  return unifiedDiff(joined(before, '\n'), joined(after, '\n'), context)
    .split('\n')
    .slice(0, -1)
    .map((text) => (text.startsWith('@@') ? '@@' : text));
}

async function updated(text: string, update: readonly string[]): Promise<string> {
  const folder = folderWith({ file: text });
  const changes = await changesOf(patch('*** Update File: file', ...update), folder);
  expect(await applyChanges(changes)).toEqual({ ok: true });
  expect(changes[0]?.after).toBe(readFileSync(join(folder, 'file'), 'utf8'));
  return readFileSync(join(folder, 'file'), 'utf8');
}

describe('a patch from one text to another', () => {
  it.each(['\n', '\r\n'])('makes the one of the other, with line end %j', async (end) => {
    await fc.assert(
      fc.asyncProperty(versions(true), fc.integer({ min: 1, max: 3 }), async (texts, context) => {
        const update = updateOf(texts, context);
        fc.pre(update.length > 0 && texts.before.length > 1);
        expect(await updated(joined(texts.before, end), update)).toBe(joined(texts.after, end));
      }),
      { numRuns: 150 },
    );
  });

  it('does so for any lines where it has the whole file as context', async () => {
    await fc.assert(
      fc.asyncProperty(versions(false), async (texts) => {
        const update = updateOf(texts, 1000);
        fc.pre(update.length > 0 && texts.before.length > 0);
        const anchored = [...update, '*** End of File'];
        expect(await updated(joined(texts.before, '\n'), anchored)).toBe(joined(texts.after, '\n'));
      }),
      { numRuns: 150 },
    );
  });

  it('leaves alone what it does not touch of a file without a last line end', async () => {
    await fc.assert(
      fc.asyncProperty(versions(true), async (texts) => {
        const update = updateOf(texts, 1);
        fc.pre(update.length > 0 && texts.before.length > 1);
        const after = await updated(joined(texts.before, '\n').slice(0, -1), update);
        const untouched = texts.after.at(-1) === texts.before.at(-1);
        expect(after).toBe(joined(texts.after, '\n').slice(0, untouched ? -1 : undefined));
      }),
      { numRuns: 100 },
    );
  });
});

describe('any patch for any file', () => {
  it('is planned or refused, and what is planned is what is applied', async () => {
    const folder = folderWith();
    const text = fc.array(fc.constantFrom('a', 'b', '', ' a', 'c ', '}'), { maxLength: 12 });
    const patchLine = fc.oneof(
      fc.constantFrom(
        '@@',
        '@@ a',
        ' a',
        '-a',
        '+x',
        ' ',
        '',
        '-b',
        '+',
        '*** End of File',
        '*** Move to: moved',
      ),
      fc.constantFrom(
        '*** Update File: file',
        '*** Add File: file',
        '*** Delete File: file',
        '*** Add File: ../f\0',
      ),
      line,
    );
    await fc.assert(
      fc.asyncProperty(text, fc.array(patchLine, { maxLength: 12 }), async (lines, patchLines) => {
        const path = join(folder, 'file');
        writeFileSync(path, lines.join('\n'));
        const parsed = parsePatch(patch('*** Update File: file', ...patchLines));
        if (!parsed.ok) return;
        const plan = await planPatch(parsed.hunks, { cwd: folder });
        if (!plan.ok) expect(plan.message).not.toBe('');
        const [change] = plan.ok ? plan.changes : [];
        if (change?.after == null || change.movePath !== null || change.path !== path) return;
        expect(await applyChanges([change])).toEqual({ ok: true });
        expect(readFileSync(path, 'utf8')).toBe(change.after);
      }),
      { numRuns: 300 },
    );
  });
});
