import { readAacConfig } from '../rtp/aac-config.ts';
import type { AudioFrame } from '../rtp/audio-frame.ts';
import type { FlvPicture } from './flv-muxer.ts';
import type { SharedTag } from './flv-tag.ts';
import { silentFrame } from './silence.ts';
import { SoundLane } from './sound-lane.ts';
import { soundConfigTag, soundFrameTag } from './sound-tag.ts';

/** One frame of sound as an FLV tag. */
export interface FlvSound extends SharedTag {
  /** The sequence header it is decoded with; the object is replaced when the configuration changes. */
  readonly config: Buffer;
}

interface Coding {
  readonly config: Buffer;
  /** The configuration as a tag. */
  readonly header: Buffer;
  readonly frameMs: number;
  readonly silence: Buffer;
}

/** Turns AAC into FLV tags on the pictures' timeline, and silence where none comes: a player waits for sound it was promised. */
export class SoundMuxer {
  readonly #lane = new SoundLane();
  #coding: Coding | undefined;

  /** What viewers need before the first frame; undefined while no sound is known. */
  get header(): Buffer | undefined {
    return this.#coding?.header;
  }

  /** How the sound is coded from now on (AudioSpecificConfig); one that cannot be understood changes nothing. */
  configure(config: Buffer, channels: number): void {
    if (this.#coding?.config.equals(config)) return;
    const format = readAacConfig(config);
    if (!format) return;
    this.#coding = {
      config: Buffer.from(config),
      header: soundConfigTag(config, 0),
      frameMs: (format.frameSamples * 1_000) / format.coreRate,
      silence: silentFrame(format.channels || channels),
    };
  }

  /** The camera's clocks start over. */
  realign(): void {
    this.#lane.realign();
  }

  /** Somebody listens from now on: silence from `ms` on (undefined: from the next picture on), until sound comes. */
  begin(ms: number | undefined): void {
    this.#lane.begin(ms);
  }

  /** Sound is placed by the newest picture. */
  follow({ decodeMs, shownMs }: FlvPicture, arrivedMs: number, capturedAt: Date | undefined): void {
    this.#lane.follow({ decodeMs, shownMs, arrivedMs, capturedAt });
  }

  /** The silence that is due before a picture decoded at `ms`. */
  silence(ms: number): FlvSound[] {
    const coding = this.#coding;
    if (!coding) return [];
    return this.#lane.silence(ms, coding.frameMs).map((at) => tagOf(coding, coding.silence, at));
  }

  /** `arrivedMs` is when its first sample reached us, of a monotonic clock; undefined when there is no place for it. */
  mux(frame: AudioFrame, arrivedMs: number): FlvSound | undefined {
    if (frame.config) this.configure(frame.config, frame.channels);
    const coding = this.#coding;
    if (!coding) return undefined;
    const { timestamp, clockRate, capturedAt } = frame;
    const piece = { timestamp, clockRate, durationMs: coding.frameMs, arrivedMs, capturedAt };
    const at = this.#lane.place(piece);
    return at === undefined ? undefined : tagOf(coding, frame.data, at);
  }
}

function tagOf({ header }: Coding, data: Buffer, at: number): FlvSound {
  return { ...soundFrameTag(data, at), config: header };
}
