import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { shortened } from '../../util/shortened.ts';
import { parseArguments } from './parameters.ts';
import type { Tool } from './tool.ts';
import { functionTool } from './tool.ts';

const ImageArguments = z.object({ path: z.string(), detail: z.nullish(z.string()) });

const PATH = { type: 'string', description: 'Absolute, or relative to the working directory.' };
const DETAIL = {
  type: 'string',
  enum: ['original'],
  description: '`original` shows a large image as it is; left out, it is made smaller.',
};

/**
 * Lets the model look at an image file. It is read with the rights of this process, also where commands run in a sandbox. A
 * model that cannot be shown more detail is shown as much as any other when it asks for the original.
 */
export const viewImage: Tool = {
  names: ['view_image'],
  isParallel: true,
  definition: ({ model }) =>
    model.inputModalities.includes('image')
      ? functionTool(
          'view_image',
          'Looks at an image file on the user’s computer: GIF, JPEG, PNG or WebP.',
          model.supportsOriginalImageDetail ? { path: PATH, detail: DETAIL } : { path: PATH },
          ['path'],
        )
      : null,
  run: async ({ callId, input }, { model, reporter, settings, signal, workbench }) => {
    const parsed = parseArguments(ImageArguments, input);
    if (!parsed.ok) return parsed.message;
    if (!model.inputModalities.includes('image')) return 'This model cannot look at images.';
    const wanted = parsed.value.detail ?? null;
    if (wanted !== null && wanted !== 'original') {
      return `\`detail\` can be \`original\` or be left out, but not \`${shortened(wanted, 100)}\`.`;
    }
    const detail = wanted !== null && model.supportsOriginalImageDetail ? wanted : null;
    const path = resolve(settings.cwd, parsed.value.path);
    const image = await workbench.images.read(path, { detail: detail ?? 'fitting', signal });
    signal.throwIfAborted();
    if (!image.ok) return `The image at \`${path}\` cannot be shown: ${image.reason}.`;
    const item = { type: 'imageView' as const, id: callId, path };
    reporter.itemStarted(item);
    reporter.itemCompleted(item);
    return [{ type: 'input_image', image_url: image.url, detail }];
  },
};
