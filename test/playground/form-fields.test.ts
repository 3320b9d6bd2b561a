import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formFields } from '../../src/playground/questions/form-fields.ts';

const plain = { input: 'text', initial: '', minLength: null, maxLength: null, type: 'text' };

describe('the fields of a form', () => {
  it('are of the kinds that a flat schema has', () => {
    const fields = formFields({
      type: 'object',
      required: ['name', 'count'],
      properties: {
        name: { type: 'string', title: 'Name', description: 'As it is called', minLength: 1, maxLength: 9 },
        mail: { type: 'string', format: 'email', default: 'a@b.c' },
        page: { type: 'string', format: 'uri' },
        day: { type: 'string', format: 'date' },
        key: { type: 'string', format: 'password' },
        count: { type: 'integer', minimum: 1, maximum: 5 },
        part: { type: 'number', default: 0.5 },
        sure: { type: 'boolean', default: true },
        color: { type: 'string', enum: ['r', 'g'], enumNames: ['Red'] },
        size: { type: 'string', oneOf: [{ const: 's', title: 'Small' }, { const: 'l' }], default: 'l' },
        tags: { type: 'array', items: { anyOf: [{ const: 'a', title: 'A' }] }, default: ['a', 7] },
      },
    });
    expect(fields.map(({ kind, name }) => [name, kind])).toEqual([
      ['name', { ...plain, minLength: 1, maxLength: 9 }],
      ['mail', { ...plain, input: 'email', initial: 'a@b.c' }],
      ['page', { ...plain, input: 'url' }],
      ['day', { ...plain, input: 'date' }],
      ['key', { ...plain, input: 'password' }],
      ['count', { type: 'number', isInteger: true, initial: null, minimum: 1, maximum: 5 }],
      ['part', { type: 'number', isInteger: false, initial: 0.5, minimum: null, maximum: null }],
      ['sure', { type: 'boolean', initial: true }],
      [
        'color',
        {
          type: 'choice',
          initial: '',
          options: [
            { value: 'r', label: 'Red' },
            { value: 'g', label: 'g' },
          ],
        },
      ],
      [
        'size',
        {
          type: 'choice',
          initial: 'l',
          options: [
            { value: 's', label: 'Small' },
            { value: 'l', label: 'l' },
          ],
        },
      ],
      ['tags', { type: 'choices', initial: ['a'], options: [{ value: 'a', label: 'A' }] }],
    ]);
    expect(fields[0]).toMatchObject({ label: 'Name', description: 'As it is called', isRequired: true });
    expect(fields[1]).toMatchObject({ label: 'mail', description: '', isRequired: false });
  });

  it('are none where there is no schema, and unknown where a value has no field', () => {
    expect(formFields(null)).toEqual([]);
    expect(formFields({ properties: { deep: { type: 'object' }, list: { type: 'array' } } })).toEqual([
      { name: 'deep', label: 'deep', description: '', isRequired: false, kind: { type: 'unknown' } },
      { name: 'list', label: 'list', description: '', isRequired: false, kind: { type: 'unknown' } },
    ]);
  });

  it('come of any schema without an error', () => {
    const property = fc.record(
      {
        type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'array', 7),
        enum: fc.jsonValue(),
        oneOf: fc.jsonValue(),
        items: fc.jsonValue(),
        default: fc.jsonValue(),
        minimum: fc.jsonValue(),
        title: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    const schema = fc.record({
      properties: fc.oneof(fc.dictionary(fc.string(), property), fc.jsonValue()),
      required: fc.jsonValue(),
    });
    fc.assert(
      fc.property(schema, (any) => {
        const { properties } = any;
        const isObject = typeof properties === 'object' && properties !== null && !Array.isArray(properties);
        expect(formFields(any).map(({ name }) => name)).toEqual(isObject ? Object.keys(properties) : []);
      }),
    );
  });
});
