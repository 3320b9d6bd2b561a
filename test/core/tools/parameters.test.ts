import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod/mini';
import { parseArguments } from '../../../src/core/tools/parameters.ts';
import { openBench } from './bench.ts';
import { applyPatch } from '../../../src/core/tools/apply-patch.ts';
import { requestUserInput } from '../../../src/core/tools/request-user-input.ts';
import { updatePlan } from '../../../src/core/tools/update-plan.ts';
import { viewImage } from '../../../src/core/tools/view-image.ts';
import { writeStdin } from '../../../src/core/tools/commands/exec-command.ts';

const Shape = z.object({ a: z.optional(z.object({ b: z.number() })) });

it('reads arguments, of which none are an empty object', () => {
  expect(parseArguments(Shape, '{"a":{"b":1},"more":true}')).toEqual({ ok: true, value: { a: { b: 1 } } });
  expect(parseArguments(Shape, '')).toEqual({ ok: true, value: {} });
});

it.each([
  ['{', /^failed to parse function arguments: .+$/],
  ['null', /^failed to parse function arguments: .+$/],
  ['{"a":{"b":"x"}}', /^failed to parse function arguments: .+ at `a\.b`$/],
])('says what is wrong with %s', (input, message) => {
  expect(parseArguments(Shape, input)).toEqual({ ok: false, message: expect.stringMatching(message) });
});

it('whatever a model sends is answered', async () => {
  const tools = [applyPatch, requestUserInput, updatePlan, viewImage, writeStdin];
  const bench = openBench({ settings: { approvalPolicy: 'never' } });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...tools), fc.oneof(fc.string(), fc.json()), async (tool, input) => {
      const output = await tool.run({ callId: 'c1', input }, bench.context);
      expect(typeof output === 'string' || Array.isArray(output)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
