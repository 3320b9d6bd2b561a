import type { ThreadItem } from '../../protocol/index.ts';

/** Something that the agent does besides speaking, in words. */
export interface Step {
  readonly title: string;
  readonly status: string | null;
  readonly text: string;
  /** What it read, wrote or changed; shown on demand. */
  readonly detail: { readonly name: string; readonly text: string } | null;
}

/** The step that an item stands for; null for what was said, which is no step. */
export function stepOf(item: ThreadItem): Step | null {
  switch (item.type) {
    case 'commandExecution': {
      const { aggregatedOutput, exitCode } = item;
      const code = exitCode === null || exitCode === 0 ? '' : `, exit code ${exitCode}`;
      const status = words(item.status) + code;
      return { title: 'Command', status, text: item.command, detail: detail('Output', aggregatedOutput) };
    }
    case 'fileChange': {
      const text = item.changes.map(({ kind, path }) => `${kind.type} ${path}`).join('\n');
      const diff = item.changes.map((change) => change.diff).join('\n');
      return { title: 'Files', status: words(item.status), text, detail: detail('Changes', diff) };
    }
    case 'mcpToolCall': {
      const given = JSON.stringify(item.arguments, null, 2);
      const came = item.error?.message ?? JSON.stringify(item.result?.content ?? null, null, 2);
      const text = `${item.server}.${item.tool}`;
      return {
        title: 'Tool',
        status: words(item.status),
        text,
        detail: detail('Call', `${given}\n\n${came}`),
      };
    }
    case 'dynamicToolCall': {
      const text = item.namespace === null ? item.tool : `${item.namespace}.${item.tool}`;
      const given = JSON.stringify(item.arguments, null, 2);
      return { title: 'Tool', status: words(item.status), text, detail: detail('Call', given) };
    }
    case 'collabAgentToolCall':
      return {
        title: 'Agents',
        status: words(item.status),
        text: item.tool,
        detail: detail('Prompt', item.prompt),
      };
    case 'webSearch':
      return { title: 'Web search', status: null, text: item.query, detail: null };
    case 'imageView':
      return { title: 'Image', status: 'looked at', text: item.path, detail: null };
    case 'imageGeneration':
      return { title: 'Image', status: words(item.status), text: item.savedPath ?? '', detail: null };
    case 'plan':
      return { title: 'Plan', status: null, text: item.text, detail: null };
    case 'reasoning': {
      const text = item.summary.join('\n\n');
      return { title: 'Thought', status: null, text, detail: detail('In full', item.content.join('\n\n')) };
    }
    case 'enteredReviewMode':
      return { title: 'Review', status: 'begun', text: item.review, detail: null };
    case 'exitedReviewMode':
      return { title: 'Review', status: 'ended', text: item.review, detail: null };
    case 'contextCompaction':
      return { title: 'Memory', status: null, text: 'The conversation so far was summed up.', detail: null };
    case 'userMessage':
    case 'agentMessage':
    case 'hookPrompt':
      return null;
  }
}

/** A status of the wire as one writes it: `inProgress` is `in progress`. */
export function words(status: string): string {
  return status.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function detail(name: string, text: string | null): Step['detail'] {
  return text === null || text.trim() === '' ? null : { name, text };
}
