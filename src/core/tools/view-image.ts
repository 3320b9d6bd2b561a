import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { readImage } from '../turn/image-file.ts';
import { parseArguments } from './parameters.ts';
import type { Tool } from './tool.ts';
import { functionTool } from './tool.ts';

const ImageArguments = z.object({ path: z.string(), detail: z.nullish(z.string()) });

/** Lets the model look at an image file. */
export const viewImage: Tool = {
  names: ['view_image'],
  isParallel: true,
  definition: ({ model }) =>
    model.inputModalities.includes('image')
      ? functionTool(
          'view_image',
          'Looks at an image file on the user’s computer: GIF, JPEG, PNG or WebP.',
          { path: { type: 'string', description: 'Absolute, or relative to the working directory.' } },
          ['path'],
        )
      : null,
  run: async ({ callId, input }, { reporter, settings }) => {
    const parsed = parseArguments(ImageArguments, input);
    if (!parsed.ok) return parsed.message;
    const path = resolve(settings.cwd, parsed.value.path);
    const image = await readImage(path);
    if (!image.ok) return `The image at \`${path}\` cannot be shown: ${image.reason}.`;
    const item = { type: 'imageView' as const, id: callId, path };
    reporter.itemStarted(item);
    reporter.itemCompleted(item);
    return [{ type: 'input_image', image_url: image.url, detail: null }];
  },
};
