import { describe, expect, it } from 'vitest';
import { seatbelted, seatbeltProfile } from '../../../src/exec/sandbox/seatbelt.ts';

describe('seatbelted', () => {
  it('passes paths as parameters, so that none can become part of the profile', () => {
    const evil = '/a")(allow default)(literal "';
    const argv = seatbelted(['ls', '-D'], {
      networkAccess: false,
      roots: [{ path: evil, protectedPaths: [`${evil}/.git`] }],
    });
    expect(argv).toEqual([
      '/usr/bin/sandbox-exec',
      '-p',
      expect.not.stringContaining('/a'),
      `-DWRITABLE_0=${evil}`,
      `-DPROTECTED_0_0=${evil}/.git`,
      '--',
      'ls',
      '-D',
    ]);
  });

  it('denies what it does not name, and allows no other write without roots', () => {
    const profile = seatbeltProfile({ networkAccess: false, roots: [] });
    expect(profile).toMatch(/^\(version 1\)\n\(deny default\)\n/u);
    expect(profile.match(/\(allow file-write\*/gu)).toHaveLength(1);
    expect(profile).not.toContain('network');
    expect(profile).not.toContain('param');
  });

  it('takes what is protected out of every root around it', () => {
    const profile = seatbeltProfile({
      networkAccess: true,
      roots: [
        { path: '/w', protectedPaths: ['/w/.git', '/w/home'] },
        { path: '/w/home/memories', protectedPaths: ['/w/home/memories/.git'] },
      ],
    });
    expect(profile).toContain(
      [
        '(allow file-write*',
        '  (require-all',
        '    (subpath (param "WRITABLE_0"))',
        '    (require-not (subpath (param "PROTECTED_0_0")))',
        '    (require-not (subpath (param "PROTECTED_0_1")))',
        '    (require-not (subpath (param "PROTECTED_1_0"))))',
        '  (require-all',
        '    (subpath (param "WRITABLE_1"))',
        '    (require-not (subpath (param "PROTECTED_1_0")))))',
      ].join('\n'),
    );
    expect(profile).toContain('(allow network-outbound)');
  });

  it.each([true, false])('has balanced parentheses (network %s)', (networkAccess) => {
    const profile = seatbeltProfile({ networkAccess, roots: [{ path: '/w', protectedPaths: ['/w/.git'] }] });
    const depth = Array.from(profile.replace(/"[^"]*"/gu, '')).reduce(
      (sum, character) => sum + (character === '(' ? 1 : character === ')' ? -1 : 0),
      0,
    );
    expect(depth).toBe(0);
  });
});
