import type { Socket as UdpSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import type { RtspOddities } from './rtsp-oddities.ts';

/** How one track reaches one client. Frames come with room for interleaved headers at `offsets`. */
export interface MediaWay {
  /** Bytes that wait for the client. */
  readonly backlog: number;
  media(frame: Buffer, offsets: readonly number[]): void;
  /** One RTCP compound. */
  control(data: Buffer): void;
}

const interleavedBytes = 4;

/** On the RTSP connection (RFC 2326 §10.12). */
export class InterleavedWay implements MediaWay {
  readonly #socket: Socket;
  readonly #channel: number;
  readonly #odd: RtspOddities;

  constructor(socket: Socket, channel: number, odd: RtspOddities) {
    this.#socket = socket;
    this.#channel = channel;
    this.#odd = odd;
  }

  get backlog(): number {
    return this.#socket.writableLength;
  }

  media(frame: Buffer, offsets: readonly number[]): void {
    for (const at of offsets) frame[at + 1] = this.#channel;
    this.#socket.write(this.#odd.garbage ? Buffer.concat([frame, rubbish]) : frame);
  }

  control(data: Buffer): void {
    const head = Buffer.from([0x24, this.#channel + 1, data.length >> 8, data.length & 0xff]);
    this.#socket.write(Buffer.concat([head, data]));
  }
}

/** No `$` in it, and no answer either. */
const rubbish = Buffer.from('\x00\x00\x01\xba firmware debug: buffer 12 of 40\n\x00', 'latin1');

export interface DatagramPeer {
  readonly address: string;
  readonly rtpPort: number;
  readonly rtcpPort: number;
}

/** As datagrams from the server's pair of ports to the client's. */
export class DatagramWay implements MediaWay {
  readonly #sockets: { readonly rtp: UdpSocket; readonly rtcp: UdpSocket };
  readonly #peer: DatagramPeer;
  readonly #odd: RtspOddities;
  readonly backlog = 0;
  #sent = 0;
  #late: Buffer | undefined;

  constructor(sockets: { rtp: UdpSocket; rtcp: UdpSocket }, peer: DatagramPeer, odd: RtspOddities) {
    this.#sockets = sockets;
    this.#peer = peer;
    this.#odd = odd;
  }

  media(frame: Buffer, offsets: readonly number[]): void {
    for (const [index, at] of offsets.entries()) {
      this.#packet(frame.subarray(at + interleavedBytes, offsets[index + 1] ?? frame.length));
    }
  }

  control(data: Buffer): void {
    this.#sockets.rtcp.send(data, this.#peer.rtcpPort, this.#peer.address, () => {});
  }

  #packet(packet: Buffer): void {
    const { dropEvery, swapEvery } = this.#odd;
    this.#sent += 1;
    if (dropEvery && this.#sent % dropEvery === 0) return;
    if (swapEvery && this.#sent % swapEvery === 0 && !this.#late) {
      this.#late = packet;
      return;
    }
    this.#datagram(packet);
    if (this.#late) this.#datagram(this.#late);
    this.#late = undefined;
  }

  #datagram(packet: Buffer): void {
    this.#sockets.rtp.send(packet, this.#peer.rtpPort, this.#peer.address, () => {});
  }
}
