import type * as z from 'zod/mini';

/** What a request waits behind: nothing, its thread (`params.threadId`, where there is one), or the one queue of accounts or configuration. */
export type MethodScope = 'none' | 'thread' | 'account' | 'config';

/** A params field that only a connection with the experimental capability may use. */
export interface ExperimentalField {
  readonly field: string;
  /** What the refusal names. */
  readonly reason: string;
  /** The value that trips the gate: anything but null, only `true`, or only the object form of an approval policy. */
  readonly when: 'notNull' | 'true' | 'granular';
}

/** Everything that is known about one client request. */
export interface MethodRow {
  readonly method: string;
  /** Null for a method without params. */
  readonly params: z.ZodMiniType | null;
  readonly response: z.ZodMiniType;
  readonly scope: MethodScope;
  readonly experimental: boolean;
  /** Checked in this order; the first hit is reported. */
  readonly experimentalFields?: readonly ExperimentalField[];
  /** Fields of the response that stable schemas leave out. They are sent to every connection. */
  readonly experimentalResponseFields?: readonly string[];
}

/** The gate of an approval policy in its object form, which several methods take. */
export const granularApproval = {
  field: 'approvalPolicy',
  reason: 'askForApproval.granular',
  when: 'granular',
} as const;
