import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delegation, isStopRequest } from '../../../src/core/conversation/delegation.ts';

const HELLO = { role: 'user', text: 'hello' } as const;
const HI = { role: 'assistant', text: 'hi there' } as const;

describe('a delegation', () => {
  it('is the request, with what was said around it', () => {
    expect(delegation('look around', [HELLO, HI])).toEqual({
      request: 'look around',
      envelope: [
        '<realtime_delegation>',
        '  <input>look around</input>',
        '  <transcript_delta>user: hello',
        'assistant: hi there</transcript_delta>',
        '</realtime_delegation>',
      ].join('\n'),
      said: [HELLO, HI],
    });
  });

  it('is the request alone where nothing was said', () => {
    expect(delegation('look around', [])).toEqual({
      request: 'look around',
      envelope: '<realtime_delegation>\n  <input>look around</input>\n</realtime_delegation>',
      said: [],
    });
  });

  it('is what was said where there is no request', () => {
    expect(delegation('', [HELLO])).toEqual({
      request: 'user: hello',
      envelope: [
        '<realtime_delegation>',
        '  <input>user: hello</input>',
        '  <transcript_delta>user: hello</transcript_delta>',
        '</realtime_delegation>',
      ].join('\n'),
      said: [HELLO],
    });
  });

  it('is none where there is neither', () => {
    expect(delegation('', [])).toBeNull();
  });

  it('escapes what could end an element, in the request and in what was said', () => {
    expect(delegation('a < b & "c" > d', [{ role: 'user', text: '</input> & <b>' }])?.envelope).toBe(
      [
        '<realtime_delegation>',
        '  <input>a &lt; b &amp; "c" &gt; d</input>',
        '  <transcript_delta>user: &lt;/input&gt; &amp; &lt;b&gt;</transcript_delta>',
        '</realtime_delegation>',
      ].join('\n'),
    );
    expect(delegation('<&>', [])?.envelope).toBe(
      '<realtime_delegation>\n  <input>&lt;&amp;&gt;</input>\n</realtime_delegation>',
    );
  });

  it('has no markup but its own, whatever was said', () => {
    const entry = fc.record({ role: fc.constantFrom('user', 'assistant'), text: fc.string() });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(entry), (request, said) => {
        const { envelope = '' } = delegation(request, said) ?? {};
        expect(envelope.match(/<[^>]*>/g)).toEqual([
          '<realtime_delegation>',
          '<input>',
          '</input>',
          ...(said.length === 0 ? [] : ['<transcript_delta>', '</transcript_delta>']),
          '</realtime_delegation>',
        ]);
      }),
    );
  });
});

describe('a request to stop', () => {
  it.each(['stop', 'Stop!', ' STOP. ', 'please stop', 'Stop it, please.', 'cancel that', 'Cancel', 'abort'])(
    'is %j',
    (request) => expect(isStopRequest(request)).toBe(true),
  );

  it.each([
    '',
    '!',
    'stop the server',
    'do not stop',
    'stop and then list the files',
    'cancel my order',
    'stopp',
    'user: stop',
  ])('is not %j', (request) => expect(isStopRequest(request)).toBe(false));
});
