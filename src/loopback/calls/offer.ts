import { isIP } from 'node:net';
import { invalidRequest } from '../api-error.ts';
import type { ApiProblem } from '../api-error.ts';
import type { G711Law } from './g711.ts';

/** A session description that offers a call which can be answered. */
export interface Offer {
  /** The description without what would make the peer ask a network for names. */
  readonly sdp: string;
  readonly codec: { readonly law: G711Law; readonly payloadType: number };
}

export type OfferOutcome =
  { readonly ok: true; readonly offer: Offer } | { readonly ok: false; readonly problem: ApiProblem };

const LONGEST_OFFER = 64 * 1024;

/** More addresses than any machine offers; each is tried, so there must be an end to them. */
const MOST_CANDIDATES = 64;

/** Payload types with a fixed meaning, which need no `rtpmap`. */
const STATIC_TYPES = new Map<string, G711Law>([
  ['0', 'PCMU'],
  ['8', 'PCMA'],
]);

/** Reads an offer: one section of audio with a codec of G.711, and at most one of data, on one transport. */
export function readOffer(sdp: string): OfferOutcome {
  if (sdp.trim() === '') return refused('The offer is empty.');
  if (sdp.length > LONGEST_OFFER) return refused(`An offer can have ${LONGEST_OFFER} characters at most.`);
  const lines = sdp.split(/\r?\n/).filter((line) => line !== '');
  if (lines[0] !== 'v=0')
    return refused('The offer is not a session description: it does not begin with v=0.');
  if (lines.some((line) => !/^[a-z]=/.test(line)))
    return refused('The offer has a line that is not type=value.');
  const media = lines.filter((line) => line.startsWith('m='));
  const audio = media.filter((line) => line.startsWith('m=audio '));
  const data = media.filter((line) => line.startsWith('m=application '));
  if (audio.length !== 1) return refused('The offer needs exactly one section of audio.');
  if (data.length > 1 || audio.length + data.length !== media.length) {
    return refused('Beside the audio, an offer can have one section with a data channel and nothing else.');
  }
  if (data[0] !== undefined && !data[0].endsWith(' UDP/DTLS/SCTP webrtc-datachannel')) {
    return refused('The data section of the offer is no UDP/DTLS/SCTP webrtc-datachannel.');
  }
  for (const name of ['ice-ufrag', 'ice-pwd', 'fingerprint', 'setup']) {
    if (!lines.some((line) => line.startsWith(`a=${name}:`))) return refused(`The offer has no a=${name}.`);
  }
  if (media.length > 1 && !lines.some((line) => line.startsWith('a=group:BUNDLE '))) {
    return refused('The sections of the offer have to be bundled.');
  }
  const codec = findCodec(audio[0] ?? '', lines);
  if (codec === null)
    return refused('The offer has neither PCMU nor PCMA, and the loopback has no other codec.');
  return { ok: true, offer: { sdp: `${usable(lines).join('\r\n')}\r\n`, codec } };
}

/** The codec of G.711 that the offer names first. */
function findCodec(audio: string, lines: readonly string[]): Offer['codec'] | null {
  const laws = new Map(STATIC_TYPES);
  for (const line of lines) {
    const [, type, name] = /^a=rtpmap:(\d+) (\S+?)\/8000(?:\/1)?$/.exec(line) ?? [];
    const law = name?.toUpperCase();
    if (type !== undefined && (law === 'PCMU' || law === 'PCMA')) laws.set(type, law);
  }
  for (const type of audio.split(' ').slice(3)) {
    const law = laws.get(type);
    if (law !== undefined) return { law, payloadType: Number(type) };
  }
  return null;
}

/**
 * Leaves out candidates with a name for an address, such as the `.local` names by which browsers hide theirs: the caller
 * reaches this machine by itself, and its address is seen then. For the same reason the candidates never count as complete.
 */
function usable(lines: readonly string[]): string[] {
  let candidates = 0;
  return lines.filter((line) => {
    if (line === 'a=end-of-candidates') return false;
    if (!line.startsWith('a=candidate:')) return true;
    candidates += 1;
    const [, , protocol, , address] = line.split(' ');
    return candidates <= MOST_CANDIDATES && protocol?.toLowerCase() === 'udp' && isIP(address ?? '') !== 0;
  });
}

function refused(message: string): OfferOutcome {
  return { ok: false, problem: invalidRequest('invalid_offer', message, 'sdp') };
}
