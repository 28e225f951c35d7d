import { EventEmitter } from 'node:events';
import { isIPv4 } from 'node:net';
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters, RtpHeader, RtpPacket } from 'werift';
import { offerProblem } from './offer-problem.ts';
import type { VideoPacket } from './rtp-pictures.ts';
import { OfferRefusedError, WebrtcFullError } from './whep-errors.ts';

export interface PeerOptions {
  /** Where the browser reaches this machine. */
  readonly addresses: readonly string[];
  /** The one address to listen on; all when it is not one of this machine's. */
  readonly listenOn?: string | undefined;
  readonly ports?: { readonly first: number; readonly last: number } | undefined;
}

const h264 = () =>
  new RTCRtpCodecParameters({
    mimeType: 'video/H264',
    clockRate: 90_000,
    rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    parameters: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  });

/**
 * The server's end of one WebRTC connection. It is an ICE lite agent (RFC 8445 §2.5): it answers the browser's checks and
 * sends none of its own, so that an offer cannot make it send to an address that somebody else owns.
 * Emits `connected` once, `heard` with each report of the receiver, and `lost` when the connection is over.
 */
export class WhepPeer extends EventEmitter<{ connected: []; heard: []; lost: [] }> {
  readonly #connection: RTCPeerConnection;
  readonly #sender: ReturnType<RTCPeerConnection['addTransceiver']>['sender'];

  constructor({ addresses, listenOn, ports }: PeerOptions) {
    super();
    this.#connection = new RTCPeerConnection({
      iceServers: [],
      iceLite: true,
      // Only the addresses that are named; none is looked up on the machine.
      iceUseIpv4: false,
      iceUseIpv6: false,
      iceAdditionalHostAddresses: [...addresses],
      ...(listenOn && { iceInterfaceAddresses: { [isIPv4(listenOn) ? 'udp4' : 'udp6']: listenOn } }),
      ...(ports && { icePortRange: [ports.first, ports.last] }),
      codecs: { video: [h264()], audio: [] },
      headerExtensions: { video: [], audio: [] },
    });
    const track = new MediaStreamTrack({ kind: 'video' });
    this.#sender = this.#connection.addTransceiver(track, { direction: 'sendonly' }).sender;
    this.#sender.onRtcp.subscribe(() => this.emit('heard'));
    this.#connection.connectionStateChange.subscribe((state) => {
      if (state === 'connected') this.emit('connected');
      if (state === 'closed' || state === 'failed' || state === 'disconnected') this.emit('lost');
    });
  }

  /** The answer to an offer, with our candidates in it. Throws OfferRefusedError, WebrtcFullError. */
  async answer(offer: string): Promise<string> {
    const problem = offerProblem(offer);
    if (problem) throw new OfferRefusedError(`The offer ${problem}.`);
    try {
      await this.#connection.setRemoteDescription({ type: 'offer', sdp: offer });
      await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    } catch (cause) {
      throw new OfferRefusedError('The offer cannot be answered.', { cause });
    }
    const sdp = this.#connection.localDescription?.sdp ?? '';
    if (!/^a=sendonly/m.test(sdp)) throw new OfferRefusedError('The offer does not receive H.264 video.');
    if (!/^a=candidate:/m.test(sdp)) throw new WebrtcFullError('No UDP port is free for another WebRTC session.');
    return withSessionLite(sdp);
  }

  /** Nothing is sent before `connected` and after `lost`. */
  send({ sequence, timestamp, marker, payload }: VideoPacket): void {
    const header = new RtpHeader({ sequenceNumber: sequence, timestamp, marker });
    this.#sender.sendRtp(new RtpPacket(header, payload)).catch(() => this.emit('lost'));
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    await this.#connection.close();
  }
}

/** ICE lite is said of the session, not of its media (RFC 8839 §5.3). */
function withSessionLite(sdp: string): string {
  return sdp.replaceAll('a=ice-lite\r\n', '').replace(/^(t=.*\r\n)/m, '$1a=ice-lite\r\n');
}
