import { describe, expect, it } from 'vitest';
import { agentStep } from '../../src/cli/talk/agent-step.ts';
import { AgentWork } from '../../src/cli/talk/agent-work.ts';
import type { ThreadItem, Turn, TurnError } from '../../src/protocol/index.ts';

const command = (fields: Partial<Extract<ThreadItem, { type: 'commandExecution' }>> = {}): ThreadItem => ({
  type: 'commandExecution',
  id: 'x',
  command: 'ls -l',
  cwd: '/',
  processId: null,
  source: 'agent',
  status: 'completed',
  commandActions: [],
  aggregatedOutput: null,
  exitCode: 0,
  durationMs: 1,
  ...fields,
});
const message = (text: string, id = 'm'): ThreadItem => ({
  type: 'agentMessage',
  id,
  text,
  phase: null,
  memoryCitation: null,
});
const turn = (status: Turn['status'], fields: Partial<Turn> = {}): Turn => ({
  id: 't',
  items: [],
  itemsView: 'notLoaded',
  status,
  error: null,
  startedAt: 1,
  completedAt: null,
  durationMs: status === 'inProgress' ? null : 2_345,
  ...fields,
});
const failure = (text: string): TurnError => ({
  message: text,
  codexErrorInfo: null,
  additionalDetails: null,
});

function follow() {
  const shown: string[] = [];
  const work = new AgentWork({
    onSpeech: (text) => shown.push(`agent: ${text}`),
    onRemark: (line) => shown.push(line),
  });
  return { work, shown };
}

describe('the work of the agent', () => {
  it('is told from its beginning to its end', () => {
    const { work, shown } = follow();
    expect([work.isWorking, work.view]).toEqual([false, '']);
    work.delegated('list files');
    work.turnStarted(turn('inProgress'));
    expect([work.isWorking, work.view]).toEqual([true, 'at work']);
    work.itemStarted(command({ status: 'inProgress', exitCode: null }));
    expect(work.view).toBe('running ls -l');
    work.itemCompleted(command());
    expect(work.view).toBe('at work');
    work.messageDelta('m', 'two ');
    work.messageDelta('m', 'fi');
    expect(work.view).toBe('two fi');
    work.itemCompleted(message('two files'));
    work.turnCompleted(turn('completed'));
    expect([work.isWorking, work.view]).toEqual([false, '']);
    work.end();
    expect(shown).toEqual([
      'delegated to the agent: list files',
      'agent started',
      'agent ran ls -l: completed',
      'agent: two files',
      'agent completed in 2.3 s',
    ]);
    expect(work.tally).toEqual({ turns: 1, failed: 0, interrupted: 0 });
  });

  it('takes what is delegated meanwhile for a wish', () => {
    const { work, shown } = follow();
    work.turnStarted(turn('inProgress'));
    work.delegated('use tabs');
    work.delegated('');
    expect(shown).toEqual([
      'agent started',
      'delegated to the agent at work: use tabs',
      'delegated to the agent at work without a request',
    ]);
  });

  it('shows neither what the agent was told nor what it thinks', () => {
    const { work, shown } = follow();
    const text = '<realtime_delegation>\n  <input>x</input>\n</realtime_delegation>';
    const content: Extract<ThreadItem, { type: 'userMessage' }>['content'] = [
      { type: 'text', text, text_elements: [] },
    ];
    for (const item of [
      { type: 'userMessage', id: 'u', content },
      { type: 'reasoning', id: 'r', summary: ['hm'], content: [] },
      { type: 'hookPrompt', id: 'h', fragments: [] },
    ] satisfies ThreadItem[]) {
      work.itemStarted(item);
      work.itemCompleted(item);
    }
    expect(shown).toEqual([]);
  });

  it('tells what was left unsaid when it is interrupted', () => {
    const { work, shown } = follow();
    work.turnStarted(turn('inProgress'));
    work.messageDelta('m', 'I will now');
    work.turnCompleted(turn('interrupted'));
    expect(shown).toEqual(['agent started', 'agent: I will now …', 'agent interrupted after 2.3 s']);
    expect(work.tally).toEqual({ turns: 1, failed: 0, interrupted: 1 });
  });

  it('tells what was left unsaid when the message begins anew', () => {
    const { work, shown } = follow();
    work.turnStarted(turn('inProgress'));
    work.messageDelta('a', 'I wi');
    work.messageDelta('b', 'I will');
    work.itemCompleted(message('I will.', 'b'));
    work.messageDelta('c', 'No');
    work.itemCompleted(message('Whole.', 'd'));
    work.itemCompleted(message('', 'e'));
    expect(shown).toEqual([
      'agent started',
      'agent: I wi …',
      'agent: I will.',
      'agent: No …',
      'agent: Whole.',
    ]);
  });

  it('tells a failure once, with its error', () => {
    const { work, shown } = follow();
    work.turnStarted(turn('inProgress'));
    work.error('t', failure('Reconnecting... 1/5'), true);
    work.error('t', failure('no such model'), false);
    work.turnCompleted(turn('failed', { error: failure('no such model') }));
    work.turnStarted(turn('inProgress', { id: 'second' }));
    work.error('second', failure('only told before'), false);
    work.turnCompleted(turn('failed', { id: 'second', durationMs: null }));
    work.turnStarted(turn('inProgress', { id: 'third' }));
    work.turnCompleted(turn('failed', { id: 'third' }));
    work.error('third', failure('of no turn'), false);
    expect(shown).toEqual([
      'agent started',
      'agent has trouble: Reconnecting... 1/5',
      'agent failed after 2.3 s: no such model',
      'agent started',
      'agent failed: only told before',
      'agent started',
      'agent failed after 2.3 s: the reason is not known',
      'error: of no turn',
    ]);
    expect(work.tally).toEqual({ turns: 3, failed: 3, interrupted: 0 });
  });

  it('tells nothing twice', () => {
    const { work, shown } = follow();
    work.turnStarted(turn('inProgress'));
    work.turnStarted(turn('inProgress'));
    work.turnCompleted(turn('completed', { durationMs: null }));
    work.turnCompleted(turn('completed'));
    expect(shown).toEqual(['agent started', 'agent completed']);
    expect(work.tally).toEqual({ turns: 1, failed: 0, interrupted: 0 });
  });

  it('ends with the call', () => {
    const { work, shown } = follow();
    work.turnStarted(turn('inProgress'));
    work.messageDelta('m', 'I will');
    work.end();
    expect(shown).toEqual(['agent started', 'agent: I will …', 'agent stopped with the call']);
  });
});

describe('a step of the agent', () => {
  const call = { id: 'i', arguments: null, durationMs: null } as const;
  it.each<[ThreadItem, string, string | null]>([
    [command(), 'ran ls -l', 'completed'],
    [command({ status: 'failed', exitCode: 2 }), 'ran ls -l', 'failed, exit code 2'],
    [command({ status: 'declined', exitCode: null }), 'ran ls -l', 'declined'],
    [command({ command: 'cat <<X\n\u001b[2J\ttext\nX' }), 'ran cat <<X [2J text X', 'completed'],
    [command({ command: 'a'.repeat(100) }), `ran ${'a'.repeat(59)}…`, 'completed'],
    [
      {
        type: 'fileChange',
        id: 'i',
        changes: ['a.ts', 'b.ts', 'c.ts'].map((path) => ({ path, kind: { type: 'add' }, diff: '' })),
        status: 'completed',
      },
      'changed a.ts and 2 more',
      'completed',
    ],
    [{ type: 'fileChange', id: 'i', changes: [], status: 'inProgress' }, 'changed no file', 'in progress'],
    [
      {
        ...call,
        type: 'mcpToolCall',
        server: 's',
        tool: 't',
        status: 'failed',
        result: null,
        error: { message: 'no' },
      },
      'called s.t',
      'failed, no',
    ],
    [
      {
        ...call,
        type: 'dynamicToolCall',
        namespace: 'n',
        tool: 't',
        status: 'completed',
        contentItems: null,
        success: true,
      },
      'called n.t',
      'completed',
    ],
    [{ type: 'webSearch', id: 'i', query: 'voice', action: null }, 'searched the web for voice', null],
    [{ type: 'imageView', id: 'i', path: '/a.png' }, 'looked at /a.png', null],
    [{ type: 'plan', id: 'i', text: '1. read\n2. write' }, 'planned 1. read 2. write', null],
    [{ type: 'contextCompaction', id: 'i' }, 'summed up the conversation so far', null],
  ])('%j', (item, done, outcome) => {
    expect(agentStep(item)).toMatchObject({ done, outcome });
  });
});
