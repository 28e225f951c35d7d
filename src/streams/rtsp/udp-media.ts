import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { spanOf } from '../rtp/byte-span.ts';
import { ReorderBuffer, reorderLimits } from '../rtp/reorder-buffer.ts';
import type { LaneSink, MediaTransport, TrackLane } from './media-transport.ts';
import { RtspError } from './rtsp-error.ts';

export interface UdpMediaOptions {
  /** Our address on the connection to the camera: the interface towards it. */
  readonly localAddress: string;
  /** The camera's; packets of anybody else are dropped. */
  readonly remoteAddress: string;
  readonly sink: LaneSink;
}

/** A key picture is a burst of a hundred packets and more. */
const receiveBufferBytes = 1024 * 1024;
const portAttempts = 16;
/** An RTP packet without payload: all it does is open the way back through a firewall. */
const punch = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
const rtpHeaderBytes = 12;

interface Pair {
  readonly rtp: Socket;
  readonly rtcp: Socket;
  readonly port: number;
}

interface Line extends Pair {
  readonly reorder: ReorderBuffer;
  serverPort: number;
  timer: NodeJS.Timeout | undefined;
}

/** Packets over UDP (RFC 2326 §12.39): a pair of ports for each track, on the interface towards the camera. */
export class UdpMedia implements MediaTransport {
  readonly #options: UdpMediaOptions;
  readonly #lines = new Map<TrackLane, Line>();
  #strangers = 0;
  #closed = false;

  constructor(options: UdpMediaOptions) {
    this.#options = options;
  }

  /** Packets that came from elsewhere than the camera, and were dropped. */
  get strangers(): number {
    return this.#strangers;
  }

  async offer(lane: TrackLane): Promise<string> {
    const pair = await openPair(this.#options.localAddress);
    if (this.#closed) {
      closePair(pair);
      throw new RtspError('lost', 'The attempt was given up.');
    }
    const reorder = new ReorderBuffer((data) => this.#options.sink(lane, spanOf(data)));
    const line: Line = { ...pair, reorder, serverPort: 0, timer: undefined };
    this.#lines.set(lane, line);
    pair.rtp.on('message', (data, from) => this.#takeMedia(line, data, from));
    pair.rtcp.on('message', (data, from) => {
      if (this.#isOurs(from)) this.#options.sink(lane + 1, spanOf(data));
    });
    return `RTP/AVP;unicast;client_port=${pair.port}-${pair.port + 1}`;
  }

  /** Whatever `source=` says, nothing but the camera's own address is sent to or heard. */
  agree(lane: TrackLane, answer: string | undefined): void {
    if (answer && /TCP|interleaved/i.test(answer)) {
      throw new RtspError('protocol', 'The camera does not send over UDP; set its transport to tcp.');
    }
    const line = this.#lines.get(lane);
    const port = Number(/server_port\s*=\s*(\d{1,5})/i.exec(answer ?? '')?.[1] ?? 0);
    if (!line || port < 1 || port > 65_534) return;
    line.serverPort = port;
    this.#punch(line);
  }

  report(lane: TrackLane, data: Buffer): void {
    const line = this.#lines.get(lane);
    if (!line?.serverPort) return;
    this.#punch(line);
    line.rtcp.send(data, line.serverPort + 1, this.#options.remoteAddress, () => {});
  }

  close(): void {
    this.#closed = true;
    for (const line of this.#lines.values()) {
      clearTimeout(line.timer);
      closePair(line);
    }
    this.#lines.clear();
  }

  #punch({ rtp, rtcp, serverPort }: Line): void {
    rtp.send(punch, serverPort, this.#options.remoteAddress, () => {});
    rtcp.send(emptyReport, serverPort + 1, this.#options.remoteAddress, () => {});
  }

  #takeMedia(line: Line, data: Buffer, from: RemoteInfo): void {
    if (!this.#isOurs(from) || data.length < rtpHeaderBytes) return;
    line.reorder.push(data, performance.now());
    if (line.reorder.held > 0 && !line.timer) this.#watchHeld(line);
  }

  /** The packet that would notice how long others wait for one may be the last for a second. */
  #watchHeld(line: Line): void {
    line.timer = setTimeout(() => {
      line.timer = undefined;
      line.reorder.expire(performance.now());
      if (line.reorder.held > 0) this.#watchHeld(line);
    }, reorderLimits.waitMs);
  }

  #isOurs({ address }: RemoteInfo): boolean {
    if (address === this.#options.remoteAddress) return true;
    this.#strangers += 1;
    return false;
  }
}

/** A receiver report without a block (RFC 3550 §6.4.2), for the same purpose as `punch`. */
const emptyReport = Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 0]);

function closePair({ rtp, rtcp }: Pair): void {
  rtp.close();
  rtcp.close();
}

/** An even port and the odd one above it (RFC 3550 §11). */
async function openPair(address: string): Promise<Pair> {
  for (let attempt = 0; attempt < portAttempts; attempt += 1) {
    const first = await bind(address, 0);
    if (!first) break;
    const { port } = first.address();
    const even = port % 2 === 0;
    const second = await bind(address, even ? port + 1 : port - 1);
    if (second) return even ? { rtp: first, rtcp: second, port } : { rtp: second, rtcp: first, port: port - 1 };
    first.close();
  }
  throw new RtspError('protocol', 'This machine has no free pair of UDP ports for the camera.');
}

async function bind(address: string, port: number): Promise<Socket | undefined> {
  const type = address.includes(':') ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: receiveBufferBytes });
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
    return socket.on('error', () => {});
  } catch {
    socket.close();
    return undefined;
  }
}
