import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import { shellArgv, truncatedWithLineCount } from '../../../exec/index.ts';
import type { ExecSession, SandboxedCommand, SessionOutput } from '../../../exec/index.ts';
import { textTokens } from '../../../util/text-budget.ts';
import { parseArguments } from '../parameters.ts';
import { applyPatchOfCommand } from '../patch-run.ts';
import type { Tool, ToolContext, ToolOutput } from '../tool.ts';
import { functionTool } from '../tool.ts';
import { consentToRetry, notAccepted } from './command-consent.ts';
import { CommandItem, notStartedText } from './command-item.ts';
import { AS_LINES } from './command-output.ts';
import { commandParameters, commandRequest } from './command-request.ts';
import type { CommandRequest } from './command-request.ts';
import { bare, permitCommand } from './command-run.ts';

const YIELD = { usual: 10_000, least: 250, most: 30_000 };
const POLL = { usual: 250, least: 5_000, most: 300_000 };
const MAX_OUTPUT_TOKENS = 10_000;

const ExecArguments = z.object({
  cmd: z.string().check(z.minLength(1, 'the command is empty')),
  shell: z.nullish(z.string()),
  tty: z.nullish(z.boolean()),
  yield_time_ms: z.nullish(z.number()),
  max_output_tokens: z.nullish(z.number()),
  login: z.nullish(z.boolean()),
  ...commandParameters,
});

const waiting = {
  yield_time_ms: { type: 'number', description: 'How long to wait for output, in milliseconds.' },
  max_output_tokens: { type: 'number', description: 'The most output to be given.' },
};

/** Starts a command, and comes back with its output when it ends or after a while. */
export const execCommand: Tool = {
  names: ['exec_command'],
  isParallel: true,
  definition: () =>
    functionTool(
      'exec_command',
      'Runs a command in a shell. Gives its output, and a session id if it still runs, for `write_stdin`.',
      {
        cmd: { type: 'string', description: 'The command line.' },
        workdir: { type: 'string', description: 'Where to run it; the working directory if left out.' },
        shell: { type: 'string', description: 'The shell program; the user’s own if left out.' },
        tty: {
          type: 'boolean',
          description: 'Whether the command needs a terminal, or is to be written to.',
        },
        ...waiting,
        login: {
          type: 'boolean',
          description: 'Whether the shell reads the user’s profile; true if left out.',
        },
        sandbox_permissions: {
          type: 'string',
          enum: ['use_default', 'require_escalated'],
          description: '`require_escalated` asks the user to let it run outside the sandbox.',
        },
        justification: {
          type: 'string',
          description: 'One question to the user that says why; only when escalated.',
        },
        prefix_rule: {
          type: 'array',
          items: { type: 'string' },
          description:
            'The first words of the command, such as ["npm", "test"], if the user may well allow all that begin so; only when escalated.',
        },
      },
      ['cmd'],
    ),
  run: async ({ callId, input }, context) => {
    const parsed = parseArguments(ExecArguments, input);
    if (!parsed.ok) return parsed.message;
    const { cmd, login, max_output_tokens, shell, tty, yield_time_ms } = parsed.value;
    const argv = shellArgv(cmd, context.workbench.commandVariables, {
      isLogin: login !== false,
      shell: shell ?? undefined,
    });
    const request = commandRequest(parsed.value, argv, callId, context);
    const patched = applyPatchOfCommand(['bash', '-c', cmd], request, context, AS_LINES);
    if (patched !== null) return patched;
    const waitMs = clamped(yield_time_ms, YIELD.usual, YIELD.least, YIELD.most);
    return runSession({ ...request, cmd, tty: tty ?? false, waitMs }, max_output_tokens, context);
  },
};

interface SessionRequest extends CommandRequest {
  readonly cmd: string;
  readonly tty: boolean;
  readonly waitMs: number;
}

/** Starts the command as the policies allow it, and reads what it prints at first. */
async function runSession(
  request: SessionRequest,
  maxTokens: number | null | undefined,
  context: ToolContext,
): Promise<ToolOutput> {
  const { sessions } = context.workbench;
  const id = sessions.reserveId();
  const item = new CommandItem(request, context, 'unifiedExecStartup');
  item.runsAs(String(id));
  const permit = await permitCommand(request, context, item);
  if (permit.kind === 'refused') return permit.message;
  let begun = await begin(id, permit.command, request, item, context);
  if (typeof begun === 'string') return begun;
  const { exit } = begun.output;
  if (exit !== null) {
    const aggregated = begun.session.aggregated.text;
    const ended = { exitCode: exit.exitCode, stdout: '', stderr: '', aggregated };
    const consent = await consentToRetry(request, context, permit, ended);
    if (consent === 'cancelled') return notAccepted(consent, item, context).message;
    if (consent === 'accepted') begun = await begin(id, bare(request, context), request, item, context);
    if (typeof begun === 'string') return begun;
  }
  const { output, session } = begun;
  tellEnd(item, session);
  return outputFor(session, output, maxTokens, context);
}

interface Begun {
  readonly session: ExecSession;
  readonly output: SessionOutput;
}

/** Gives a text for the model where the command could not be started. */
async function begin(
  id: number,
  { argv, env }: SandboxedCommand,
  { cmd, cwd, itemId, tty, waitMs }: SessionRequest,
  item: CommandItem,
  context: ToolContext,
): Promise<Begun | string> {
  const onOutput = (text: string): void => context.reporter.commandOutput(itemId, text);
  const started = await context.workbench.sessions.start({
    id,
    callId: itemId,
    argv,
    cwd,
    env,
    tty,
    onOutput,
  });
  if (started.kind !== 'started') {
    return item.refused(notStartedText(cmd, started.message)).message;
  }
  const { session } = started;
  const output = await session.read(waitMs, context.signal);
  if (context.signal.aborted) tellEnd(item, session);
  await endIfInterrupted(session, context);
  return { session, output };
}

function tellEnd(item: CommandItem, session: ExecSession): void {
  void session.ended?.then(({ durationMs, exitCode }) =>
    item.exited(exitCode, session.aggregated.text, durationMs),
  );
}

/** The command that the agent waits for ends with the turn; what it left running in the background goes on. */
async function endIfInterrupted(session: ExecSession, { signal, workbench }: ToolContext): Promise<void> {
  if (!signal.aborted) return;
  workbench.sessions.forget(session.id);
  await session.end();
  signal.throwIfAborted();
}

const WriteArguments = z.object({
  session_id: z.number(),
  chars: z.nullish(z.string()),
  yield_time_ms: z.nullish(z.number()),
  max_output_tokens: z.nullish(z.number()),
});

/** Writes to a command that still runs, or looks what it has printed since. */
export const writeStdin: Tool = {
  names: ['write_stdin'],
  isParallel: false,
  definition: () =>
    functionTool(
      'write_stdin',
      'Writes to a command that still runs and gives what it prints. Without characters it only waits for output.',
      {
        session_id: { type: 'number' },
        chars: { type: 'string', description: 'What to write, if the command has a `tty`; may be empty.' },
        ...waiting,
      },
      ['session_id'],
    ),
  run: async ({ input }, context) => {
    const parsed = parseArguments(WriteArguments, input);
    if (!parsed.ok) return parsed.message;
    const { chars, max_output_tokens, session_id, yield_time_ms } = parsed.value;
    const session = context.workbench.sessions.get(session_id);
    if (session === null) return `There is no running command with the session id ${session_id}.`;
    const stdin = chars ?? '';
    if (stdin !== '') {
      const written = session.write(stdin);
      if (written.kind === 'closed' && session.exit === null)
        return `Nothing was written: ${written.message}`;
    }
    context.reporter.terminalInteraction(session.callId, String(session.id), stdin);
    const wait =
      stdin === ''
        ? clamped(yield_time_ms, POLL.least, POLL.least, POLL.most)
        : clamped(yield_time_ms, POLL.usual, YIELD.least, YIELD.most);
    const output = await session.read(wait, context.signal);
    await endIfInterrupted(session, context);
    return outputFor(session, output, max_output_tokens, context);
  },
};

function outputFor(
  session: ExecSession,
  output: SessionOutput,
  maxTokens: number | null | undefined,
  { workbench }: ToolContext,
): ToolOutput {
  if (output.exit !== null) workbench.sessions.forget(session.id);
  return sessionText(session.id, output, clamped(maxTokens, MAX_OUTPUT_TOKENS, 0, MAX_OUTPUT_TOKENS));
}

function sessionText(id: number, reading: SessionOutput, tokens: number): string {
  const { durationMs, exit, lines, text, truncatedBytes } = reading;
  const shown = truncatedWithLineCount(text, { tokens }, lines);
  return [
    `Chunk ID: ${randomBytes(3).toString('hex')}`,
    `Wall time: ${(durationMs / 1000).toFixed(4)} seconds`,
    exit === null ? `Process running with session ID ${id}` : `Process exited with code ${exit.exitCode}`,
    ...(shown === text ? [] : [`Original token count: ${textTokens(text) + Math.ceil(truncatedBytes / 4)}`]),
    'Output:',
    shown,
  ].join('\n');
}

function clamped(wanted: number | null | undefined, usual: number, least: number, most: number): number {
  return Math.min(Math.max(wanted ?? usual, least), most);
}
