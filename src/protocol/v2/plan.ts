import * as z from 'zod/mini';

/** The next piece of a plan that is being written in plan mode. */
export const PlanDeltaNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  delta: z.string(),
});
export type PlanDeltaNotification = z.infer<typeof PlanDeltaNotification>;

export const TurnPlanStepStatus = z.enum(['pending', 'inProgress', 'completed']);
export type TurnPlanStepStatus = z.infer<typeof TurnPlanStepStatus>;

export const TurnPlanStep = z.object({ step: z.string(), status: TurnPlanStepStatus });
export type TurnPlanStep = z.infer<typeof TurnPlanStep>;

/** The agent's list of steps, in full each time. */
export const TurnPlanUpdatedNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  explanation: z.nullable(z.string()),
  plan: z.array(TurnPlanStep),
});
export type TurnPlanUpdatedNotification = z.infer<typeof TurnPlanUpdatedNotification>;
