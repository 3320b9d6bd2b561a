import * as z from 'zod/mini';
import { jsonValue } from '../scalars.ts';

export const ConfigRequirementsReadResponse = z.object({
  /** Always null: nothing is prescribed by whoever manages the machine. */
  requirements: z.nullable(jsonValue),
});
export type ConfigRequirementsReadResponse = z.infer<typeof ConfigRequirementsReadResponse>;
