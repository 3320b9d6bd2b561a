import type { ResponseItem, ToolDefinition } from '../../responses/index.ts';
import { errorMessage } from '../../util/errors.ts';
import { applyPatch } from './apply-patch.ts';
import { execCommand, writeStdin } from './commands/exec-command.ts';
import { requestUserInput } from './request-user-input.ts';
import { shellCommand } from './commands/shell-command.ts';
import { shell } from './commands/shell.ts';
import { TaskLock } from './task-lock.ts';
import type { HostedTool, Tool, ToolCall, ToolContext, ToolOffer, ToolOutput } from './tool.ts';
import { updatePlan } from './update-plan.ts';
import { viewImage } from './view-image.ts';
import { webSearch } from './web-search.ts';

/** Every built-in tool, in the order in which models are told of them. */
const COMMANDS: readonly Tool[] = [execCommand, writeStdin];
const OTHERS: readonly (HostedTool | Tool)[] = [
  updatePlan,
  requestUserInput,
  applyPatch,
  webSearch,
  viewImage,
  shell,
  shellCommand,
];

/** Those that need a machine to work on. */
const ON_MACHINE: ReadonlySet<HostedTool> = new Set([
  ...COMMANDS,
  applyPatch,
  viewImage,
  shell,
  shellCommand,
]);

/** Those that are called here. */
const TOOLS: readonly Tool[] = [...COMMANDS, ...OTHERS.filter((tool): tool is Tool => 'run' in tool)];

/** The names of those whose outputs are kept as JSON. */
export const JSON_TOOLS: ReadonlySet<string> = new Set([...shell.names, ...applyPatch.names]);

/** The tools that a model is offered; `more` come behind the built-in ones, or where they say. */
export function toolDefinitions(offer: ToolOffer, more: readonly Tool[]): ToolDefinition[] {
  const early = more.filter(({ place }) => place === 'afterCommands');
  const late = more.filter(({ place }) => place === undefined);
  const tools: readonly HostedTool[] = [...COMMANDS, ...early, ...OTHERS, ...late];
  const offered = tools.filter((tool) => offer.settings.hasEnvironment || !ON_MACHINE.has(tool));
  return byNamespace(offered.flatMap((tool) => tool.definition(offer) ?? []));
}

/** Whether a built-in tool has the name, offered or not. */
export function isBuiltIn(name: string): boolean {
  return [...COMMANDS, ...OTHERS].some(({ names }) => names.includes(name));
}

/** A namespace is told of once, where its first tool is, with all that it has. */
function byNamespace(definitions: readonly ToolDefinition[]): ToolDefinition[] {
  const isOf = (one: ToolDefinition, other: ToolDefinition): boolean =>
    one.type === 'namespace' && other.type === 'namespace' && one['name'] === other['name'];
  return definitions.flatMap((definition, index) => {
    if (definition.type !== 'namespace') return [definition];
    if (definitions.slice(0, index).some((before) => isOf(before, definition))) return [];
    const tools = definitions.filter((each) => isOf(each, definition)).flatMap((each) => each['tools']);
    return [{ ...definition, tools }];
  });
}

/** How long a tool has to stop by itself when its turn is interrupted. */
const STOP_MS = 100;

/** The calls of one response: which may run at the same time, and what each is answered with. */
export class ToolCalls {
  readonly #context: ToolContext;
  readonly #tools: readonly Tool[];
  readonly #lock = new TaskLock();

  /** `more` are tools besides the built-in ones. */
  constructor(context: ToolContext, more: readonly Tool[]) {
    this.#context = context;
    const { hasEnvironment } = context.settings;
    this.#tools = [...TOOLS.filter((tool) => hasEnvironment || !ON_MACHINE.has(tool)), ...more];
  }

  /** Begins to answer a call. Null for an item that is no call. The answer always comes. */
  begin(item: ResponseItem): Promise<ResponseItem> | null {
    switch (item.type) {
      case 'function_call': {
        const call = { callId: item.call_id, input: item.arguments };
        // A model that knows tools by namespaces names the two parts of a name apart.
        const name = `${item.namespace ?? ''}${item.name}`;
        return this.#answer(name, call, `unsupported call: ${name}`).then((output) => ({
          type: 'function_call_output',
          call_id: item.call_id,
          output,
        }));
      }
      case 'custom_tool_call': {
        const call = { callId: item.call_id, input: item.input };
        const unsupported = `unsupported custom tool call: ${item.name}`;
        return this.#answer(item.name, call, unsupported).then((output) => ({
          type: 'custom_tool_call_output',
          call_id: item.call_id,
          output,
        }));
      }
      case 'local_shell_call': {
        const callId = item.call_id ?? item.id ?? '';
        const { command, timeout_ms, working_directory } = item.action;
        const input = JSON.stringify({ command, timeout_ms, workdir: working_directory });
        return this.#answer('local_shell', { callId, input }, 'unsupported call: local_shell').then(
          (output) => ({
            type: 'function_call_output',
            call_id: callId,
            output,
          }),
        );
      }
      default:
        return null;
    }
  }

  async #answer(name: string, call: ToolCall, unsupported: string): Promise<ToolOutput> {
    const tool = this.#tools.find(({ names }) => names.includes(name));
    if (tool === undefined) return unsupported;
    const startedAt = performance.now();
    const { signal } = this.#context;
    const run = this.#lock.run(tool.isParallel, () => {
      signal.throwIfAborted();
      return tool.run(call, this.#context);
    });
    const output = run.catch((error: unknown) =>
      signal.aborted ? abortedText(name, startedAt) : `${name} failed: ${errorMessage(error)}`,
    );
    const over = new AbortController();
    try {
      return await Promise.race([
        output,
        stopped(signal, over.signal).then(() => abortedText(name, startedAt)),
      ]);
    } finally {
      over.abort();
    }
  }
}

/** Resolves a moment after the signal has aborted; never when it is over before. */
function stopped(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const onAbort = (): void => void setTimeout(resolve, STOP_MS);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true, signal: over });
  });
}

const SHELLS: ReadonlySet<string> = new Set([...shell.names, ...shellCommand.names]);

/** What the model is told of a call that the user has interrupted. */
function abortedText(name: string, startedAt: number): string {
  const seconds = Math.max((performance.now() - startedAt) / 1000, 0.1).toFixed(1);
  return SHELLS.has(name)
    ? `Wall time: ${seconds} seconds\naborted by user`
    : `aborted by user after ${seconds}s`;
}
