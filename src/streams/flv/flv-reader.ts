import type { AudioFrame, SoundFormat } from '../rtp/audio-frame.ts';
import type { AccessUnit, Codec } from '../rtp/nal.ts';
import { PictureGate } from '../rtp/picture-gate.ts';
import { FlvError } from './flv-error.ts';
import { readSequenceHeader } from './flv-parameter-sets.ts';
import { FlvSound } from './flv-sound.ts';
import { type FlvTag, FlvTagReader } from './flv-tag-reader.ts';
import { readVideoTag } from './flv-video-tag.ts';

/** What an FLV stream holds, as it comes. */
export interface FlvEvents {
  picture(unit: AccessUnit): void;
  sound?(frame: AudioFrame): void;
  /** How the AAC that follows is coded, as soon as it is known. */
  soundOffer?(offer: SoundFormat): void;
}

const ticksPerMs = 90;

/**
 * Reads pictures (H.264; H.265 as `hvc1` of enhanced FLV or as the codec number 12 that Chinese encoders use) and sound
 * (AAC, G.711) out of FLV: from bytes by `push`, or from tags by `take`. Both throw FlvError, and nothing else of their own.
 * The NAL units of a picture are views of its tag. Nothing is given out before the first key picture.
 */
export class FlvReader {
  readonly #events: FlvEvents;
  readonly #tags: FlvTagReader;
  readonly #sound = new FlvSound();
  #gate: PictureGate | undefined;
  #lengthBytes = 4;

  constructor(events: FlvEvents) {
    this.#events = events;
    this.#tags = new FlvTagReader((tag) => this.take(tag));
  }

  /** Bytes kept for a tag that is not whole yet; 8 MiB at most. */
  get heldBytes(): number {
    return this.#tags.heldBytes;
  }

  push(chunk: Buffer): void {
    this.#tags.push(chunk);
  }

  take({ type, timestampMs, body }: FlvTag): void {
    if (type === 9) this.#video(body, timestampMs);
    if (type !== 8) return;
    const known = this.#sound.format;
    const frame = this.#sound.take(body, timestampMs);
    const { format } = this.#sound;
    if (format && format !== known) this.#events.soundOffer?.(format);
    if (frame) this.#events.sound?.(frame);
  }

  /** Tags were left out: nothing is given out before the next key picture. */
  lose(): void {
    this.#gate?.lose();
  }

  #video(body: Buffer, timestampMs: number): void {
    const tag = readVideoTag(body);
    if (tag.kind === 'header') this.#configure(tag.codec, tag.data);
    if (tag.kind !== 'picture' || tag.codec !== this.#gate?.codec) return;
    const timestamp = (timestampMs + tag.offsetMs) * ticksPerMs;
    const unit = this.#gate.take(splitNals(tag.data, this.#lengthBytes), timestamp);
    if (unit) this.#events.picture(unit);
  }

  #configure(codec: Codec, record: Buffer): void {
    const { parameterSets, lengthBytes } = readSequenceHeader(codec, record);
    if (this.#gate?.codec !== codec) this.#gate = new PictureGate(codec, this.#gate !== undefined);
    this.#gate.configure(parameterSets);
    this.#lengthBytes = lengthBytes;
  }
}

/** NAL units behind their lengths, as views. Throws FlvError when a length leads out of the tag. */
function splitNals(data: Buffer, lengthBytes: number): Buffer[] {
  const nals: Buffer[] = [];
  let at = 0;
  while (at + lengthBytes <= data.length) {
    const size = data.readUIntBE(at, lengthBytes);
    at += lengthBytes;
    if (at + size > data.length) throw new FlvError('protocol', 'A picture in the FLV stream is cut off.');
    if (size > 0) nals.push(data.subarray(at, at + size));
    at += size;
  }
  return nals;
}
