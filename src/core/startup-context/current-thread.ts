import type { MessageItem, ResponseItem } from '../../responses/index.ts';
import { fitted, textTokens } from '../../util/text-budget.ts';
import { isUserMessage } from '../turn/compaction.ts';
import { withoutEnvelope } from '../delegation-envelope.ts';
import { bodyTokens, CURRENT_THREAD } from './section.ts';

const INTRO = 'What was said in this thread so far, newest turn first.';

/** The most tokens that one turn takes. */
const TURN_TOKENS = 300;
/** With less room than this nothing of a turn would be left but its heading. */
const LEAST_TOKENS = 25;

interface SaidTurn {
  readonly user: string;
  readonly agent: readonly string[];
}

/**
 * The turns of a history, newest first, as many as have room; null where the user has said nothing. What a call's
 * transcript adds for the text model is not shown, as it is no turn.
 */
export function currentThread(history: readonly ResponseItem[]): string | null {
  const tokens = bodyTokens(CURRENT_THREAD);
  let body = INTRO;
  let age = 0;
  for (const turn of turnsNewestFirst(history)) {
    const room = tokens - textTokens(`${body}\n\n`);
    if (room < LEAST_TOKENS) break;
    body += `\n\n${fitted(turnText(turn, age), Math.min(TURN_TOKENS, room))}`;
    age += 1;
  }
  return age === 0 ? null : body;
}

function* turnsNewestFirst(history: readonly ResponseItem[]): Generator<SaidTurn> {
  let agent: string[] = [];
  for (const item of history.toReversed()) {
    if (item.type !== 'message') continue;
    if (item.role === 'assistant') {
      const text = textOf(item);
      if (text !== '') agent.push(text);
    } else if (isUserMessage(item)) {
      const user = textOf(item, withoutEnvelope);
      if (user === '') continue;
      yield { user, agent: agent.toReversed() };
      agent = [];
    }
  }
}

function textOf(item: MessageItem, read: (text: string) => string = (text) => text): string {
  return item.content
    .flatMap((part) => (part.type === 'input_image' || part.text === '' ? [] : [read(part.text)]))
    .join('\n')
    .trim();
}

function turnText({ user, agent }: SaidTurn, age: number): string {
  const heading = age === 0 ? '### Latest turn' : `### Earlier turn ${age}`;
  const said = `${heading}\nUser:\n${user}`;
  return agent.length === 0 ? said : `${said}\n\nAgent:\n${agent.join('\n\n')}`;
}
