import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readOffer } from '../../../src/loopback/calls/offer.ts';

const TRANSPORT = [
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789012345678901',
  'a=fingerprint:sha-256 AA:BB',
  'a=setup:actpass',
];
const AUDIO = ['m=audio 9 UDP/TLS/RTP/SAVPF 111 9 0 8', 'a=rtpmap:111 opus/48000/2', ...TRANSPORT];
const DATA = 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel';
const HEAD = ['v=0', 'o=- 1 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'];

function sdp(...lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n`;
}

test('takes the first codec of G.711 that is offered', () => {
  const withCodecs = (types: string, ...maps: string[]): unknown => {
    const outcome = readOffer(sdp(...HEAD, `m=audio 9 UDP/TLS/RTP/SAVPF ${types}`, ...maps, ...TRANSPORT));
    return outcome.ok ? outcome.offer.codec : outcome.problem.message;
  };
  expect(withCodecs('111 9 0 8')).toEqual({ law: 'PCMU', payloadType: 0 });
  expect(withCodecs('8 0')).toEqual({ law: 'PCMA', payloadType: 8 });
  expect(withCodecs('96 0', 'a=rtpmap:96 pcma/8000/1')).toEqual({ law: 'PCMA', payloadType: 96 });
  expect(withCodecs('111 96', 'a=rtpmap:96 PCMU/16000')).toBe(
    'The offer has neither PCMU nor PCMA, and the loopback has no other codec.',
  );
});

test('leaves out what would have to be looked up, and whatever says that no candidate follows', () => {
  const candidate = (address: string, protocol = 'udp'): string =>
    `a=candidate:1 1 ${protocol} 2122194687 ${address} 40000 typ host`;
  const outcome = readOffer(
    sdp(
      ...HEAD,
      ...AUDIO,
      candidate('192.0.2.1'),
      candidate('2001:db8::1'),
      candidate('0a1b2c3d-0000-4000-8000-0123456789ab.local'),
      candidate('example.com'),
      candidate('192.0.2.1', 'tcp'),
      'a=end-of-candidates',
    ),
  );
  expect(outcome.ok && outcome.offer.sdp).toBe(
    sdp(...HEAD, ...AUDIO, candidate('192.0.2.1'), candidate('2001:db8::1')),
  );
});

test.each([
  ['The offer is empty.', ' \r\n'],
  ['The offer is not a session description: it does not begin with v=0.', sdp('m=audio 9 X 0')],
  ['The offer has a line that is not type=value.', sdp('v=0', 'nonsense')],
  ['The offer needs exactly one section of audio.', sdp(...HEAD, DATA, ...TRANSPORT)],
  ['The offer needs exactly one section of audio.', sdp(...HEAD, ...AUDIO, ...AUDIO)],
  [
    'Beside the audio, an offer can have one section with a data channel and nothing else.',
    sdp(...HEAD, ...AUDIO, 'm=video 9 UDP/TLS/RTP/SAVPF 96'),
  ],
  [
    'The data section of the offer is no UDP/DTLS/SCTP webrtc-datachannel.',
    sdp(...HEAD, ...AUDIO, 'm=application 9 DTLS/SCTP 5000'),
  ],
  ['The offer has no a=ice-ufrag.', sdp('v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 0')],
  ['The sections of the offer have to be bundled.', sdp('v=0', ...AUDIO, DATA)],
  ['An offer can have 65536 characters at most.', `v=0\r\n${'a=x\r\n'.repeat(20_000)}`],
])('refuses an offer: %s', (message, text) => {
  const problem = { type: 'invalid_request_error', code: 'invalid_offer', message, param: 'sdp' };
  expect(readOffer(text)).toEqual({ ok: false, problem });
});

test('never throws', () => {
  const line = fc.oneof(fc.string(), fc.constantFrom(...HEAD, ...AUDIO, DATA, 'a=candidate:', 'm=audio '));
  fc.assert(fc.property(fc.array(line), (lines) => void readOffer(['v=0', ...lines].join('\r\n'))));
});
