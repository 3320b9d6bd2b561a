import { CoreError } from '../errors.ts';

const SIMPLE_LENGTH = 32;

/**
 * Reads a thread id: hyphenated in any case, 32 hex digits, in braces, or as `urn:uuid:`. Gives it lower-case and
 * hyphenated. Throws `invalidThreadId`.
 */
export function parseThreadId(text: string): string {
  const bare = text.replace(/^urn:uuid:/i, '').replace(/^\{(.*)\}$/s, '$1');
  const stray = /[^0-9a-fA-F-]/u.exec(bare);
  if (stray !== null) {
    const position = text.length - bare.length + stray.index + 1;
    throw invalid(
      `invalid character: expected an optional prefix of \`urn:uuid:\` followed by [0-9a-fA-F-], found \`${stray[0]}\` at ${position}`,
    );
  }
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(bare)) return bare.toLowerCase();
  const digits = bare.replaceAll('-', '');
  if (digits.length !== SIMPLE_LENGTH || bare.includes('-')) {
    throw invalid(
      bare.includes('-')
        ? 'invalid group lengths: expected 8-4-4-4-12 digits'
        : `invalid length: expected length ${SIMPLE_LENGTH} for simple format, found ${digits.length}`,
    );
  }
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function invalid(reason: string): CoreError {
  return new CoreError('invalidThreadId', `invalid thread id: ${reason}`);
}
