import { make } from '../dom.ts';
import { freshId, line } from './card.ts';
import type { FieldKind, FieldOption, FormField } from './form-fields.ts';

/** A field on the page. */
export interface FormControl {
  readonly name: string;
  readonly element: HTMLElement;
  /** The value that was given, or undefined where none was. */
  readonly read: () => unknown;
}

/** A field with its label and description, or null for one of a kind that has no field here. */
export function makeControl(field: FormField): FormControl | null {
  const { isRequired, kind, name } = field;
  switch (kind.type) {
    case 'text': {
      const input = makeInput(kind.input, isRequired, kind.initial);
      if (kind.minLength !== null && kind.minLength >= 0) input.minLength = kind.minLength;
      if (kind.maxLength !== null && kind.maxLength >= 0) input.maxLength = kind.maxLength;
      return { name, element: labelled(field, input), read: () => input.value || undefined };
    }
    case 'number': {
      const input = makeInput('number', isRequired, kind.initial === null ? '' : String(kind.initial));
      limit(input, kind);
      const read = (): unknown => (Number.isNaN(input.valueAsNumber) ? undefined : input.valueAsNumber);
      return { name, element: labelled(field, input), read };
    }
    case 'boolean': {
      const box = makeInput('checkbox', false, '');
      box.checked = kind.initial;
      const element = make('div', 'field', makeChoice(box, field.label, line(field.description, 'hint')));
      return { name, element, read: () => box.checked };
    }
    case 'choice': {
      const select = makeSelect(kind, isRequired);
      return { name, element: labelled(field, select), read: () => select.value || undefined };
    }
    case 'choices':
      return makeChoices(field, kind.options, kind.initial);
    case 'unknown':
      return null;
  }
}

function makeInput(type: string, isRequired: boolean, value: string): HTMLInputElement {
  const input = make('input', '');
  input.type = type;
  input.required = isRequired;
  input.autocomplete = 'off';
  input.value = value;
  return input;
}

function limit(input: HTMLInputElement, kind: FieldKind & { readonly type: 'number' }): void {
  const { isInteger, maximum, minimum } = kind;
  // Steps are counted from the least value, which for whole numbers has to be whole itself.
  input.step = isInteger ? '1' : 'any';
  if (minimum !== null) input.min = String(isInteger ? Math.ceil(minimum) : minimum);
  if (maximum !== null) input.max = String(maximum);
}

function makeSelect(kind: FieldKind & { readonly type: 'choice' }, isRequired: boolean): HTMLSelectElement {
  const select = make('select', '');
  const none = new Option(isRequired ? 'Choose one' : 'None', '');
  select.append(none, ...kind.options.map(({ label, value }) => new Option(label, value)));
  select.required = isRequired;
  select.value = kind.options.some(({ value }) => value === kind.initial) ? kind.initial : '';
  return select;
}

function makeChoices(
  field: FormField,
  options: readonly FieldOption[],
  initial: readonly string[],
): FormControl {
  const choices = options.map(({ label, value }) => {
    const box = makeInput('checkbox', false, '');
    box.checked = initial.includes(value);
    return { box, value, element: makeChoice(box, label, null) };
  });
  const legend = make('legend', '', labelText(field));
  const parts = [legend, line(field.description, 'hint'), ...choices.map(({ element }) => element)];
  const element = make('fieldset', 'field', ...parts.filter((part) => part !== null));
  const read = (): unknown => {
    const chosen = choices.filter(({ box }) => box.checked).map(({ value }) => value);
    return chosen.length === 0 && !field.isRequired ? undefined : chosen;
  };
  return { name: field.name, element, read };
}

function makeChoice(box: HTMLInputElement, text: string, description: HTMLElement | null): HTMLLabelElement {
  return make('label', 'choice', box, make('span', '', text, description ?? ''));
}

function labelled(field: FormField, control: HTMLElement): HTMLElement {
  control.id = freshId();
  const label = make('label', '', labelText(field));
  label.htmlFor = control.id;
  const description = line(field.description, 'hint');
  if (description === null) return make('div', 'field', label, control);
  description.id = freshId();
  control.setAttribute('aria-describedby', description.id);
  return make('div', 'field', label, description, control);
}

function labelText({ isRequired, label }: FormField): string {
  return isRequired ? label : `${label} (optional)`;
}
