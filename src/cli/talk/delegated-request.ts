/** What the agent is asked for: the request, or where there is none, what was said since the last one. */
export function requestOf(item: object): string {
  const { input_transcript: request, active_transcript: said } = item as Record<string, unknown>;
  if (typeof request === 'string' && request.trim() !== '') return request.trim();
  const entries = Array.isArray(said) ? (said as unknown[]) : [];
  const lines = entries.map((entry) => {
    const { role, text } = (entry ?? {}) as Record<string, unknown>;
    return typeof role === 'string' && typeof text === 'string' ? `${role}: ${text}` : '';
  });
  return lines.filter((line) => line !== '').join('\n');
}
