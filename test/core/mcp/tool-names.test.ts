import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toolNames } from '../../../src/core/mcp/tool-names.ts';

it('are those of the server and the tool, with what a function may be called', () => {
  expect(toolNames([{ server: 'docs', tool: 'search' }])).toEqual(['mcp__docs__search']);
  expect(toolNames([{ server: 'my docs', tool: 'füge.hinzu' }])).toEqual(['mcp__my_docs__f_ge_hinzu']);
});

it('end in a hash where they are cut or doubled', () => {
  const [cut] = toolNames([{ server: 'docs', tool: 'x'.repeat(100) }]);
  expect(cut).toMatch(/^mcp__docs__x{44}_[0-9a-f]{8}$/u);
  const [one, other, third] = toolNames([
    { server: 'a.b', tool: 'c' },
    { server: 'a_b', tool: 'c' },
    { server: 'a_b', tool: 'd' },
  ]);
  expect(one).toMatch(/^mcp__a_b__c_[0-9a-f]{8}$/u);
  expect(other).toMatch(/^mcp__a_b__c_[0-9a-f]{8}$/u);
  expect(one).not.toBe(other);
  expect(third).toBe('mcp__a_b__d');
});

it('are short, allowed and different for any tools', () => {
  const tool = fc.record({ server: fc.string({ maxLength: 80 }), tool: fc.string({ maxLength: 80 }) });
  const key = (each: { server: string; tool: string }): string => JSON.stringify([each.server, each.tool]);
  fc.assert(
    fc.property(fc.uniqueArray(tool, { selector: key }), (tools) => {
      const names = toolNames(tools);
      expect(names.every((name) => /^[A-Za-z0-9_-]{1,64}$/u.test(name))).toBe(true);
      expect(new Set(names).size).toBe(tools.length);
    }),
  );
});
