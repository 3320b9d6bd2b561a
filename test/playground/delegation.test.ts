import { describe, expect, it } from 'vitest';
import { delegatedRequest } from '../../src/playground/conversation/delegation.ts';

describe('what was handed over', () => {
  it('is the request within the envelope, as it was said', () => {
    const envelope = [
      '<realtime_delegation>',
      '  <input>is a &lt; b &amp;amp; c?</input>',
      '  <transcript_delta>user: hi</transcript_delta>',
      '</realtime_delegation>',
    ].join('\n');
    expect(delegatedRequest(envelope)).toBe('is a < b &amp; c?');
  });

  it('is nothing where somebody typed', () => {
    expect(delegatedRequest('what is <realtime_delegation>?')).toBeNull();
  });
});
