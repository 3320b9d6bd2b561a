import type {
  CommandExecutionRequestApprovalParams,
  CommandExecutionRequestApprovalResponse,
  FileChangeRequestApprovalParams,
  FileChangeRequestApprovalResponse,
  FileUpdateChange,
} from '../../protocol/index.ts';
import { diffView } from '../conversation/index.ts';
import { make } from '../dom.ts';
import type { Answer, Card } from './card.ts';
import { choiceButtons, line, makeCard } from './card.ts';
import { commandChoices, FILE_CHANGE_CHOICES } from './decisions.ts';

/** For a question whose item is not in the thread. */
const UNKNOWN_CHANGES = 'What is to be changed was told before this page was loaded, so it cannot be shown.';

/** Asks whether a command may run: what it is, where, and why it is asked. */
export function commandCard(
  { availableDecisions, command, cwd, networkApprovalContext, reason }: CommandExecutionRequestApprovalParams,
  answer: Answer<CommandExecutionRequestApprovalResponse>,
): Card {
  const title = 'May the agent run this command?';
  const buttons = choiceButtons(commandChoices(availableDecisions), ({ decision, text }) =>
    answer({ decision }, `${title} — ${text}`),
  );
  const { host, protocol } = networkApprovalContext ?? {};
  return makeCard(title, [
    line(reason),
    command ? make('pre', '', command) : null,
    line(cwd ? `in ${cwd}` : null, 'hint'),
    line(host === undefined ? null : `It wants to connect to ${host} (${protocol}).`, 'hint'),
    buttons,
  ]);
}

/** Asks whether files may be changed; the question does not tell the changes, but its item does. */
export function fileChangeCard(
  { grantRoot, reason }: FileChangeRequestApprovalParams,
  changes: readonly FileUpdateChange[],
  answer: Answer<FileChangeRequestApprovalResponse>,
): Card {
  const title = 'May the agent change these files?';
  const buttons = choiceButtons(FILE_CHANGE_CHOICES, ({ decision, text }) =>
    answer({ decision }, `${title} — ${text}`),
  );
  return makeCard(title, [
    line(reason),
    changes.length === 0 ? line(UNKNOWN_CHANGES, 'problem') : diffView(changes),
    line(grantRoot ? `and from then on anything below ${grantRoot}` : null, 'hint'),
    buttons,
  ]);
}
