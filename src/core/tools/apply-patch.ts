import * as z from 'zod/mini';
import type { ToolDefinition } from '../../responses/index.ts';
import { PATCH_GRAMMAR } from '../../patch/index.ts';
import { AS_JSON } from './commands/command-output.ts';
import { parseArguments } from './parameters.ts';
import { applyPatchItem } from './patch-run.ts';
import type { Tool } from './tool.ts';
import { functionTool } from './tool.ts';

const PatchArguments = z.object({ input: z.string() });

/** For a model that the grammar keeps to the form. */
const FREEFORM: ToolDefinition = {
  type: 'custom',
  name: 'apply_patch',
  description: `Adds, changes, moves and deletes files. The input is the patch itself, without JSON or quotes around it. \
Paths are relative to the working directory. Around each change of a file about three lines that stay say where it is; \
where they stand more than once, name a line further up behind "@@ ".`,
  format: { type: 'grammar', syntax: 'lark', definition: PATCH_GRAMMAR },
};

const AS_FUNCTION = functionTool(
  'apply_patch',
  `Changes files. The input is a patch:
*** Begin Patch
*** Add File: <path>, followed by the lines of the file, each behind a "+"
*** Delete File: <path>
*** Update File: <path>, optionally with *** Move to: <path>, followed by chunks: a line "@@", optionally with a line of \
the file to look for, then lines behind a space (kept), a "-" (taken out) or a "+" (put in), with about three kept \
lines around each change
*** End Patch
Paths are relative to the working directory.`,
  { input: { type: 'string', description: 'The whole patch.' } },
  ['input'],
);

/** Changes files by a patch. Either form of call is answered, whichever was offered. */
export const applyPatch: Tool = {
  names: ['apply_patch'],
  isParallel: false,
  definition: ({ model }) => {
    switch (model.applyPatchTool) {
      case 'freeform':
        return FREEFORM;
      case 'function':
        return AS_FUNCTION;
      case null:
        return null;
    }
  },
  run: async ({ callId, input }, context) => {
    // A model that knows the tool of old sends the patch alone.
    const parsed = input.trimStart().startsWith('{') ? parseArguments(PatchArguments, input) : null;
    if (parsed?.ok === false) return parsed.message;
    const patch = parsed === null ? input : parsed.value.input;
    return applyPatchItem({ itemId: callId, cwd: context.settings.cwd, patch }, context, AS_JSON);
  },
};
