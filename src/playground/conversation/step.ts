import type {
  FileUpdateChange,
  McpToolCallResult,
  ThreadItem,
  WebSearchAction,
} from '../../protocol/index.ts';
import { changeWords } from './diff-view.ts';

/** Something that the agent does besides speaking, in words. */
export interface Step {
  readonly title: string;
  readonly status: string | null;
  readonly text: string;
  /** What it read, wrote or changed; shown on demand. */
  readonly detail: StepDetail | null;
}

export interface StepDetail {
  readonly name: string;
  readonly content: string | readonly FileUpdateChange[];
}

/** The step that an item stands for; null for what was said, which is no step. */
export function stepOf(item: ThreadItem): Step | null {
  switch (item.type) {
    case 'commandExecution': {
      const { aggregatedOutput, exitCode } = item;
      const code = exitCode === null ? '' : `, exit code ${exitCode}`;
      const status = words(item.status) + code;
      return { title: 'Command', status, text: item.command, detail: detail('Output', aggregatedOutput) };
    }
    case 'fileChange': {
      const text = item.changes.map(changeWords).join('\n');
      const changes = item.changes.length === 0 ? null : { name: 'Changes', content: item.changes };
      return { title: 'Files', status: words(item.status), text, detail: changes };
    }
    case 'mcpToolCall': {
      const given = JSON.stringify(item.arguments, null, 2);
      const came = item.error?.message ?? resultText(item.result);
      const call = detail('Call', came === '' ? given : `${given}\n\n${came}`);
      return { title: 'Tool', status: words(item.status), text: `${item.server}.${item.tool}`, detail: call };
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
      return { title: 'Web search', status: null, text: searchText(item.query, item.action), detail: null };
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

/** What a tool gave back: its texts, and everything else by its kind. */
function resultText(result: McpToolCallResult | null): string {
  const parts = (result?.content ?? []).map((part) => {
    const { text, type } = (part ?? {}) as { readonly text?: unknown; readonly type?: unknown };
    return typeof text === 'string' ? text : `[${String(type)}]`;
  });
  if (parts.length > 0) return parts.join('\n');
  const structured = result?.structuredContent ?? null;
  return structured === null ? '' : JSON.stringify(structured, null, 2);
}

/** What was searched for, or looked at. */
function searchText(query: string, action: WebSearchAction | null): string {
  switch (action?.type) {
    case 'openPage':
      return action.url ?? query;
    case 'findInPage':
      return `${action.pattern ?? query} in ${action.url ?? 'a page'}`;
    case 'search':
      return action.queries?.join('\n') || action.query || query;
    default:
      return query;
  }
}

function detail(name: string, text: string | null): StepDetail | null {
  return text === null || text.trim() === '' ? null : { name, content: text };
}
