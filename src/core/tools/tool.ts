import type { PlannedChange } from '../../patch/index.ts';
import type { AskForApproval, SandboxPolicy, ThreadItem, TurnPlanStep } from '../../protocol/index.ts';
import type { ResponseItem, ToolDefinition } from '../../responses/index.ts';
import type { Config } from '../config/index.ts';
import type { ModelInfo } from '../models/index.ts';
import type { Workbench } from './workbench.ts';

/** What a tool gives back to the model. */
export type ToolOutput = Extract<ResponseItem, { type: 'function_call_output' }>['output'];

/** One call of a tool. */
export interface ToolCall {
  readonly callId: string;
  /** What the model said: JSON for a function, any text for a custom tool. */
  readonly input: string;
}

/** What tells clients of what tools do. */
export interface ToolReporter {
  itemStarted(item: ThreadItem): void;
  itemCompleted(item: ThreadItem): void;
  /** What a command prints. */
  commandOutput(itemId: string, delta: string): void;
  /** The agent writes to a command that runs, or, with nothing to write, looks at it. */
  terminalInteraction(itemId: string, processId: string, stdin: string): void;
  mcpProgress(itemId: string, message: string): void;
  planUpdated(explanation: string | null, plan: TurnPlanStep[]): void;
  /** Files have been changed. */
  changed(changes: readonly PlannedChange[]): Promise<void>;
}

/** What of a turn's settings tools go by. */
export interface ToolSettings {
  /** Absolute. */
  readonly cwd: string;
  readonly approvalPolicy: AskForApproval;
  readonly sandbox: SandboxPolicy;
  /** Whether there is a machine to work on. */
  readonly hasEnvironment: boolean;
}

/** Where a call is made. */
export interface ToolContext {
  readonly threadId: string;
  readonly turnId: string;
  readonly settings: ToolSettings;
  readonly model: ModelInfo;
  readonly reporter: ToolReporter;
  /** Aborted when the turn is interrupted. */
  readonly signal: AbortSignal;
  readonly workbench: Workbench;
  /** What requests to the model say of the turn, as JSON. */
  readonly turnMetadata: string | null;
  /** Tells the model something besides the outputs, behind them. Clients are not shown it. */
  readonly tellModel: (text: string) => void;
  /** Interrupts the turn, because a person said so. */
  readonly cancelTurn: () => void;
}

/** To whom tools are offered, and for what turn. */
export interface ToolOffer {
  readonly model: ModelInfo;
  readonly settings: ToolSettings;
  readonly config: Config;
}

/** A tool that the provider runs by itself: all there is to do is to offer it. */
export interface HostedTool {
  /** Every name under which models call it, or know it. */
  readonly names: readonly string[];
  /** How the model is told of it; null where it is not offered. A call is answered all the same. */
  readonly definition: (offer: ToolOffer) => ToolDefinition | null;
}

export interface Tool extends HostedTool {
  /** Where models are told of it among the built-in tools; absent is behind them. */
  readonly place?: 'afterCommands';
  /** Whether several calls of such tools may run at once. */
  readonly isParallel: boolean;
  /** Rejects only when the turn is interrupted; whatever else goes wrong is an output that says so. */
  readonly run: (call: ToolCall, context: ToolContext) => Promise<ToolOutput>;
}

/** A function's definition. */
export function functionTool(
  name: string,
  description: string,
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[],
): ToolDefinition {
  const parameters = { type: 'object', properties, required, additionalProperties: false };
  return { type: 'function', name, description, strict: false, parameters };
}
