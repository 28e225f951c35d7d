import { type ByteSpan, spanOf } from '../rtp/byte-span.ts';
import { lanes, type TrackLane } from './media-transport.ts';
import { RtspError } from './rtsp-error.ts';
import type { Playing } from './rtsp-play.ts';
import type { AudioTrack, VideoTrack } from './sdp.ts';
import { type OnPacket, TrackReceiver } from './track-receiver.ts';

export interface SessionReceiverOptions {
  readonly onPlaying: (video: VideoTrack, audio?: AudioTrack, otherSound?: string) => void;
  readonly onPacket: OnPacket;
  /** Its payloads may be kept. */
  readonly onAudioPacket?: OnPacket;
}

const maxEarly = 1_024;
const videoClockRate = 90_000;

/** All that comes on a session's lanes. Packets ahead of PLAY's answer wait for it: some cameras are that quick. */
export class SessionReceiver {
  readonly #options: SessionReceiverOptions;
  readonly #early: [number, Buffer][] = [];
  readonly #ended = Promise.withResolvers<never>();
  #video: TrackReceiver | undefined;
  #audio: TrackReceiver | undefined;

  constructor(options: SessionReceiverOptions) {
    this.#options = options;
    this.#ended.promise.catch(() => undefined);
  }

  /** Rejects with RtspError `lost` when the camera says that its video is over. */
  get ended(): Promise<never> {
    return this.#ended.promise;
  }

  get tracks(): [TrackLane, TrackReceiver][] {
    return [
      ...(this.#video ? [[lanes.video, this.#video] satisfies [TrackLane, TrackReceiver]] : []),
      ...(this.#audio ? [[lanes.audio, this.#audio] satisfies [TrackLane, TrackReceiver]] : []),
    ];
  }

  start({ video, audio, otherSound }: Playing): void {
    const { onPlaying, onPacket, onAudioPacket } = this.#options;
    onPlaying(video, audio, otherSound);
    const onBye = () => this.#ended.reject(new RtspError('lost', 'The camera said that its stream is over.'));
    this.#video = new TrackReceiver({ ...video, clockRate: videoClockRate, onPacket, onBye });
    // Sound may end without the picture.
    if (audio && onAudioPacket) this.#audio = new TrackReceiver({ ...audio, onPacket: onAudioPacket, onBye: () => {} });
    for (const [lane, data] of this.#early.splice(0)) this.take(lane, spanOf(data));
  }

  take(lane: number, packet: ByteSpan): void {
    if (lane === lanes.video && this.#video) this.#video.media(packet);
    else this.#takeOther(lane, Buffer.from(packet.memory.subarray(packet.start, packet.end)));
  }

  #takeOther(lane: number, data: Buffer): void {
    if (!this.#video) this.#keepEarly(lane, data);
    else if (lane === lanes.audio) this.#audio?.media(spanOf(data));
    else (lane < lanes.audio ? this.#video : this.#audio)?.control(data);
  }

  #keepEarly(lane: number, data: Buffer): void {
    if (this.#early.length < maxEarly) this.#early.push([lane, data]);
  }
}
