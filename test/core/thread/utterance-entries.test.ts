import { expect, it } from 'vitest';
import { utteranceEntries } from '../../../src/core/thread/record/utterance-entries.ts';

it('something that was said is kept as a message, behind a line that says that it was spoken', () => {
  expect(utteranceEntries('i1', { realtimeSessionId: 's1', role: 'user', text: 'Plant roses.' })).toEqual([
    { type: 'utterance', payload: { id: 'i1', role: 'user', realtime_session_id: 's1' } },
    {
      type: 'event_msg',
      payload: {
        type: 'user_message',
        message: 'Plant roses.',
        images: [],
        local_images: [],
        text_elements: [],
      },
    },
  ]);
  expect(
    utteranceEntries('i2', { realtimeSessionId: 's1', role: 'assistant', text: 'Roses it is.' }),
  ).toEqual([
    { type: 'utterance', payload: { id: 'i2', role: 'assistant', realtime_session_id: 's1' } },
    {
      type: 'event_msg',
      payload: { type: 'agent_message', message: 'Roses it is.', phase: null, memory_citation: null },
    },
  ]);
});
