import { AccessUnitAssembler } from '../rtp/access-unit-assembler.ts';
import { type AudioDepacketizer, audioDepacketizer } from '../rtp/audio-depacketizer.ts';
import type { AudioFrame, SoundOffer } from '../rtp/audio-frame.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import { PictureBuffer } from '../rtp/picture-buffer.ts';
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import { readVideoFormat } from '../rtp/video-format.ts';
import type { ConnectionMemory } from '../rtsp/connection-memory.ts';
import type { Credentials } from '../rtsp/rtsp-auth.ts';
import type { TlsTrust } from '../rtsp/rtsp-dial.ts';
import { runRtspSession } from '../rtsp/rtsp-session.ts';
import type { AudioTrack, VideoTrack } from '../rtsp/sdp.ts';
import type { SenderClock } from '../rtsp/sender-clock.ts';
import { type Cause, StreamFailure } from '../stream-failure.ts';
import { PictureWatch, type Verdict, type WatchLimits } from './picture-watch.ts';

/** Where one camera is played from, for one attempt. */
export interface PlayableSource {
  readonly url: string;
  readonly credentials?: Credentials;
  readonly transport?: 'tcp' | 'udp';
  readonly tls?: TlsTrust;
}

export interface SessionEvents {
  /** The camera agreed to play; pictures follow, or not. */
  playing(): void;
  picture(unit: AccessUnit): void;
  /** What the camera says of its sound, before any comes; undefined when it has none. */
  soundOffer?(offer: SoundOffer | undefined): void;
  /** Without it the camera is not asked for its sound. */
  sound?(frame: AudioFrame): void;
  /** Nothing can be dialled: the camera must come to us. The attempt goes on until it does. */
  awaits?(failure: StreamFailure): void;
  /** The picture shown is old or stands still; `fresh` ends it. */
  verdict(verdict: 'fresh' | Staleness): void;
}

export type Staleness = Extract<Verdict, Cause>;

export const stalenessMessages: Record<Staleness, string> = {
  no_packets: 'The camera is connected but sends nothing.',
  no_keyframe: 'The camera sends packets but no key picture; check its encoder and the key frame interval.',
  frozen: 'The camera sends the very same picture again and again; its encoder hangs.',
};

export interface SessionOptions {
  readonly source: PlayableSource;
  readonly signal: AbortSignal;
  readonly limits?: WatchLimits;
  readonly events: SessionEvents;
  /** What the attempt takes its memory from, and gives it back to. */
  readonly memory?: ConnectionMemory | undefined;
}

const checkEveryMs = 500;

/** One attempt to play one camera: resolves when `signal` aborts, throws what ended it. */
export async function runCameraSession(options: SessionOptions): Promise<void> {
  const { source, signal, limits, events, memory } = options;
  const ending = new AbortController();
  const watch = new PictureWatch(performance.now(), limits);
  const receiver = new PictureReceiver(watch, events, memory);
  const failed = Promise.withResolvers<never>();
  const check = setInterval(() => {
    try {
      if (receiver.playing) judge(watch.verdict(performance.now()), events, receiver.pictures);
    } catch (error) {
      failed.reject(error);
    }
  }, checkEveryMs);
  try {
    const run = runRtspSession({
      ...source,
      slabs: memory?.slabs,
      signal: AbortSignal.any([signal, ending.signal]),
      onPlaying: (video, audio, otherSound) => receiver.start(video, soundOf(audio, otherSound)),
      onPacket: (packet, clock, nowMs) => receiver.take(packet, clock, nowMs),
      ...(events.sound && { onAudioPacket: (packet, clock) => receiver.hear(packet, clock) }),
    });
    await Promise.race([run, failed.promise, receiver.failed]);
  } finally {
    clearInterval(check);
    ending.abort();
    receiver.end();
  }
}

/** A camera that never showed a picture is not stale: the attempt failed. */
function judge(verdict: Verdict, events: SessionEvents, pictures: number): void {
  if (verdict === 'starting') return;
  if (verdict === 'dead') throw new StreamFailure('no_packets', stalenessMessages.no_packets);
  if (verdict !== 'fresh' && pictures === 0) throw new StreamFailure(verdict, stalenessMessages[verdict]);
  events.verdict(verdict);
}

/** From packets to pictures. What it cannot take (a refused codec) ends the attempt. */
class PictureReceiver {
  readonly #watch: PictureWatch;
  readonly #events: SessionEvents;
  readonly #buffer: PictureBuffer;
  readonly #failure = Promise.withResolvers<never>();
  #assembler: AccessUnitAssembler | undefined;
  #sound: AudioDepacketizer | undefined;
  #pictures = 0;

  constructor(watch: PictureWatch, events: SessionEvents, memory?: ConnectionMemory) {
    this.#watch = watch;
    this.#buffer = new PictureBuffer(memory?.pictures, memory?.pieces);
    this.#events = events;
    this.#failure.promise.catch(() => undefined);
  }

  get playing(): boolean {
    return this.#assembler !== undefined;
  }

  get pictures(): number {
    return this.#pictures;
  }

  get failed(): Promise<never> {
    return this.#failure.promise;
  }

  start(video: VideoTrack, sound: AudioTrack | SoundOffer | undefined): void {
    for (const nal of video.parameterSets) refuseMonster(video, nal);
    this.#assembler = new AccessUnitAssembler(video.codec, video.parameterSets, this.#buffer);
    this.#watch.packet(performance.now());
    this.#events.playing();
    this.#sound = sound && 'fmtp' in sound ? audioDepacketizer(sound) : undefined;
    this.#events.soundOffer?.(sound);
  }

  /** Takes nothing any more: while the connection says goodbye its packets still come. */
  end(): void {
    this.#assembler = undefined;
    this.#sound = undefined;
    this.#buffer.release();
  }

  hear(packet: RtpPacket, clock: SenderClock): void {
    for (const frame of this.#sound?.push(packet) ?? []) {
      const capturedAt = clock.wallTime(frame.timestamp);
      this.#events.sound?.(capturedAt ? { ...frame, capturedAt } : frame);
    }
  }

  take(packet: RtpPacket, clock: SenderClock, now: number): void {
    this.#watch.packet(now);
    for (const unit of this.#assembler?.push(packet) ?? []) {
      const capturedAt = clock.wallTime(unit.timestamp);
      this.#picture(capturedAt ? { ...unit, capturedAt } : unit, now);
    }
  }

  #picture(unit: AccessUnit, now: number): void {
    this.#watch.picture(unit, now);
    this.#pictures += 1;
    try {
      this.#events.picture(unit);
    } catch (error) {
      this.#failure.reject(error);
    }
  }
}

function soundOf(audio: AudioTrack | undefined, otherSound: string | undefined): AudioTrack | SoundOffer | undefined {
  return audio ?? (otherSound === undefined ? undefined : { codec: 'other', name: otherSound });
}

/** An SPS in the SDP is read before the first packet: a hostile size is refused at once. */
function refuseMonster({ codec }: VideoTrack, nal: Buffer): void {
  const isSps = codec === 'h264' ? ((nal[0] ?? 0) & 0x1f) === 7 : (((nal[0] ?? 0) >> 1) & 0x3f) === 33;
  if (isSps) readVideoFormat(codec, nal);
}
