/** The variables of a process. */
export type CommandEnvironment = Readonly<Record<string, string>>;

/** Marks every process that belongs to a command, so that those can be found that left its process group. */
export const COMMAND_VARIABLE = 'PARLEY_COMMAND';
