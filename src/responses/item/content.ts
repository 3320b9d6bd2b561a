import * as z from 'zod/mini';

export const ImageDetail = z.enum(['auto', 'low', 'high', 'original']);
export type ImageDetail = z.infer<typeof ImageDetail>;

const InputText = z.object({ type: z.literal('input_text'), text: z.string() });
const InputImage = z.object({
  type: z.literal('input_image'),
  image_url: z.string(),
  detail: z.nullish(ImageDetail),
});
const OutputText = z.object({ type: z.literal('output_text'), text: z.string() });

export const ContentPart = z.discriminatedUnion('type', [InputText, InputImage, OutputText]);
export type ContentPart = z.infer<typeof ContentPart>;

export const OutputPart = z.discriminatedUnion('type', [InputText, InputImage]);
export type OutputPart = z.infer<typeof OutputPart>;

/** What a tool gave back: a text, or parts of text and images. */
export const ToolOutput = z.union([z.string(), z.array(OutputPart)]);
export type ToolOutput = z.infer<typeof ToolOutput>;
