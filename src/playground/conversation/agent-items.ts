import type { FileUpdateChange, ThreadItem, TurnPlanStep, UserInput } from '../../protocol/index.ts';
import { delegatedRequest } from './delegation.ts';
import type { Detail } from './detail.ts';
import { diffView } from './diff-view.ts';
import type { Entry, Log } from './log.ts';
import { stepOf } from './step.ts';
import type { StepDetail } from './step.ts';

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
  /** The items that are not done yet, by their ids. */
  readonly #running = new Map<string, ThreadItem>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Shows an item as it is now. */
  show(item: ThreadItem, stage: 'started' | 'completed'): void {
    if (stage === 'started') this.#running.set(item.id, item);
    else this.#running.delete(item.id);
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

  /** The changes of files that are being made, or asked about, as one item. */
  changesOf(itemId: string): readonly FileUpdateChange[] {
    const item = this.#running.get(itemId);
    return item?.type === 'fileChange' ? item.changes : [];
  }

  /** Their turn is over: nothing more is said in it. A command can go on, and tells of its end later. */
  endMessages(): void {
    for (const { id, type } of this.#running.values()) {
      if (type !== 'agentMessage') continue;
      this.#entries.get(id)?.setUnfinished(false);
      this.#running.delete(id);
    }
  }

  /** The next piece of a message that the agent writes. */
  addText(itemId: string, delta: string): void {
    this.#entry(itemId, () => this.#log.add('agent').entitle('Agent', null).setUnfinished(true)).append(
      delta,
    );
  }

  /** The agent's plan for a turn, which takes the place of the one before. */
  showPlan(turnId: string, plan: readonly TurnPlanStep[], explanation: string | null): void {
    const steps = plan.map(({ status, step }) => `${STEP_SIGNS[status]} ${step}`);
    const lines = explanation === null || explanation === '' ? steps : [explanation, ...steps];
    this.#entry(`plan of ${turnId}`, () => this.#log.add('step').entitle('Plan', null)).write(
      lines.join('\n'),
    );
  }

  /** The next piece of what a command writes. */
  addOutput(itemId: string, delta: string): void {
    // Of a command that began before the page was loaded, nothing else is known until it ends.
    const add = (): Entry => this.#log.add('step').entitle('Command', 'in progress');
    this.#entry(itemId, add).attach(true, (detail) => detail.append('Output', delta));
  }

  /** What the agent writes to a command that runs; empty where it only looks at what came of it. */
  addTyped(stdin: string): void {
    if (stdin !== '') this.#log.add('step').entitle('Typed into a command', null).setCode(true).write(stdin);
  }

  /** How far a call of a tool is, in its own words. */
  showProgress(itemId: string, message: string): void {
    this.#entries.get(itemId)?.entitle('Tool', message);
  }

  /** The next piece of a thought. */
  addThought(itemId: string, delta: string): void {
    this.#entry(itemId, () => this.#log.add('step').entitle('Thought', null)).append(delta);
  }

  clear(): void {
    this.#entries.clear();
    this.#running.clear();
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
    const { detail } = step;
    if (detail === null) return;
    const isWatched = stage === 'started' && item.type === 'commandExecution';
    entry.attach(isWatched, (shown) => fill(shown, detail));
  }

  #entry(id: string, add: () => Entry): Entry {
    const known = this.#entries.get(id);
    if (known !== undefined) return known;
    const entry = add();
    this.#entries.set(id, entry);
    return entry;
  }
}

function fill(shown: Detail, { content, name }: StepDetail): void {
  if (typeof content === 'string') shown.write(name, content);
  else shown.show(name, diffView(content));
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
