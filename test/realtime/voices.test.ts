import { expect, test } from 'vitest';
import { RealtimeVoice } from '../../src/protocol/index.ts';
import { VOICES } from '../../src/realtime/index.ts';

test('the voices of each version, in their order', () => {
  expect(VOICES).toEqual({
    v1: {
      voices: ['juniper', 'maple', 'spruce', 'ember', 'vale', 'breeze', 'arbor', 'sol', 'cove'],
      defaultVoice: 'cove',
    },
    v2: {
      voices: ['alloy', 'ash', 'ballad', 'coral', 'echo', 'sage', 'shimmer', 'verse', 'marin', 'cedar'],
      defaultVoice: 'marin',
    },
  });
});

test('each voice of the protocol belongs to exactly one version', () => {
  const listed = [...VOICES.v1.voices, ...VOICES.v2.voices];
  expect(listed.toSorted()).toEqual([...RealtimeVoice.options].toSorted());
});
