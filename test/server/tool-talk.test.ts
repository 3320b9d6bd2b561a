import { describe, expect, it } from 'vitest';
import { beginCalls, call, openActing, outputOf, question, wholeCalls } from './acting.ts';
import { endOf } from './turns.ts';

describe('a plan', () => {
  it('is told with its steps, and the model that it was', async () => {
    const acting = await openActing();
    const { daemon, threadId } = acting;
    const plan = [
      { step: 'look', status: 'completed' },
      { step: 'change', status: 'in_progress' },
      { step: 'test', status: 'pending' },
    ];
    const { request, turnId } = await wholeCalls(acting, [
      call('update_plan', { explanation: 'so far', plan }),
      call('update_plan', { plan: [] }, 'c2'),
    ]);
    expect(outputOf(request)).toBe('Plan updated');
    expect(daemon.notifications('turn/plan/updated')).toEqual([
      {
        method: 'turn/plan/updated',
        params: {
          threadId,
          turnId,
          explanation: 'so far',
          plan: [
            { step: 'look', status: 'completed' },
            { step: 'change', status: 'inProgress' },
            { step: 'test', status: 'pending' },
          ],
        },
      },
      { method: 'turn/plan/updated', params: { threadId, turnId, explanation: null, plan: [] } },
    ]);
  });
});

describe('a question of the agent to the user', () => {
  const ask = {
    id: 'q1',
    header: 'Colour',
    question: 'Which colour?',
    options: [{ label: 'red', description: 'a warm one' }],
  };

  it('comes with its choices, and its answer goes to the model', async () => {
    const acting = await openActing();
    const { daemon, threadId } = acting;
    const { next, turnId } = await beginCalls(acting, [
      call('request_user_input', { questions: [ask, { id: 'q2', question: 'Why?' }] }),
    ]);
    const asked = await question(daemon);
    expect(asked).toEqual({
      method: 'item/tool/requestUserInput',
      id: 0,
      params: {
        threadId,
        turnId,
        itemId: 'c1',
        questions: [
          { ...ask, isOther: true, isSecret: false },
          { id: 'q2', header: '', question: 'Why?', isOther: true, isSecret: false, options: null },
        ],
      },
    });
    const result = { answers: { q1: { answers: ['red'] }, q2: { answers: ['because', 'it is'] } } };
    daemon.write({ id: asked.id, result });
    const request = await next();
    expect(JSON.parse(String(outputOf(request)))).toEqual(result);
    request.answer('m1', ['done']);
    await endOf(daemon, turnId);
    const methods = daemon.notifications().map(({ method }) => method);
    expect(methods.indexOf('serverRequest/resolved')).toBeLessThan(methods.indexOf('turn/completed'));
    expect(methods.filter((method) => method === 'serverRequest/resolved')).toHaveLength(1);
  });

  it.each([[{ error: { code: 1, message: 'no' } }], [{ result: { answers: 'red' } }], [{ result: null }]])(
    'answered by %j has no answer',
    async (answer) => {
      const acting = await openActing();
      const { next } = await beginCalls(acting, [call('request_user_input', { questions: [ask] })]);
      acting.daemon.write({ id: (await question(acting.daemon)).id, ...answer });
      expect(outputOf(await next())).toBe('Nobody is there to answer.');
    },
  );
});
