import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePemBody, readPemSections } from '../../../src/util/network/pem.ts';
import { pemOf } from './support/certificates.ts';

const label = fc.stringMatching(/^[A-Z0-9]{1,8}( [A-Z0-9]{1,8}){0,2}$/);
const ending = fc.constantFrom('\n', '\r\n', '\r');
/** Lines that are not taken for the beginning of a section. */
const prose = fc.string().filter((text) => !/(?:^|[\r\n])-----BEGIN /.test(text));

test('finds every section with its bytes, whatever stands between and however lines end', () => {
  const section = fc.record({ label, bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }), before: prose });
  fc.assert(
    fc.property(fc.array(section), prose, ending, (sections, after, newline) => {
      const pieces = sections.map(({ before, ...rest }) => `${before}\n${pemOf(rest.label, rest.bytes)}`);
      const outcome = readPemSections([...pieces, after].join('\n').replaceAll('\n', newline));
      const found = outcome.ok
        ? outcome.sections.map((each) => ({ label: each.label, bytes: [...(decodePemBody(each) ?? [])] }))
        : outcome.message;
      expect(found).toEqual(sections.map((each) => ({ label: each.label, bytes: [...each.bytes] })));
    }),
  );
});

test('has an answer for every text', () => {
  const line = fc.oneof(
    fc.constantFrom('-----BEGIN A-----', '-----END A-----', '-----BEGIN -----', '-----BEGIN B', 'QUJD', ''),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      expect(typeof readPemSections(lines.join('\n')).ok).toBe('boolean');
    }),
  );
});

test('gives the number of the line on which a section begins', () => {
  expect(
    readPemSections('first\n-----BEGIN A B-----  \n QU\nJD \n-----END A B-----\n-----END X-----\n'),
  ).toEqual({
    ok: true,
    sections: [{ label: 'A B', line: 2, body: 'QUJD' }],
  });
});

test.each([
  ['-----BEGIN A-----\nQUJD\n', 'the A section that begins on line 1 has no END line'],
  ['\n-----BEGIN A-----\nQUJD\n-----END B-----\n', 'the A section that begins on line 2 has no END line'],
  [
    '-----BEGIN A-----\n-----BEGIN A-----\n-----END A-----',
    'the A section that begins on line 1 has no END line',
  ],
  ['-----BEGIN A----\n', 'line 1 is a broken BEGIN line'],
  ['-----BEGIN -----\n', 'line 1 is a broken BEGIN line'],
])('refuses %j', (text, message) => {
  expect(readPemSections(text)).toEqual({ ok: false, message });
});
