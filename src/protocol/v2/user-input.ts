import * as z from 'zod/mini';

export const ToolRequestUserInputOption = z.object({ label: z.string(), description: z.string() });
export type ToolRequestUserInputOption = z.infer<typeof ToolRequestUserInputOption>;

export const ToolRequestUserInputQuestion = z.object({
  id: z.string(),
  header: z.string(),
  question: z.string(),
  /** Whether an answer of the user's own is possible besides the options. */
  isOther: z._default(z.boolean(), false),
  isSecret: z._default(z.boolean(), false),
  /** Null for a question that is answered in words. */
  options: z.nullish(z.array(ToolRequestUserInputOption)),
});
export type ToolRequestUserInputQuestion = z.infer<typeof ToolRequestUserInputQuestion>;

/** Asks the user one or more questions of the agent's. */
export const ToolRequestUserInputParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  questions: z.array(ToolRequestUserInputQuestion),
});
export type ToolRequestUserInputParams = z.infer<typeof ToolRequestUserInputParams>;

export const ToolRequestUserInputAnswer = z.object({ answers: z.array(z.string()) });
export type ToolRequestUserInputAnswer = z.infer<typeof ToolRequestUserInputAnswer>;

export const ToolRequestUserInputResponse = z.object({
  /** By the id of the question. */
  answers: z.record(z.string(), ToolRequestUserInputAnswer),
});
export type ToolRequestUserInputResponse = z.infer<typeof ToolRequestUserInputResponse>;
