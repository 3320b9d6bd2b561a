/** Whether an item says that the answer which plays is over before its end. */
export function isInterruption(item: unknown): boolean {
  const type = memberOf(item, 'type');
  return type === 'input_audio_buffer.speech_started' || type === 'response.cancelled';
}

/** What the voice model hands to the agent, or null for any other item. */
export function handoffRequest(item: unknown): string | null {
  if (memberOf(item, 'type') !== 'handoff_request') return null;
  const request = memberOf(item, 'input_transcript');
  return typeof request === 'string' ? request : '';
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
