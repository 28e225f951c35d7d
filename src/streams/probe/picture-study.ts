import { BitReader } from '../rtp/bit-reader.ts';
import { type AccessUnit, nalRole } from '../rtp/nal.ts';
import { readVideoFormat } from '../rtp/video-format.ts';
import { codecProfile } from './codec-profile.ts';
import type { ProbedVideo } from './probe-stage.ts';

const clockRate = 90_000;
const chromas = ['4:0:0', '4:2:0', '4:2:2', '4:4:4'];
/** Fewer say nothing about how many come in a second. */
const fewPictures = 5;

/** Looks at pictures as they come, from the first key picture on, and says what kind of stream it is. */
export class PictureStudy {
  #first: AccessUnit | undefined;
  #last = 0;
  #ticks = 0;
  #newestTicks = 0;
  #count = 0;
  #keys = 0;
  #gopTicks: number | undefined;
  #reordered = false;

  /** A key picture was seen. */
  get begun(): boolean {
    return this.#first !== undefined;
  }

  /** Two key pictures were seen: more would say nothing new. */
  get complete(): boolean {
    return this.#keys >= 2 && this.#count >= fewPictures;
  }

  look(unit: AccessUnit): void {
    if (!this.#first && !unit.key) return;
    this.#first ??= unit;
    // 32 bits that wrap: the difference is what counts, and it may be negative where pictures are reordered.
    this.#ticks = this.#count === 0 ? 0 : this.#ticks + ((unit.timestamp - this.#last) | 0);
    this.#last = unit.timestamp;
    this.#count += 1;
    this.#reordered ||= this.#ticks < this.#newestTicks || hasBSlice(unit);
    this.#newestTicks = Math.max(this.#newestTicks, this.#ticks);
    if (!unit.key) return;
    this.#keys += 1;
    if (this.#keys === 2) this.#gopTicks = this.#ticks;
  }

  /** Undefined before the first key picture. Throws CodecError when its parameter sets cannot be read. */
  get video(): ProbedVideo | undefined {
    if (!this.#first) return undefined;
    const { codec, parameters } = this.#first;
    const { width, height, chroma, lumaDepth, reorder = 0 } = readVideoFormat(codec, parameters.sps);
    const seconds = this.#newestTicks / clockRate;
    const fps = this.#count >= fewPictures && seconds > 0 ? round((this.#count - 1) / seconds) : undefined;
    return {
      codec,
      ...codecProfile(codec, parameters.sps),
      width,
      height,
      chroma: chromas[chroma] ?? `chroma ${chroma}`,
      bitDepth: lumaDepth,
      bFrames: this.#reordered || reorder > 0,
      ...(fps !== undefined && { fps }),
      ...(this.#gopTicks !== undefined && this.#gopTicks > 0 && { gopSeconds: round(this.#gopTicks / clockRate) }),
    };
  }
}

/** H.264 §7.4.3: slice_type 1 and 6 are B slices. An H.265 slice tells it too late in its header; its times do as well. */
function hasBSlice({ codec, nals }: AccessUnit): boolean {
  if (codec !== 'h264') return false;
  return nals.some((nal) => nalRole(codec, nal) === 'slice' && sliceType(nal) % 5 === 1);
}

/** Broken slices are the decoder's business. */
function sliceType(nal: Buffer): number {
  try {
    const reader = new BitReader(nal.subarray(1), 16);
    reader.unsigned();
    return reader.unsigned();
  } catch {
    return -1;
  }
}

const round = (value: number) => Math.round(value * 10) / 10;
