import { expect, onTestFinished } from 'vitest';
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift';
import type { RTCDataChannel } from 'werift';
import { g711Codec } from '../../../src/loopback/calls/g711.ts';
import type { G711Law } from '../../../src/loopback/calls/g711.ts';
import { EventClient } from './event-client.ts';
import { EventInbox } from './event-inbox.ts';
import type { WireEvent } from './event-inbox.ts';
import type { Upstream } from './upstream.ts';

const FRAME_SAMPLES = 160;

export const PAYLOAD_TYPES = { PCMU: 0, PCMA: 8 } as const;

/** The other end of a call: a WebRTC peer as a browser is one, with a line and a channel for events. */
export class Caller {
  readonly channel: RTCDataChannel;
  readonly law: G711Law;
  /** Every packet that came, in the order of arrival. */
  readonly heard: RtpPacket[] = [];
  readonly #connection: RTCPeerConnection;
  readonly #track = new MediaStreamTrack({ kind: 'audio' });
  readonly #inbox = new EventInbox();
  readonly #opened: Promise<void>;
  readonly channelClosed: Promise<void>;
  #sent = 0;

  constructor(law: G711Law = 'PCMU') {
    this.law = law;
    const codec = new RTCRtpCodecParameters({
      mimeType: `audio/${law}`,
      clockRate: 8_000,
      channels: 1,
      payloadType: PAYLOAD_TYPES[law],
    });
    this.#connection = new RTCPeerConnection({
      iceServers: [],
      iceAdditionalHostAddresses: ['127.0.0.1'],
      bundlePolicy: 'max-bundle',
      codecs: { audio: [codec], video: [] },
    });
    this.#connection.addTransceiver(this.#track, { direction: 'sendrecv' });
    this.#connection.onTrack.subscribe((track) => {
      track.onReceiveRtp.subscribe((packet) => this.heard.push(packet));
    });
    this.channel = this.#connection.createDataChannel('oai-events');
    this.channel.onMessage.subscribe((message) => this.#inbox.add(String(message)));
    const reached = (wanted: string): Promise<void> =>
      new Promise((resolve) => {
        this.channel.stateChanged.subscribe((state) => state === wanted && resolve());
      });
    this.#opened = reached('open');
    this.channelClosed = reached('closed');
    onTestFinished(() => this.#connection.close());
  }

  async offer(): Promise<string> {
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    return this.#connection.localDescription?.sdp ?? '';
  }

  /** Takes the answer, and waits until audio and events flow. */
  async connect(answer: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: answer });
    await this.#opened;
  }

  /** Sends samples at 8000 Hz, in packets of 20 ms and as fast as they go. */
  async speak(samples: Float32Array): Promise<void> {
    const codes = g711Codec(this.law).encode(samples);
    for (let offset = 0; offset < codes.length; offset += FRAME_SAMPLES) {
      const header = new RtpHeader({
        sequenceNumber: (65_500 + this.#sent) & 0xffff,
        timestamp: this.#sent * FRAME_SAMPLES,
        payloadType: PAYLOAD_TYPES[this.law],
        marker: this.#sent === 0,
      });
      this.#sent += 1;
      this.#track.writeRtp(
        new RtpPacket(header, Buffer.from(codes.subarray(offset, offset + FRAME_SAMPLES))),
      );
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  send(event: object): void {
    this.channel.send(JSON.stringify(event));
  }

  until(type: string): Promise<WireEvent[]> {
    return this.#inbox.until(type);
  }

  takeEvents(): WireEvent[] {
    return this.#inbox.takeAll();
  }

  /** Lets the line play for a time, waits until all of it has come, and gives the samples. */
  async listen({ clock }: Upstream, milliseconds: number): Promise<Float32Array> {
    const from = this.#lastTimestamp();
    clock.advance(milliseconds);
    const samples = milliseconds * 8;
    await expect.poll(() => (this.#lastTimestamp() - from) >>> 0, { timeout: 10_000 }).toBe(samples);
    const line = new Float32Array(samples);
    for (const { header, payload } of this.heard) {
      const place = ((header.timestamp - from) | 0) - FRAME_SAMPLES;
      if (place >= 0) line.set(g711Codec(this.law).decode(payload), place);
    }
    return line;
  }

  /** Goes as a browser does when a page closes its connection. */
  async leave(): Promise<void> {
    await this.#connection.sctpTransport?.stop();
    await this.#connection.close();
  }

  #lastTimestamp(): number {
    return this.heard.at(-1)?.header.timestamp ?? 0;
  }
}

export interface DialOptions {
  readonly session?: object;
  readonly law?: G711Law;
  readonly version?: 1 | 2;
}

/** A call that is connected, and of which one frame has been heard. */
export interface Dialled {
  readonly caller: Caller;
  readonly callId: string;
  /** The first event on the channel. */
  readonly greeting: WireEvent | undefined;
}

/** Posts an offer with its session, as a form. */
export function postOffer({ loopback }: Upstream, sdp: string, session?: object): Promise<Response> {
  const form = new FormData();
  form.append('sdp', new Blob([sdp], { type: 'application/sdp' }));
  if (session !== undefined) form.append('session', JSON.stringify(session));
  return fetch(`${loopback.url}/realtime/calls`, { method: 'POST', body: form });
}

export function callIdOf(response: Response): string {
  return response.headers.get('location')?.replace('/v1/realtime/calls/', '') ?? '';
}

export async function dial(upstream: Upstream, options: DialOptions = {}): Promise<Dialled> {
  const caller = new Caller(options.law);
  const response = await postOffer(upstream, await caller.offer(), options.session);
  await caller.connect(await response.text());
  const isConnected = (): boolean =>
    upstream.log.some(({ name, call }) => name === 'call_connected' && call === callIdOf(response));
  await expect.poll(isConnected, { timeout: 10_000 }).toBe(true);
  // What is played before anybody listens is lost; and what is sent before an answer on the channel has come before it.
  upstream.clock.advance(20);
  const [ping, pong] = PINGS[options.version ?? 2];
  caller.send(ping);
  const events = await caller.until(pong);
  const greeting = events.find(({ type }) => type === 'session.created');
  expect(caller.heard.length).toBeGreaterThan(0);
  return { caller, callId: callIdOf(response), greeting };
}

const PINGS = {
  1: [{ type: 'session.update', session: { type: 'quicksilver' } }, 'session.updated'],
  2: [{ type: 'input_audio_buffer.clear' }, 'input_audio_buffer.cleared'],
} as const;

/** Joins a call of version 2 as an observer and takes its `session.created`. */
export async function observe({ loopback }: Upstream, callId: string): Promise<EventClient> {
  const observer = await EventClient.connect(loopback.url, `/realtime?call_id=${callId}`);
  await observer.until('session.created');
  return observer;
}
