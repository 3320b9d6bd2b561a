import { readFileSync } from 'node:fs';
import { arch, platform, release, userInfo } from 'node:os';
import type { Platform } from '../core/index.ts';
import { firstName } from '../core/index.ts';

const OS_NAMES: Readonly<Record<string, string>> = { darwin: 'Mac OS', linux: 'Linux', win32: 'Windows' };

/** Describes this machine for the user agent. */
export function describePlatform(variables: Readonly<Record<string, string | undefined>>): Platform {
  const distribution = platform() === 'linux' ? linuxDistribution() : null;
  return {
    osName: distribution?.name ?? OS_NAMES[platform()] ?? platform(),
    osVersion: distribution?.version ?? release(),
    architecture: arch() === 'x64' ? 'x86_64' : arch(),
    terminal: terminal(variables),
  };
}

function linuxDistribution(): { name: string; version: string } | null {
  let text: string;
  try {
    text = readFileSync('/etc/os-release', 'utf8');
  } catch {
    return null; // Not every Linux has the file; the kernel's name and version serve as well.
  }
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(text)?.[1];
  const name = field('NAME')?.replace(' GNU/Linux', '');
  if (name === undefined) return null;
  const version = field('VERSION_ID') ?? '';
  return { name, version: [...version.split('.'), '0', '0'].slice(0, 3).join('.') };
}

function terminal(variables: Readonly<Record<string, string | undefined>>): string {
  const { TERM_PROGRAM: program, TERM_PROGRAM_VERSION: version, TERM: term } = variables;
  if (program) return version ? `${program}/${version}` : program;
  return term || 'unknown';
}

/** The first name of the person whose account this is, for the voice prompt. */
export function personName(): string {
  const login = userInfo().username;
  return firstName(realName(login), login);
}

/** The fifth field of the account's line, up to the first comma. */
function realName(login: string): string | null {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((account) => account.startsWith(`${login}:`));
    return line?.split(':')[4]?.split(',')[0] ?? null;
  } catch {
    return null; // Only some systems keep accounts in a file; the login name is used there.
  }
}
