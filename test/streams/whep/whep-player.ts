import { RTCPeerConnection, RTCRtpCodecParameters, type RtpPacket } from 'werift';

const h264 = () =>
  new RTCRtpCodecParameters({
    mimeType: 'video/H264',
    clockRate: 90_000,
    rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    parameters: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
  });

/** A player without a picture: offers to receive H.264 and collects what comes. */
export class WhepPlayer implements AsyncDisposable {
  readonly #connection = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv4: false,
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
    codecs: { video: [h264()], audio: [] },
  });
  readonly packets: RtpPacket[] = [];
  #closed = false;

  constructor() {
    this.#connection.onTrack.subscribe((track) => track.onReceiveRtp.subscribe((packet) => this.packets.push(packet)));
  }

  get state(): string {
    return this.#connection.connectionState;
  }

  async offer(): Promise<string> {
    this.#connection.addTransceiver('video', { direction: 'recvonly' });
    await this.#connection.setLocalDescription(await this.#connection.createOffer());
    return this.#connection.localDescription?.sdp ?? '';
  }

  async accept(answer: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type: 'answer', sdp: answer });
  }

  /** Gone without a word to the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#connection.close();
  }
}
