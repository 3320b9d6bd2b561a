import { describe, expect, it } from 'vitest';
import type { ShellEnvironmentSettings } from '../../../../src/core/config/index.ts';
import { commandVariables } from '../../../../src/core/tools/commands/command-variables.ts';
import { Secret } from '../../../../src/util/secret.ts';

const VARIABLES = {
  PATH: '/bin',
  Home: '/home',
  EDITOR: 'vi',
  MY_TOKEN: 't',
  Api_Key: 'k',
  PASS: 'p',
  UNSET: undefined,
};

function names(settings: Partial<ShellEnvironmentSettings>): string[] {
  const usual: ShellEnvironmentSettings = {
    inherit: 'all',
    ignoresDefaultExcludes: false,
    exclude: [],
    includeOnly: [],
    set: new Map(),
  };
  const credentials = new Set(['PASS']);
  return Object.keys(
    commandVariables({ variables: VARIABLES, settings: { ...usual, ...settings }, credentials }),
  );
}

describe('the variables of commands', () => {
  it.each<[Partial<ShellEnvironmentSettings>, string[]]>([
    [{}, ['PATH', 'Home', 'EDITOR']],
    [{ ignoresDefaultExcludes: true }, ['PATH', 'Home', 'EDITOR', 'MY_TOKEN', 'Api_Key', 'PASS']],
    [{ inherit: 'core' }, ['PATH', 'Home']],
    [{ inherit: 'none' }, []],
    [{ exclude: ['ed*', 'h?me'] }, ['PATH']],
    [{ exclude: ['.*', '[A-Z]*'] }, ['PATH', 'Home', 'EDITOR']],
    [{ includeOnly: ['P*', 'X'], set: new Map([['X', new Secret('1')]]) }, ['PATH', 'X']],
    [{ inherit: 'none', exclude: ['*'], set: new Map([['A_TOKEN', new Secret('1')]]) }, ['A_TOKEN']],
  ])('with %j are %j', (settings, expected) => {
    expect(names(settings)).toEqual(expected);
  });

  it('that are put in take the place of others', () => {
    const settings: ShellEnvironmentSettings = {
      inherit: 'core',
      ignoresDefaultExcludes: false,
      exclude: [],
      includeOnly: [],
      set: new Map([['PATH', new Secret('/opt')]]),
    };
    expect(commandVariables({ variables: VARIABLES, settings, credentials: new Set() })).toEqual({
      PATH: '/opt',
      Home: '/home',
    });
  });
});
