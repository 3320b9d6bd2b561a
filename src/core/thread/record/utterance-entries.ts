import type { Utterance } from '../../conversation/index.ts';
import type { RolloutEntry } from '../../rollout/index.ts';

/**
 * Something that was said on a call, as it is kept: the events of a message that was typed or written, so that every
 * reader of the file shows it, behind a line that says that it was spoken.
 */
export function utteranceEntries(id: string, { realtimeSessionId, role, text }: Utterance): RolloutEntry[] {
  return [
    { type: 'utterance', payload: { id, role, realtime_session_id: realtimeSessionId } },
    {
      type: 'event_msg',
      payload:
        role === 'user'
          ? { type: 'user_message', message: text, images: [], local_images: [], text_elements: [] }
          : { type: 'agent_message', message: text, phase: null, memory_citation: null },
    },
  ];
}
