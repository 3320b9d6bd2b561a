import type { RealtimeFunctionTool } from 'openai/resources/realtime/realtime';

/**
 * The tools of a version 2 session, in the order in which they are offered. `parameters` follows the wire exactly:
 * the second tool has no `required`.
 */
export const TOOLS = [
  {
    type: 'function',
    name: 'background_agent',
    description:
      'Hands work to the background agent, which reads files, runs commands and changes code. This is how things get ' +
      'done: use it for every request that is more than small talk, in the words the user chose. If the agent is idle ' +
      'the call starts the work; if it is busy the call steers what it is doing. Use it as well for what should happen ' +
      'next or afterwards, so that the wish is really queued and not only promised.',
    parameters: {
      type: 'object',
      properties: {
        prompt: {
          type: 'string',
          description: 'What the user asks for, as close to their own words as possible.',
        },
      },
      required: ['prompt'],
      additionalProperties: false,
    },
  },
  {
    type: 'function',
    name: 'remain_silent',
    description:
      'Says nothing. Choose it when speech would only disturb: after a control message the user cannot see, or after an ' +
      'update that asks for no words. Nothing that the user can notice happens.',
    parameters: { type: 'object', properties: {}, additionalProperties: false },
  },
] satisfies RealtimeFunctionTool[];
