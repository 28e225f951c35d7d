import type { LaneSink, MediaTransport, TrackLane } from './media-transport.ts';
import { RtspError } from './rtsp-error.ts';
import type { OnFrame } from './rtsp-reader.ts';

const nowhere = 255;

/** The connection that carries frames beside its messages. */
export interface FrameCarrier {
  sendFrame(channel: number, data: Buffer): void;
  /** Once a track is set up, noise between its frames is skipped. */
  expectTracks(isTrack: (channel: number) => boolean): void;
}

/** Packets between the messages of the RTSP connection itself (RFC 2326 §10.12). */
export class InterleavedMedia implements MediaTransport {
  readonly #sink: LaneSink;
  readonly #laneOf = new Uint8Array(256).fill(nowhere);
  readonly #reportChannels = new Map<TrackLane, number>();
  #connection: FrameCarrier | undefined;

  constructor(sink: LaneSink) {
    this.#sink = sink;
  }

  /** The connection the packets come by, once it is there. */
  sendThrough(connection: FrameCarrier): void {
    this.#connection = connection;
  }

  readonly take: OnFrame = (channel, frame) => {
    const lane = this.#laneOf[channel] ?? nowhere;
    if (lane !== nowhere) this.#sink(lane, frame);
  };

  async offer(lane: TrackLane): Promise<string> {
    return `RTP/AVP/TCP;unicast;interleaved=${lane}-${lane + 1}`;
  }

  /** Cameras may choose other channels than those asked for; one that says nothing of them keeps ours. */
  agree(lane: TrackLane, answer: string | undefined): void {
    if (answer && !/TCP|interleaved/i.test(answer)) {
      throw new RtspError('protocol', 'The camera does not send over TCP; set its transport to udp.');
    }
    const [, first, second] = /interleaved\s*=\s*(\d{1,3})(?:\s*-\s*(\d{1,3}))?/i.exec(answer ?? '') ?? [];
    const channel = Math.min(255, Number(first ?? lane));
    const reports = Math.min(255, Number(second ?? channel + 1));
    this.#laneOf[reports] = lane + 1;
    this.#laneOf[channel] = lane;
    this.#reportChannels.set(lane, reports);
    this.#connection?.expectTracks((any) => this.#laneOf[any] !== nowhere);
  }

  report(lane: TrackLane, data: Buffer): void {
    this.#connection?.sendFrame(this.#reportChannels.get(lane) ?? lane + 1, data);
  }

  close(): void {
    this.#laneOf.fill(nowhere);
  }
}
