import { invalidRequest } from '../api-error.ts';
import type { ApiRefusal } from '../api-error.ts';
import { quoted, shortened } from '../words.ts';
import { unwrapDelegation } from './delegation.ts';
import { latestInput } from './latest-input.ts';
import type { InputItem } from './request.ts';

/** What is going to be answered. */
export type Plan =
  | { readonly kind: 'say'; readonly text: string; readonly overMs: number }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: string }
  | { readonly kind: 'customCall'; readonly name: string; readonly input: string }
  /** The response begins and fails. */
  | { readonly kind: 'fail'; readonly code: 'rate_limit_exceeded'; readonly message: string }
  /** The request is refused before there is a response. */
  | { readonly kind: 'refuse'; readonly refusal: ApiRefusal };

export interface PlanInput {
  /** All items, with those of the responses that this one continues. */
  readonly items: readonly InputItem[];
  readonly tools: readonly InputItem[];
  readonly toolChoice: unknown;
}

const MOST_WORDS = 200;
const SLOW_SECONDS = { usual: 10, most: 600 };

const SELF_DESCRIPTION =
  'This is the loopback server, not a model. It repeats what it is asked, and calls a tool when it is told to.';

/** Decides on the answer. The user's text may hold a command: `slow`, `tool`, `run` or `fail`. */
export function planAnswer({ items, tools, toolChoice }: PlanInput): Plan {
  const latest = latestInput(items);
  if (latest.kind === 'nothing') return say(SELF_DESCRIPTION);
  if (latest.kind === 'tool') {
    const tool = latest.name === null ? 'The tool' : `The tool ${shortened(latest.name, 1)}`;
    return say(`${tool} gave back: ${quoted(latest.output, MOST_WORDS)}`);
  }
  const text = unwrapDelegation(latest.text).trim();
  return (
    slowAnswer(text) ??
    toolCall(text, toolChoice === 'none' ? [] : tools) ??
    commandCall(text, toolChoice === 'none' ? [] : tools) ??
    failure(text) ??
    say(asked(text))
  );
}

function say(text: string, overMs = 0): Plan {
  return { kind: 'say', text, overMs };
}

function asked(text: string): string {
  return text === '' ? SELF_DESCRIPTION : `The loopback server was asked: ${quoted(text, MOST_WORDS)}`;
}

/** `slow: …` and `slow N: …` take N seconds over the answer, so that there is time to steer or interrupt it. */
function slowAnswer(text: string): Plan | null {
  const command = /^slow(?: +(\d{1,4}))? *:/i.exec(text);
  if (command === null) return null;
  const seconds = Math.min(Number(command[1] ?? SLOW_SECONDS.usual), SLOW_SECONDS.most);
  const rest = text.slice(command[0].length).trim();
  return say(
    `${asked(rest)} Taking ${seconds} ${seconds === 1 ? 'second' : 'seconds'} over this, as asked.`,
    seconds * 1000,
  );
}

/** `tool NAME {json}` calls a tool; one that takes free text gets the rest as it is. */
function toolCall(text: string, tools: readonly InputItem[]): Plan | null {
  const command = /^tool +(\S+)/i.exec(text);
  const name = command?.[1];
  if (command === null || name === undefined) return null;
  const rest = text.slice(command[0].length).trim();
  const tool = tools.find((offered) => offered['name'] === name);
  if (tool?.['type'] === 'custom') return { kind: 'customCall', name, input: rest };
  if (tool?.['type'] !== 'function') {
    const names = tools.flatMap((offered) => (typeof offered['name'] === 'string' ? [offered['name']] : []));
    const offer =
      names.length === 0 ? 'This request offers no tools' : `This request offers ${names.join(', ')}`;
    return say(shortened(`${offer}, and not ${quoted(name, 1)}, so nothing was called.`, MOST_WORDS));
  }
  if (rest !== '' && !isJsonObject(rest)) return say(`The arguments for ${name} are not a JSON object.`);
  return { kind: 'call', name, arguments: rest === '' ? '{}' : rest };
}

/** `run COMMAND` runs a command line with the tool `exec_command`, where that is offered. */
function commandCall(text: string, tools: readonly InputItem[]): Plan | null {
  const command = /^run +(\S.*)$/is.exec(text)?.[1];
  const isOffered = tools.some(({ name, type }) => type === 'function' && name === 'exec_command');
  if (command === undefined || !isOffered) return null;
  return { kind: 'call', name: 'exec_command', arguments: JSON.stringify({ cmd: command }) };
}

/** `fail` lets the response fail as at a rate limit; `fail 503` refuses the request with that status. */
function failure(text: string): Plan | null {
  const command = /^fail(?: +([45]\d\d))?$/i.exec(text);
  if (command === null) return null;
  const status = command[1];
  if (status === undefined) {
    const message = 'The rate limit was reached because the text asked for it. Please try again in 1s.';
    return { kind: 'fail', code: 'rate_limit_exceeded', message };
  }
  const message = `The request was refused with status ${status} because its text asked for it.`;
  return {
    kind: 'refuse',
    refusal: { status: Number(status), problem: problemFor(Number(status), message) },
  };
}

function problemFor(status: number, message: string): ApiRefusal['problem'] {
  if (status === 429) return { type: 'rate_limit_error', code: 'rate_limit_exceeded', message, param: null };
  if (status >= 500) return { type: 'server_error', code: 'server_error', message, param: null };
  return invalidRequest(null, message);
}

function isJsonObject(text: string): boolean {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
