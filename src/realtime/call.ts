import type { Headers } from './headers.ts';

/** An HTTP request that makes a call. */
export interface CallRequest {
  readonly headers: Headers;
  readonly body: string;
}

const BOUNDARY = 'codex-realtime-call-boundary';

/** The part of a base URL that tells a service which takes the call as JSON. */
const JSON_SERVICE = '/backend-api';

/** The URL that calls are made at. Query parameters are added as they are. */
export function callsUrl(baseUrl: string, queryParams: Readonly<Record<string, string>>): string {
  const query = Object.entries(queryParams).map(([name, value]) => `${name}=${value}`);
  const suffix = query.length === 0 ? '' : `?${query.join('&')}`;
  return `${baseUrl.replace(/\/+$/, '')}/realtime/calls${suffix}`;
}

/** What is posted to make a call out of a client's offer. The offer goes as it is. */
export function callRequest(baseUrl: string, sdp: string, session: object): CallRequest {
  if (baseUrl.includes(JSON_SERVICE)) {
    return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ sdp, session }) };
  }
  return {
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: [
      `--${BOUNDARY}`,
      ...part('sdp', 'application/sdp', sdp),
      `--${BOUNDARY}`,
      ...part('session', 'application/json', JSON.stringify(session)),
      `--${BOUNDARY}--`,
      '',
    ].join('\r\n'),
  };
}

function part(name: string, type: string, content: string): string[] {
  return [`Content-Disposition: form-data; name="${name}"`, `Content-Type: ${type}`, '', content];
}

/** The id of the call that a `Location` names: its last segment that begins with `rtc_`. Null where there is none. */
export function callIdOf(location: string): string | null {
  const [path = ''] = location.split('?');
  return (
    path.split('/').findLast((segment) => segment.startsWith('rtc_') && segment.length > 'rtc_'.length) ??
    null
  );
}
