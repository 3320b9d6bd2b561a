import * as z from 'zod/mini';
import { parseArguments } from './parameters.ts';
import { textForModel } from './text-for-model.ts';
import type { Tool } from './tool.ts';
import { functionTool } from './tool.ts';

const MAX_QUESTIONS = 3;

const Option = z.object({ label: z.string(), description: z._default(z.string(), '') });
const Question = z.object({
  id: z.string(),
  header: z._default(z.string(), ''),
  question: z.string(),
  options: z.nullish(z.array(Option)),
});

const QuestionArguments = z.object({
  questions: z.array(Question).check(z.minLength(1, 'there is no question'), z.maxLength(MAX_QUESTIONS)),
});

/** Asks the user, and waits for the answer. */
export const requestUserInput: Tool = {
  names: ['request_user_input'],
  isParallel: false,
  definition: () =>
    functionTool(
      'request_user_input',
      'Asks the user up to three short questions and waits for the answers. Use it only where the work depends on them.',
      {
        questions: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: { type: 'string', description: 'Names the answer.' },
              header: { type: 'string', description: 'A word or two above the question.' },
              question: { type: 'string' },
              options: {
                type: 'array',
                items: {
                  type: 'object',
                  properties: { label: { type: 'string' }, description: { type: 'string' } },
                  required: ['label', 'description'],
                  additionalProperties: false,
                },
              },
            },
            required: ['id', 'header', 'question'],
            additionalProperties: false,
          },
        },
      },
      ['questions'],
    ),
  run: async ({ callId, input }, { signal, threadId, turnId, workbench }) => {
    const parsed = parseArguments(QuestionArguments, input);
    if (!parsed.ok) return parsed.message;
    const questions = parsed.value.questions.map(({ header, id, options, question }) => ({
      id,
      header,
      question,
      isOther: true,
      isSecret: false,
      options: options ?? null,
    }));
    const answer = await workbench.approvals.userInput(
      { threadId, turnId, itemId: callId, questions },
      signal,
    );
    return answer === null ? 'Nobody is there to answer.' : textForModel(JSON.stringify(answer));
  },
};
