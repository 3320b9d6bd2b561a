import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { truncatedWithLineCount } from '../../../src/exec/index.ts';
import { withReadableOutputs } from '../../../src/core/turn/readable-outputs.ts';
import type { ResponseItem } from '../../../src/responses/index.ts';

function json(output: string, exit_code = 0, duration_seconds = 0.1): string {
  return JSON.stringify({ output, metadata: { exit_code, duration_seconds } });
}

function lines(output: string, code = 0, seconds = '0.1'): string {
  return `Exit code: ${code}\nWall time: ${seconds} seconds\nOutput:\n${output}`;
}

function functionCall(name: string, output: string): [call: ResponseItem, output: ResponseItem] {
  return [
    { type: 'function_call', name, arguments: '{}', call_id: 'a' },
    { type: 'function_call_output', call_id: 'a', output },
  ];
}

function customCall(name: string, output: string): [call: ResponseItem, output: ResponseItem] {
  return [
    { type: 'custom_tool_call', name, input: 'x', call_id: 'a' },
    { type: 'custom_tool_call_output', call_id: 'a', output },
  ];
}

function localCall(output: string): [call: ResponseItem, output: ResponseItem] {
  const action = { type: 'exec' as const, command: ['ls'] };
  return [
    { type: 'local_shell_call', status: 'completed', action, call_id: 'a' },
    { type: 'function_call_output', call_id: 'a', output },
  ];
}

/** The text of the output, and that nothing else has changed. */
function readable([call, output]: [ResponseItem, ResponseItem]): unknown {
  const [sameCall, after, ...more] = withReadableOutputs([call, output]);
  expect([sameCall, { ...after, output: null }, ...more]).toEqual([call, { ...output, output: null }]);
  return after !== undefined && 'output' in after ? after.output : undefined;
}

describe('the output of a call', () => {
  it.each([
    ['shell', functionCall('shell', json('ok\n'))],
    ['container.exec', functionCall('container.exec', json('ok\n'))],
    ['local_shell, a function', functionCall('local_shell', json('ok\n'))],
    ['apply_patch, a function', functionCall('apply_patch', json('ok\n'))],
    ['apply_patch, free text', customCall('apply_patch', json('ok\n'))],
    ['the local shell', localCall(json('ok\n'))],
  ])('of %s becomes lines', (_name, items) => {
    expect(readable(items)).toBe(lines('ok\n'));
  });

  it.each([
    ['of another function', functionCall('exec_command', json('ok'))],
    ['of another custom tool', customCall('shell', json('ok'))],
    ['that is a text', functionCall('shell', 'exec command rejected by user')],
    ['that is other JSON', functionCall('shell', '{"output":"ok"}')],
    ['that is broken JSON', functionCall('shell', '{"output":')],
  ])('%s stays as it is', (_name, items) => {
    expect(withReadableOutputs(items)).toEqual(items);
  });

  it('tells the exit code and the time, to a tenth of a second', () => {
    expect(readable(functionCall('shell', json('no', 124, 10.04)))).toBe(lines('no', 124, '10'));
    expect(readable(functionCall('shell', json('', -1, 0)))).toBe(lines('', -1, '0'));
  });

  it('tells the number of lines apart where it was cut', () => {
    const cut = truncatedWithLineCount('line\n'.repeat(100), { bytes: 20 });
    expect(readable(functionCall('shell', json(cut)))).toBe(
      'Exit code: 0\nWall time: 0.1 seconds\nTotal output lines: 100\nOutput:\nline\nline\n…480 chars truncated…line\nline\n',
    );
  });

  it('keeps what a command printed that only looks like that', () => {
    const printed = 'Total output lines: 5\n\nand so on';
    expect(readable(functionCall('shell', json(printed)))).toBe(lines(printed));
  });

  it('has every text in it that there was, the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer(), (output, code) => {
        const items = functionCall('shell', json(output, code));
        expect(readable(items)).toBe(lines(output, code));
        expect(withReadableOutputs(items)).toEqual(withReadableOutputs(items));
      }),
    );
  });

  it('without its call is left alone', () => {
    const [, output] = functionCall('shell', json('ok'));
    expect(withReadableOutputs([output])).toEqual([output]);
  });
});
