/** A value that a form is to have, as the flat schema of a server describes it. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly kind: FieldKind;
}

export type FieldKind =
  | {
      readonly type: 'text';
      readonly input: 'text' | 'email' | 'url' | 'date' | 'password';
      readonly initial: string;
      readonly minLength: number | null;
      readonly maxLength: number | null;
    }
  | {
      readonly type: 'number';
      readonly isInteger: boolean;
      readonly initial: number | null;
      readonly minimum: number | null;
      readonly maximum: number | null;
    }
  | { readonly type: 'boolean'; readonly initial: boolean }
  | { readonly type: 'choice'; readonly options: readonly FieldOption[]; readonly initial: string }
  | {
      readonly type: 'choices';
      readonly options: readonly FieldOption[];
      readonly initial: readonly string[];
    }
  /** Of a kind that has no field here. */
  | { readonly type: 'unknown' };

export interface FieldOption {
  readonly value: string;
  readonly label: string;
}

type Schema = Readonly<Record<string, unknown>>;

/** The fields of a form, in the order of the schema. What the schema says wrongly is passed over. */
export function formFields(requestedSchema: unknown): FormField[] {
  const schema = asSchema(requestedSchema);
  const required = asList(schema['required']);
  return Object.entries(asSchema(schema['properties'])).map(([name, value]) => {
    const property = asSchema(value);
    return {
      name,
      label: asText(property['title']) || name,
      description: asText(property['description']),
      isRequired: required.includes(name),
      kind: kindOf(property),
    };
  });
}

function kindOf(property: Schema): FieldKind {
  const initial = property['default'];
  switch (property['type']) {
    case 'string': {
      const options = optionsOf(property, asList(property['oneOf']));
      if (options !== null) return { type: 'choice', options, initial: asText(initial) };
      return {
        type: 'text',
        input: inputOf(property),
        initial: asText(initial),
        minLength: asNumber(property['minLength']),
        maxLength: asNumber(property['maxLength']),
      };
    }
    case 'number':
    case 'integer':
      return {
        type: 'number',
        isInteger: property['type'] === 'integer',
        initial: asNumber(initial),
        minimum: asNumber(property['minimum']),
        maximum: asNumber(property['maximum']),
      };
    case 'boolean':
      return { type: 'boolean', initial: initial === true };
    case 'array': {
      const items = asSchema(property['items']);
      const options = optionsOf(items, asList(items['anyOf'] ?? items['oneOf']));
      if (options === null) return { type: 'unknown' };
      return {
        type: 'choices',
        options,
        initial: asList(initial).filter((value) => typeof value === 'string'),
      };
    }
    default:
      return { type: 'unknown' };
  }
}

/** The values to choose from: listed, with or without names in a list of their own, or titled one by one. */
function optionsOf(schema: Schema, titled: readonly unknown[]): FieldOption[] | null {
  const names = asList(schema['enumNames']);
  const listed = asList(schema['enum']).map((value, index) => ({ value, title: names[index] }));
  const each = titled.map(asSchema).map((option) => ({ value: option['const'], title: option['title'] }));
  const options = [...listed, ...each].flatMap(({ title, value }) =>
    typeof value === 'string' ? [{ value, label: asText(title) || value }] : [],
  );
  return options.length === 0 ? null : options;
}

function inputOf({ format, writeOnly }: Schema): 'text' | 'email' | 'url' | 'date' | 'password' {
  if (format === 'password' || writeOnly === true) return 'password';
  if (format === 'email' || format === 'date') return format;
  return format === 'uri' ? 'url' : 'text';
}

function asSchema(value: unknown): Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Schema) : {};
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
