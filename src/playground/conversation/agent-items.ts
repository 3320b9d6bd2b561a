import type { ThreadItem, TurnPlanStep, UserInput } from '../../protocol/index.ts';
import { delegatedRequest } from './delegation.ts';
import type { Entry, Log } from './log.ts';
import { stepOf } from './step.ts';

/** How far a step of a plan is. */
const STEP_SIGNS: Readonly<Record<TurnPlanStep['status'], string>> = {
  pending: '○',
  inProgress: '◐',
  completed: '●',
};

/** Items whose text is a command, a path or a name. */
const CODE_ITEMS: ReadonlySet<ThreadItem['type']> = new Set([
  'commandExecution',
  'fileChange',
  'mcpToolCall',
  'dynamicToolCall',
  'collabAgentToolCall',
  'imageView',
]);

/** The items of a thread's turns, live or stored: an entry for each, which changes as the item does. */
export class AgentItems {
  readonly #log: Log;
  readonly #entries = new Map<string, Entry>();
  readonly #outputs = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Shows an item as it is now. */
  show(item: ThreadItem, stage: 'started' | 'completed'): void {
    switch (item.type) {
      case 'userMessage':
        return this.#showInput(item.id, item.content);
      case 'agentMessage': {
        const entry = this.#entry(item.id, () => this.#log.add('agent').entitle('Agent', null));
        entry.setUnfinished(stage === 'started');
        if (item.text !== '') entry.write(item.text);
        return;
      }
      case 'hookPrompt':
        return this.#log.note(item.fragments.map(({ text }) => text).join('\n'));
      default:
        return this.#showStep(item, stage);
    }
  }

  /** The next piece of a message that the agent writes. */
  addText(itemId: string, delta: string): void {
    this.#entry(itemId, () => this.#log.add('agent').entitle('Agent', null).setUnfinished(true)).append(
      delta,
    );
  }

  /** The agent's plan for a turn, which takes the place of the one before. */
  showPlan(turnId: string, plan: readonly TurnPlanStep[]): void {
    const lines = plan.map(({ status, step }) => `${STEP_SIGNS[status]} ${step}`);
    this.#entry(`plan of ${turnId}`, () => this.#log.add('step').entitle('Plan', null)).write(
      lines.join('\n'),
    );
  }

  /** The next piece of what a command writes. */
  addOutput(itemId: string, delta: string): void {
    const output = (this.#outputs.get(itemId) ?? '') + delta;
    this.#outputs.set(itemId, output);
    this.#entries.get(itemId)?.attach('Output', output);
  }

  /** The next piece of a thought. */
  addThought(itemId: string, delta: string): void {
    this.#entry(itemId, () => this.#log.add('step').entitle('Thought', null)).append(delta);
  }

  clear(): void {
    this.#entries.clear();
    this.#outputs.clear();
  }

  #showInput(id: string, content: readonly UserInput[]): void {
    const text = content.map(inputText).join('\n');
    const request = delegatedRequest(text);
    if (request === null) {
      this.#entry(id, () => this.#log.add('you').entitle('You', null)).write(text);
    } else {
      const add = (): Entry => this.#log.add('handover').entitle('Handed to the agent', 'by the voice model');
      this.#entry(id, add).write(request);
    }
  }

  #showStep(item: ThreadItem, stage: 'started' | 'completed'): void {
    const step = stepOf(item);
    // A thought that is not told would be an empty entry.
    if (step === null || (item.type === 'reasoning' && step.text === '' && step.detail === null)) return;
    const entry = this.#entry(item.id, () => this.#log.add('step'));
    entry.entitle(step.title, step.status).setCode(CODE_ITEMS.has(item.type)).write(step.text);
    if (step.detail !== null) entry.attach(step.detail.name, step.detail.text);
    if (stage === 'completed') this.#outputs.delete(item.id);
  }

  #entry(id: string, add: () => Entry): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const entry = add();
    this.#entries.set(id, entry);
    return entry;
  }
}

function inputText(input: UserInput): string {
  switch (input.type) {
    case 'text':
      return input.text;
    case 'image':
      return '[image]';
    case 'localImage':
      return `[image ${input.path}]`;
    case 'skill':
    case 'mention':
      return `[${input.name}]`;
  }
}
