import { expect, test } from 'vitest';
import { configWarningOf } from '../../../src/core/config/index.ts';
import { errorOf } from './home.ts';

const UNPLACED = { file: null, line: null, column: null, endColumn: null };

function placed(line: number, column: number, endColumn: number, key: string | null, reason: string) {
  const subject = key === null ? '' : `${key}: `;
  const message = `$USER:${line}:${column}: ${subject}${reason}`;
  return { message, file: '$USER', line, column, endColumn, key };
}

test('broken TOML names the place, and does not quote the file', () => {
  const user = 'model = "m"\ntoken = "sk-secret" "again"\n';
  expect(errorOf({ user })).toEqual(
    placed(2, 21, 21, null, 'not valid TOML, each key-value declaration must be followed by an end-of-line'),
  );
});

test.each([
  ['model = 1', 'model', 'expected a string, found a whole number'],
  ['model = 1.5', 'model', 'expected a string, found a number that is not whole'],
  ['model = true', 'model', 'expected a string, found a boolean'],
  ['model = []', 'model', 'expected a string, found an array'],
  ['model = {}', 'model', 'expected a string, found a table'],
  ['model = 1979-05-27', 'model', 'expected a string, found a date or time'],
  ['model = 99999999999999999', 'model', 'expected a string, found a number that is too large'],
  ['features = 1', 'features', 'expected a table, found a whole number'],
  ['realtime = 1979-05-27', 'realtime', 'expected a table, found a date or time'],
  ['realtime = []', 'realtime', 'expected a table, found an array'],
  ['model_providers = ""', 'model_providers', 'expected a table, found a blank string'],
  [
    'sandbox_mode = "none"',
    'sandbox_mode',
    'expected one of "read-only", "workspace-write", "danger-full-access", found "none"',
  ],
  [
    'model_verbosity = ""',
    'model_verbosity',
    'expected one of "low", "medium", "high", found a blank string',
  ],
  ['model_verbosity = 2', 'model_verbosity', 'expected one of "low", "medium", "high", found a whole number'],
  ['model_context_window = 0', 'model_context_window', 'expected a whole number of at least 1, found 0'],
  [
    'model_context_window = 1.5',
    'model_context_window',
    'expected a whole number of at least 1, found a number that is not whole',
  ],
  [
    'model_context_window = inf',
    'model_context_window',
    'expected a whole number of at least 1, found a number that is not whole',
  ],
  [
    'model_auto_compact_token_limit = -1',
    'model_auto_compact_token_limit',
    'expected a whole number of at least 0, found -1',
  ],
  [
    'approval_policy = "always"',
    'approval_policy',
    'expected one of "untrusted", "on-failure", "on-request", "never", or { granular = { ... } } with true or false for sandbox_approval, rules and mcp_elicitations, found "always"',
  ],
])('%s', (user, key, reason) => {
  expect(errorOf({ user })).toEqual(placed(1, 1, key.length, key, reason));
});

test('a word that is too long is not repeated', () => {
  const user = `model_verbosity = "${'x'.repeat(41)}"`;
  expect(errorOf({ user })).toEqual(
    placed(1, 1, 15, 'model_verbosity', 'expected one of "low", "medium", "high", found a string'),
  );
});

test('an unknown voice is refused; a voice of either version is not', () => {
  const error = errorOf({ user: '[realtime]\n  voice = "siri"' });
  expect(error).toEqual({ ...placed(2, 3, 7, 'realtime.voice', ''), message: error.message });
  expect(error.message).toMatch(
    /^\$USER:2:3: realtime\.voice: expected one of "alloy".*"verse", found "siri"$/u,
  );
});

test.each([
  ['realtime.version = "v3"', 1, 1, 16],
  ['# comment\n[realtime] # more\nversion = "v3"', 3, 1, 7],
  ['[ "realtime" . voices ]\n[realtime]\r\n\t"version"="v3"', 3, 2, 10],
  ['realtime = { version = "v3" }', 1, 1, 8],
  ['text = """\n[realtime]\nversion = 1"""\n[realtime]\nversion = "v3"', 5, 1, 7],
  ['text = """a"""""\n[realtime]\nversion = "v3"', 3, 1, 7],
  ["text = '''a\\''''\n[realtime]\nversion = 'v3'", 3, 1, 7],
])('the place of a key in %j', (user, line, column, endColumn) => {
  const reason = 'expected one of "v1", "v2", found "v3"';
  expect(errorOf({ user })).toEqual(placed(line, column, endColumn, 'realtime.version', reason));
});

test('an element of an array is placed at its key', () => {
  const user = '[sandbox_workspace_write]\nwritable_roots = [\n  "/a",\n  2,\n]';
  const key = 'sandbox_workspace_write.writable_roots.1';
  expect(errorOf({ user })).toEqual(placed(2, 1, 14, key, 'expected a string, found a whole number'));
});

test('a bad value in the system file names that file', () => {
  expect(errorOf({ system: 'model = 1', user: 'sandbox_mode = "read-only"' })).toEqual({
    message: '$SYSTEM:1:1: model: expected a string, found a whole number',
    file: '$SYSTEM',
    line: 1,
    column: 1,
    endColumn: 5,
    key: 'model',
  });
});

test('of two bad values of one key the one that counts is blamed', () => {
  const reason = 'expected a string, found a boolean';
  expect(errorOf({ system: 'model = 1', user: 'model = true' })).toEqual(placed(1, 1, 5, 'model', reason));
  expect(errorOf({ overrides: ['model=1', 'audio={}', 'model=true'] })).toEqual({
    ...UNPLACED,
    message: `-c model: ${reason}`,
    key: 'model',
  });
});

test('a bad value that a higher layer replaces does no harm; one that replaces a good value is blamed', () => {
  expect(errorOf({ user: 'model = 1\npersonality = "x"', overrides: ['model=m', 'personality=2'] })).toEqual({
    ...UNPLACED,
    message: '-c personality: expected one of "none", "friendly", "pragmatic", found a whole number',
    key: 'personality',
  });
});

test.each([
  [
    'model_verbosity=loud',
    '-c model_verbosity: expected one of "low", "medium", "high", found "loud"',
    'model_verbosity',
  ],
  ['audio={speaker=1}', '-c audio: audio.speaker: expected a string, found a whole number', 'audio.speaker'],
  [
    'audio."speaker"=1',
    '-c audio."speaker": audio.speaker: expected a string, found a whole number',
    'audio.speaker',
  ],
  ['=1', '-c: there is no key before "=", expected key=value', null],
  [' = 1', '-c: there is no key before "=", expected key=value', null],
  ['model', '-c model: there is no "=", expected key=value', 'model'],
  ['sk-Secret', '-c: there is no "=", expected key=value', null],
  ['', '-c: there is no "=", expected key=value', null],
  ['a..b=1', '-c a..b: this is not a dotted key such as a.b or a."b c"', 'a..b'],
  ['a b=1', '-c a b: this is not a dotted key such as a.b or a."b c"', 'a b'],
  ['a."b=1', '-c a."b: this is not a dotted key such as a.b or a."b c"', 'a."b'],
])('the override %j', (override, message, key) => {
  expect(errorOf({ overrides: [override] })).toEqual({ ...UNPLACED, message, key });
});

test('a bad value in the config of a request', () => {
  expect(errorOf({ threadConfig: { 'realtime.type': 'singing' } })).toEqual({
    ...UNPLACED,
    message:
      'config of the request: realtime.type: expected one of "conversational", "transcription", found "singing"',
    key: 'realtime.type',
  });
});

test('a profile that is missing, by key, by override and by option', () => {
  const reason = 'the profile "x y" is chosen, but there is no table [profiles."x y"]';
  expect(errorOf({ user: '\nprofile = "x y"' })).toEqual(placed(2, 1, 7, 'profile', reason));
  expect(errorOf({ overrides: ['profile=x y'] })).toEqual({
    ...UNPLACED,
    message: `-c profile: ${reason}`,
    key: 'profile',
  });
  expect(errorOf({ profile: 'x y' })).toEqual({ ...UNPLACED, message: `profile: ${reason}`, key: 'profile' });
});

test('a bad value in the chosen profile is placed there', () => {
  const user = 'profile = "p"\nmodel = "m"\n[profiles.p]\nmodel = 1';
  expect(errorOf({ user })).toEqual(
    placed(4, 1, 5, 'profiles.p.model', 'expected a string, found a whole number'),
  );
});

test('the warning has the place as a range', () => {
  const error = errorOf({ user: '\n model = 1' });
  expect(configWarningOf(error)).toEqual({
    summary: 'The configuration is not valid; defaults are used until it is corrected.',
    details: '$USER:2:2: model: expected a string, found a whole number',
    path: '$USER',
    range: { start: { line: 2, column: 2 }, end: { line: 2, column: 6 } },
  });
});

test('the warning leaves out what is not known', () => {
  const details = 'message';
  const summary = 'The configuration is not valid; defaults are used until it is corrected.';
  const key = null;
  expect(configWarningOf({ ...UNPLACED, message: details, key })).toStrictEqual({ summary, details });
  expect(configWarningOf({ ...UNPLACED, file: '/f', message: details, key })).toStrictEqual({
    summary,
    details,
    path: '/f',
  });
});
