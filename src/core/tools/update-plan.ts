import * as z from 'zod/mini';
import { parseArguments } from './parameters.ts';
import type { Tool } from './tool.ts';
import { functionTool } from './tool.ts';

const PlanArguments = z.object({
  explanation: z.nullish(z.string()),
  plan: z.array(z.object({ step: z.string(), status: z.enum(['pending', 'in_progress', 'completed']) })),
});

const STATUSES = { pending: 'pending', in_progress: 'inProgress', completed: 'completed' } as const;

/** Shows the user what the agent means to do, and how far it is. */
export const updatePlan: Tool = {
  names: ['update_plan'],
  isParallel: false,
  definition: () =>
    functionTool(
      'update_plan',
      'Shows the user the steps of the work and how far each is. Send all steps every time. At most one is in progress.',
      {
        explanation: { type: 'string', description: 'Why the plan has changed.' },
        plan: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              step: { type: 'string' },
              status: { type: 'string', enum: ['pending', 'in_progress', 'completed'] },
            },
            required: ['step', 'status'],
            additionalProperties: false,
          },
        },
      },
      ['plan'],
    ),
  run: ({ input }, { reporter }) => {
    const parsed = parseArguments(PlanArguments, input);
    if (!parsed.ok) return Promise.resolve(parsed.message);
    const { explanation, plan } = parsed.value;
    reporter.planUpdated(
      explanation ?? null,
      plan.map(({ status, step }) => ({ step, status: STATUSES[status] })),
    );
    return Promise.resolve('Plan updated');
  },
};
