import type { AskForApproval, SandboxPolicy } from '../../../protocol/index.ts';
import { patternText } from '../../rules/index.ts';
import type { PrefixRule } from '../../rules/index.ts';

/**
 * Tells the model what commands may touch, when a person is asked and what rules allow, for its permissions message.
 */
export function permissionsText(
  sandbox: SandboxPolicy,
  approval: AskForApproval,
  allowing: readonly PrefixRule[] = [],
): string {
  return [
    '<permissions instructions>',
    sandboxText(sandbox),
    networkText(sandbox),
    approvalText(approval),
    ...allowedText(allowing),
    '</permissions instructions>',
  ].join('\n');
}

function sandboxText(sandbox: SandboxPolicy): string {
  switch (sandbox.type) {
    case 'dangerFullAccess':
      return '`sandbox_mode` is `danger-full-access`: commands are not confined and may touch every file.';
    case 'externalSandbox':
      return '`sandbox_mode` is `danger-full-access`: what surrounds this program confines commands.';
    case 'readOnly':
      return '`sandbox_mode` is `read-only`: commands may read every file and write none.';
    case 'workspaceWrite': {
      const roots = sandbox.writableRoots.map((root) => `\`${root}\``).join(', ');
      const more = roots === '' ? '' : ` Also writable: ${roots}.`;
      return `\`sandbox_mode\` is \`workspace-write\`: commands may read every file, and write in the working directory.${more}`;
    }
  }
}

function networkText(sandbox: SandboxPolicy): string {
  const isEnabled =
    sandbox.type === 'dangerFullAccess' ||
    (sandbox.type === 'externalSandbox' ? sandbox.networkAccess === 'enabled' : sandbox.networkAccess);
  return `Network access is ${isEnabled ? 'enabled' : 'restricted'}.`;
}

function approvalText(approval: AskForApproval): string {
  if (typeof approval === 'object') {
    const leaving = approval.granular.sandbox_approval
      ? 'where the sandbox is too tight, ask for consent to run a command outside it.'
      : 'nobody can be asked to run a command outside the sandbox, so find a way inside it.';
    return `\`approval_policy\` is \`granular\`: some kinds of action need the consent of the user, others are refused; ${leaving}`;
  }
  return `\`approval_policy\` is \`${approval}\`: ${APPROVAL_TEXTS[approval]}`;
}

const APPROVAL_TEXTS: Readonly<Record<Extract<AskForApproval, string>, string>> = {
  never: 'nobody can be asked, so find a way inside the sandbox.',
  'on-failure': 'what fails in the sandbox is shown to the user, who may let it run outside.',
  'on-request': 'where the sandbox is too tight, ask for consent to run a command outside it.',
  untrusted: 'the user is asked before every command that is not known to be harmless.',
};

/** How many rules are shown, and how many characters they may take together. */
const MOST_ALLOWED = { rules: 100, characters: 5_000 };

function allowedText(allowing: readonly PrefixRule[]): string[] {
  const patterns = [...new Set(allowing.map(({ pattern }) => patternText(pattern)))];
  if (patterns.length === 0) return [];
  const shown: string[] = [];
  let room = MOST_ALLOWED.characters;
  for (const pattern of patterns.slice(0, MOST_ALLOWED.rules)) {
    room -= pattern.length;
    if (room < 0) break;
    shown.push(`- ${pattern}`);
  }
  const left = patterns.length - shown.length;
  return [
    'The user has allowed commands that begin with these words. They run outside the sandbox, without a question:',
    ...shown,
    ...(left === 0 ? [] : [`(${left} more are not shown)`]),
  ];
}
