export type { OnOutput, OutputStream } from './captured-output.ts';
export type { NotStarted, ProcessOptions } from './child-process.ts';
export { runCommand } from './command.ts';
export type { CommandOptions, CommandOutcome, CommandResult } from './command.ts';
export { COMMAND_VARIABLE } from './command-environment.ts';
export type { CommandEnvironment } from './command-environment.ts';
export { looksDenied } from './denial.ts';
export type { EndedCommand } from './denial.ts';
export { KEPT_BYTES, OutputBuffer } from './output-buffer.ts';
export type { KeptOutput } from './output-buffer.ts';
export { ProcessGroups } from './process-groups.ts';
export type { ProcessGroup } from './process-groups.ts';
export type {
  SandboxedCommand,
  SandboxEnvironment,
  SandboxKind,
  SandboxPolicy,
  SandboxUnavailable,
} from './sandbox/policy.ts';
export { Sandbox } from './sandbox/sandbox.ts';
export type { SandboxOptions } from './sandbox/sandbox.ts';
export type { ExecSession, SessionExit, SessionOutput, WriteOutcome } from './session.ts';
export { ExecSessions } from './sessions.ts';
export type { ExecSessionsOptions, SessionOutcome, SessionStart } from './sessions.ts';
export type { LoadTerminalModule, Terminal, TerminalModule } from './terminal.ts';
export { fits, lineCount, truncatedForModel, truncatedWithLineCount } from './truncation.ts';
export type { TextLimit } from './truncation.ts';
export { parseActions } from './words/actions.ts';
export type { CommandAction } from './words/actions.ts';
export { isDangerous } from './words/danger.ts';
export { shellQuoted } from './words/quoting.ts';
export { isKnownSafe } from './words/safety.ts';
export { splitScript, splitWords } from './words/script.ts';
export type { ScriptCommand, ScriptOperator, ScriptWord } from './words/script.ts';
export { scriptOf } from './words/shell.ts';
