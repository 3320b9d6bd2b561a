import { basename } from 'node:path';

/** Where and when a turn runs. */
export interface Surroundings {
  /** Null leaves it out. */
  readonly cwd: string | null;
  /** The name of the user's shell, for example `bash`. */
  readonly shell: string;
  /** `YYYY-MM-DD`, in local time. */
  readonly currentDate: string;
  /** For example `Europe/Berlin`. */
  readonly timezone: string;
}

export function environmentText({ cwd, shell, currentDate, timezone }: Surroundings): string {
  return [
    '<environment_context>',
    ...(cwd === null ? [] : [`  <cwd>${cwd}</cwd>`]),
    `  <shell>${shell}</shell>`,
    `  <current_date>${currentDate}</current_date>`,
    `  <timezone>${timezone}</timezone>`,
    '</environment_context>',
  ].join('\n');
}

/** The surroundings at a moment, as the machine tells them; the shell is given by its path. */
export function surroundings(cwd: string, now: Date, shell: string): Surroundings {
  const two = (value: number): string => String(value).padStart(2, '0');
  return {
    cwd,
    shell: basename(shell),
    currentDate: `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}
