import type { RTCDataChannel, RTCDtlsTransport, RTCRtpTransceiver } from 'werift';
import { errorMessage } from '../../util/errors.ts';
import type { AudioFrame } from './line-out.ts';
import type { ReceivedPacket } from './line-in.ts';
import type { Offer } from './offer.ts';

export interface MediaPeerListener {
  /** Media can flow. */
  onConnected(): void;
  onAudio(packet: ReceivedPacket): void;
  /** The events channel was opened by the caller. */
  onChannelOpen(): void;
  onText(frame: string): void;
  onBinary(): void;
  /** The caller is gone, or never came. Called once; nothing follows. */
  onGone(): void;
}

/** Our end of a WebRTC connection: audio both ways and, if the caller opens it, a channel for events. */
export interface MediaPeer {
  /** The session description that answers the offer, with every candidate in it. */
  readonly answer: string;
  listen(listener: MediaPeerListener): void;
  /** Sends audio; without a connection it is lost. */
  sendAudio(frame: AudioFrame): void;
  /** Sends a text if the events channel is open. False means that it did not go: it is too long, or nobody reads. */
  sendText(text: string): boolean;
  /** Idempotent. */
  close(): Promise<void>;
}

/** A description that looks like an offer and still cannot be answered. */
export class UnusableOfferError extends Error {
  override readonly name = 'UnusableOfferError';
}

/** The name that the API gives to the channel. */
const CHANNEL_LABEL = 'oai-events';

/** What may wait on the channel before further events are left out. */
const MOST_UNSENT_BYTES = 4 * 1024 * 1024;

/** The longest event that the channel takes, as browsers have it. */
const LONGEST_MESSAGE_BYTES = 256 * 1024;

/** Answers an offer. Rejects with an `UnusableOfferError` when that is to blame. It gathers its own addresses and asks no server. */
export async function answerOffer(offer: Offer): Promise<MediaPeer> {
  // The library takes a while to load and most processes never need it.
  const { RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } = await import('werift');
  const { law, payloadType } = offer.codec;
  const codec = new RTCRtpCodecParameters({
    mimeType: `audio/${law}`,
    clockRate: 8_000,
    channels: 1,
    payloadType,
  });
  const connection = new RTCPeerConnection({
    iceServers: [],
    iceAdditionalHostAddresses: ['127.0.0.1'],
    bundlePolicy: 'max-bundle',
    maxMessageSize: LONGEST_MESSAGE_BYTES,
    codecs: { audio: [codec], video: [] },
    headerExtensions: { audio: [], video: [] },
  });
  let listener: MediaPeerListener | null = null;
  let channel: RTCDataChannel | null = null;
  let isGone = false;
  const tellGone = (): void => {
    if (isGone) return;
    isGone = true;
    listener?.onGone();
  };

  connection.connectionStateChange.subscribe((state) => {
    if (state === 'connected') listener?.onConnected();
    if (state === 'failed' || state === 'closed') tellGone();
  });
  connection.onTrack.subscribe((track) => {
    track.onReceiveRtp.subscribe(({ header, payload }) => {
      if (isGone || header.payloadType !== payloadType) return;
      const { ssrc, sequenceNumber: sequence, timestamp } = header;
      listener?.onAudio({ ssrc, sequence, timestamp, payload });
    });
  });
  connection.onDataChannel.subscribe((opened) => {
    if (opened.label !== CHANNEL_LABEL || channel !== null) return;
    channel = opened;
    opened.onMessage.subscribe((message) => {
      if (isGone) return;
      if (typeof message === 'string') listener?.onText(message);
      else listener?.onBinary();
    });
    opened.stateChanged.subscribe((state) => {
      if (state === 'open' && !isGone) listener?.onChannelOpen();
      if (state === 'closed' && channel === opened) channel = null;
    });
    // Browsers end the association when they close a connection, long before their silence would be noticed.
    opened.sctp.sctp.stateChanged.closed.subscribe(tellGone);
  });

  const close = async (): Promise<void> => {
    isGone = true;
    await connection.sctpTransport?.stop();
    await connection.close();
  };
  let transceiver: RTCRtpTransceiver | undefined;
  try {
    await connection.setRemoteDescription({ type: 'offer', sdp: offer.sdp });
    [transceiver] = connection.getTransceivers();
    transceiver?.setDirection('sendrecv');
    for (const transport of connection.dtlsTransports) {
      transport.onStateChange.subscribe((state) => {
        if (state === 'connected') skipUsedRecords(transport);
      });
    }
    await connection.setLocalDescription(await connection.createAnswer());
  } catch (error) {
    await close();
    throw new UnusableOfferError(errorMessage(error), { cause: error });
  }

  return {
    answer: connection.localDescription?.sdp ?? '',
    listen: (to) => {
      listener = to;
    },
    sendAudio: ({ sequence, timestamp, marker, payload }) => {
      if (isGone) return;
      const header = new RtpHeader({ sequenceNumber: sequence, timestamp, marker, payloadType });
      // A packet that cannot be sent is lost, as any packet may be; when the connection is gone its state says so.
      transceiver?.sender.sendRtp(new RtpPacket(header, Buffer.from(payload))).catch(() => {});
    },
    sendText: (text) => {
      if (channel === null || isGone) return true;
      if (channel.bufferedAmount > MOST_UNSENT_BYTES) return false;
      try {
        channel.send(text);
        return true;
      } catch {
        return false;
      }
    },
    close,
  };
}

/** More than a handshake needs. */
const HANDSHAKE_RECORDS = 64;

/**
 * The library numbers the last record of its handshake on from those before it, and data from 1 again. Without this, a
 * record of data would have the number of that one, and the other side would take it for a copy and drop it.
 */
function skipUsedRecords({ dtls: socket }: RTCDtlsTransport): void {
  if (socket !== undefined) socket.dtls.recordSequenceNumber += HANDSHAKE_RECORDS;
}
