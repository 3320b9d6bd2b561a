import type {
  McpServerElicitationRequestParams,
  McpServerElicitationRequestResponse,
} from '../../protocol/index.ts';
import { make, makeButton } from '../dom.ts';
import type { Answer, Card } from './card.ts';
import { line, makeCard } from './card.ts';
import { makeControl } from './form-controls.ts';
import { formFields } from './form-fields.ts';

/** Asks what a server wants to know: values for a form, or a visit to a page. */
export function elicitationCard(
  params: McpServerElicitationRequestParams,
  answer: Answer<McpServerElicitationRequestResponse>,
): Card {
  const title = `The server ${params.serverName} asks you something`;
  const give = (
    action: McpServerElicitationRequestResponse['action'],
    text: string,
    content: unknown,
  ): void => answer({ action, content }, `${params.message} — ${text}`);
  const form = params.mode === 'form' ? formParts(params.requestedSchema) : null;
  const accept = make('button', 'primary', 'Accept');
  const buttons = make(
    'div',
    'row',
    ...(form?.isComplete === false ? [] : [accept]),
    makeButton('Decline', () => give('decline', 'Decline', null)),
    makeButton('Cancel', () => give('cancel', 'Cancel', null)),
  );
  const parts = params.mode === 'url' ? urlParts(params.url) : (form?.parts ?? []);
  const card = makeCard(title, [line(params.message), ...parts, buttons], 'form');
  card.element.addEventListener('submit', (event) => {
    event.preventDefault();
    give('accept', 'Accept', form?.read() ?? null);
  });
  return card;
}

interface FormParts {
  readonly parts: readonly HTMLElement[];
  /** Whether every value that is required can be given here. */
  readonly isComplete: boolean;
  readonly read: () => Readonly<Record<string, unknown>>;
}

function formParts(requestedSchema: unknown): FormParts {
  const fields = formFields(requestedSchema);
  const controls = fields.map(makeControl).filter((control) => control !== null);
  const missing = fields.filter(({ isRequired, kind }) => isRequired && kind.type === 'unknown');
  const names = missing.map(({ label }) => label).join(', ');
  const problem = line(
    names === '' ? null : `This page has no field for what is required: ${names}.`,
    'problem',
  );
  const parts = [...controls.map(({ element }) => element), problem].filter((part) => part !== null);
  const read = (): Readonly<Record<string, unknown>> => {
    const values = controls.map((control) => [control.name, control.read()] as const);
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  };
  return { parts, isComplete: missing.length === 0, read };
}

/** The address in full, so that one sees where it leads, and a link to it where it is one of the web. */
function urlParts(address: string): HTMLElement[] {
  const url = URL.canParse(address) ? new URL(address) : null;
  const shown = make('pre', '', address);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return [shown, make('p', 'hint', 'This is no address of the web, so the page does not open it.')];
  }
  const link = make('a', '', `Open ${url.host} in a new tab`);
  link.href = url.href;
  link.target = '_blank';
  link.rel = 'noopener noreferrer';
  return [shown, make('p', '', link), make('p', 'hint', 'Accept once you have done there what it wants.')];
}
