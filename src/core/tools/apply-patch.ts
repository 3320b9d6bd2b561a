import * as z from 'zod/mini';
import { parseArguments } from './parameters.ts';
import { applyPatchItem } from './patch-run.ts';
import type { Tool } from './tool.ts';
import { functionTool } from './tool.ts';

const PatchArguments = z.object({ input: z.string() });

const DESCRIPTION = `Changes files. The input is a patch:
*** Begin Patch
*** Add File: <path>, followed by the lines of the file, each behind a "+"
*** Delete File: <path>
*** Update File: <path>, optionally with *** Move to: <path>, followed by chunks: a line "@@", optionally with a line of \
the file to look for, then lines behind a space (kept), a "-" (taken out) or a "+" (put in), with about three kept \
lines around each change
*** End Patch
Paths are relative to the working directory.`;

/** Changes files by a patch. */
export const applyPatch: Tool = {
  names: ['apply_patch'],
  isParallel: false,
  definition: ({ model }) =>
    model.isFallback
      ? null
      : functionTool(
          'apply_patch',
          DESCRIPTION,
          { input: { type: 'string', description: 'The whole patch.' } },
          ['input'],
        ),
  run: async ({ callId, input }, context) => {
    // A model that knows the tool of old sends the patch alone.
    const parsed = input.trimStart().startsWith('{') ? parseArguments(PatchArguments, input) : null;
    if (parsed?.ok === false) return parsed.message;
    const patch = parsed === null ? input : parsed.value.input;
    return applyPatchItem({ itemId: callId, cwd: context.settings.cwd, patch }, context);
  },
};
