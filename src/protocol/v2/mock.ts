import * as z from 'zod/mini';

/** For clients that test how they are gated. */
export const MockExperimentalMethodParams = z.object({ value: z.nullish(z.string()) });
export type MockExperimentalMethodParams = z.infer<typeof MockExperimentalMethodParams>;

export const MockExperimentalMethodResponse = z.object({ echoed: z.nullable(z.string()) });
export type MockExperimentalMethodResponse = z.infer<typeof MockExperimentalMethodResponse>;
