import { expect, it, test } from 'vitest';
import { shellArgv, userShell } from '../../src/exec/index.ts';

test.each([
  ['/opt/bin/zsh', '/bin/bash', '/opt/bin/zsh'],
  ['/usr/bin/fish', '/opt/bin/zsh', '/opt/bin/zsh'],
  ['', '/bin/bash', '/bin/bash'],
  [undefined, '/usr/local/bin/sh', '/usr/local/bin/sh'],
  [undefined, '/usr/bin/fish', '/bin/sh'],
  ['/usr/sbin/nologin', '/usr/sbin/nologin', '/bin/sh'],
  [undefined, null, '/bin/sh'],
])('with SHELL %s and %s for the account it is %s', (variable, ofAccount, shell) => {
  expect(userShell(variable === undefined ? {} : { SHELL: variable }, ofAccount)).toBe(shell);
});

it('is given a script with its profile, or without', () => {
  const variables = { SHELL: '/bin/bash' };
  expect(shellArgv('ls', variables, { isLogin: true })).toEqual(['/bin/bash', '-lc', 'ls']);
  expect(shellArgv('ls', variables, { isLogin: false, shell: 'zsh' })).toEqual(['zsh', '-c', 'ls']);
});
