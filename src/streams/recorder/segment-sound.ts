import type { AnnouncedSound } from '../audio/camera-sound.ts';
import { silentFrame } from '../flv/silence.ts';
import { type PictureMark, SoundLane } from '../flv/sound-lane.ts';
import { type AacFormat, readAacConfig } from '../rtp/aac-config.ts';
import type { AudioFrame } from '../rtp/audio-frame.ts';
import type { SoundRun } from './fmp4-writer.ts';
import { mostConfigBytes } from './mp4-sound.ts';
import { ticksPerSecond } from './mp4-track.ts';

const ticksPerMs = ticksPerSecond / 1_000;

interface Waiting {
  readonly data: Buffer;
  readonly decodeTicks: number;
}

/** Undefined for sound that cannot be written. */
export function segmentSound(announced: AnnouncedSound | undefined): SegmentSound | undefined {
  const format = announced && announced.config.length <= mostConfigBytes && readAacConfig(announced.config);
  return format ? new SegmentSound(announced, format) : undefined;
}

/** The sound of the file being written, on the timeline of its pictures; silence where none comes. */
export class SegmentSound {
  /** AudioSpecificConfig. */
  readonly config: Buffer;
  readonly #lane = new SoundLane();
  readonly #silence: Buffer;
  readonly #frameTicks: number;
  #waiting: Waiting[] = [];
  #nextTicks = 0;

  constructor({ config, channels }: AnnouncedSound, format: AacFormat) {
    this.config = config;
    this.#silence = silentFrame(format.channels || channels);
    this.#frameTicks = (format.frameSamples * ticksPerSecond) / format.coreRate;
    this.#lane.begin(0);
  }

  /** The picture went on. */
  follow(mark: PictureMark): void {
    this.#lane.follow(mark);
    for (const ms of this.#lane.silence(mark.decodeMs, this.#frameMs)) this.#push(this.#silence, ms);
  }

  /** Takes AAC; `arrivedMs` is when its first sample came. */
  take({ data, config, timestamp, clockRate, capturedAt }: AudioFrame, arrivedMs: number): void {
    if (config && !config.equals(this.config)) return;
    const ms = this.#lane.place({ timestamp, clockRate, durationMs: this.#frameMs, arrivedMs, capturedAt });
    if (ms !== undefined) this.#push(Buffer.from(data), ms);
  }

  /** What waits, and waits no more. */
  drain(): SoundRun[] {
    const runs: { decodeTicks: number; samples: { data: Buffer; durationTicks: number }[] }[] = [];
    let endTicks: number | undefined;
    for (const [index, { data, decodeTicks }] of this.#waiting.entries()) {
      const next = this.#waiting[index + 1]?.decodeTicks ?? Number.POSITIVE_INFINITY;
      const usual = Math.round(decodeTicks + this.#frameTicks);
      const durationTicks = Math.abs(next - usual) <= 1 ? next - decodeTicks : usual - decodeTicks;
      const last = runs.at(-1);
      if (last && endTicks === decodeTicks) last.samples.push({ data, durationTicks });
      else runs.push({ decodeTicks, samples: [{ data, durationTicks }] });
      endTicks = decodeTicks + durationTicks;
    }
    this.#waiting = [];
    return runs;
  }

  get #frameMs(): number {
    return this.#frameTicks / ticksPerMs;
  }

  /** The lane counts whole milliseconds: frames that follow each other do so to the sample. */
  #push(data: Buffer, ms: number): void {
    const ticks = ms * ticksPerMs;
    const follows = ticks - this.#nextTicks < this.#frameTicks / 2;
    const at = follows ? this.#nextTicks : ticks;
    this.#waiting.push({ data, decodeTicks: Math.round(at) });
    this.#nextTicks = at + this.#frameTicks;
  }
}
