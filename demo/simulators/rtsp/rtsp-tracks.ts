import type { Socket } from 'node:net';
import type { ClipLoop } from './clip-loop.ts';
import type { ClipSound } from './clip-sound.ts';
import { DatagramWay, InterleavedWay, type MediaWay } from './media-way.ts';
import type { RtspOddities } from './rtsp-oddities.ts';
import { RtspPlayer } from './rtsp-player.ts';
import { SoundPlayer } from './sound-player.ts';
import type { UdpPorts } from './udp-ports.ts';

export interface TracksOptions {
  readonly socket: Socket;
  readonly udp: () => UdpPorts | undefined;
  readonly odd: RtspOddities;
  readonly muted: () => boolean;
  readonly shiftTicks: () => number;
}

export interface TrackSource {
  readonly loop: ClipLoop;
  readonly sound: ClipSound | undefined;
}

const soundUrl = /trackID=1(?:[/?]|$)/;
const secondPair = 2;

/** What one client set up, and what it is being sent. */
export class RtspTracks {
  readonly #options: TracksOptions;
  #video: RtspPlayer | undefined;
  #sound: SoundPlayer | undefined;

  constructor(options: TracksOptions) {
    this.#options = options;
  }

  get ready(): boolean {
    return this.#video !== undefined || this.#sound !== undefined;
  }

  get info(): string | undefined {
    return this.#video?.info;
  }

  /** The Transport header of the answer; undefined when the track cannot go this way. */
  setUp(url: string, transport: string, { loop, sound }: TrackSource): string | undefined {
    const { muted, shiftTicks, odd } = this.#options;
    const isSound = soundUrl.test(url);
    const agreed = this.#way(transport, isSound);
    if (!agreed || (isSound && (odd.refusesSound || !sound))) return undefined;
    if (isSound && sound) {
      this.#sound?.stop();
      this.#sound = new SoundPlayer({ way: agreed.way, sound, odd, muted, playedMs: () => loop.playedMs });
    } else {
      this.#video?.stop();
      this.#video = new RtspPlayer({ way: agreed.way, loop, odd, muted, shiftTicks });
    }
    return agreed.header;
  }

  start(): void {
    this.#video?.start();
    this.#sound?.start();
  }

  stop(): void {
    this.#video?.stop();
    this.#sound?.stop();
  }

  sayGoodbye(): void {
    this.#sound?.stop();
    this.#video?.sayGoodbye();
  }

  #way(transport: string, isSound: boolean): { way: MediaWay; header: string } | undefined {
    return /RTP\/AVP\/TCP/i.test(transport) ? this.#interleaved(transport, isSound) : this.#datagrams(transport);
  }

  #interleaved(transport: string, isSound: boolean): { way: MediaWay; header: string } {
    const { socket, odd } = this.#options;
    const asked = Number(/interleaved=(\d+)/i.exec(transport)?.[1] ?? 0);
    const channel = odd.firstChannel === undefined ? asked : odd.firstChannel + (isSound ? secondPair : 0);
    const header = `Transport: RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`;
    return { way: new InterleavedWay(socket, channel, odd), header };
  }

  #datagrams(transport: string): { way: MediaWay; header: string } | undefined {
    const { socket, odd, udp } = this.#options;
    const ports = udp();
    const [, first, second] = /client_port=(\d+)-(\d+)/i.exec(transport) ?? [];
    if (odd.refusesUdp || !ports || !first || !second) return undefined;
    const peer = { address: socket.remoteAddress ?? '', rtpPort: Number(first), rtcpPort: Number(second) };
    const pair = `client_port=${first}-${second};server_port=${ports.port}-${ports.port + 1}`;
    return { way: new DatagramWay(ports, peer, odd), header: `Transport: RTP/AVP;unicast;${pair}` };
  }
}
