import type { AccessUnit, ParameterSets } from '../rtp/nal.ts';
import { readVideoFormat, type VideoFormat } from '../rtp/video-format.ts';
import { amfMessage } from './amf.ts';
import { flvHeader, flvHeaderWithSound, flvTag, type SharedTag, tagType } from './flv-tag.ts';
import { codecNumbers, pictureTag, videoConfigTag } from './picture-tag.ts';
import { aacNumber } from './sound-tag.ts';
import { Timeline } from './timeline.ts';

/** One picture as an FLV tag. */
export interface FlvPicture extends SharedTag {
  readonly key: boolean;
  readonly decodeMs: number;
  /** When it is to be seen; not its decoding time only with B pictures. */
  readonly shownMs: number;
  /** The sequence header this picture is decoded with; the object is replaced when the parameter sets change. */
  readonly config: Buffer;
}

/** Turns access units into FLV tags on one rising timeline. */
export class FlvMuxer {
  readonly #timeline = new Timeline();
  #sets: ParameterSets | undefined;
  #format: VideoFormat | undefined;
  #config: Buffer | undefined;

  /** The format of the pictures now, known after the first one. */
  get format(): VideoFormat | undefined {
    return this.#format;
  }

  /** The measured time between pictures, milliseconds. */
  get intervalMs(): number {
    return this.#timeline.intervalMs;
  }

  /** The next picture comes from a new connection: its clock has nothing to do with the last one's. */
  restart(): void {
    this.#timeline.restart(this.#format?.reorder);
  }

  /** What a viewer gets first: file header and metadata. Sequence headers follow, that of the video with its first key picture. */
  preamble(sound = false): Buffer {
    const { codec = 'h264', width = 0, height = 0, fps } = this.#format ?? {};
    const metadata = amfMessage('onMetaData', {
      hasVideo: true,
      hasAudio: sound,
      videocodecid: codecNumbers[codec],
      ...(sound && { audiocodecid: aacNumber }),
      width,
      height,
      ...(fps && { framerate: fps }),
    });
    return Buffer.concat([sound ? flvHeaderWithSound : flvHeader, flvTag(tagType.data, 0, [metadata])]);
  }

  /** Throws CodecError when the parameter sets cannot be understood or are refused. */
  mux(unit: AccessUnit, arrivedMs: number): FlvPicture {
    const changed = unit.parameters !== this.#sets;
    const format = changed || !this.#format ? readVideoFormat(unit.codec, unit.parameters.sps) : this.#format;
    if (changed || unit.afterLoss) this.#timeline.restart(format.reorder);
    const { decodeMs, offsetMs } = this.#timeline.next(unit.timestamp, arrivedMs);
    const config = changed || !this.#config ? videoConfigTag(unit.parameters, format, decodeMs) : this.#config;
    this.#sets = unit.parameters;
    this.#format = format;
    this.#config = config;
    const { data, message } = pictureTag(unit, decodeMs, offsetMs);
    return { data, message, key: unit.key, decodeMs, shownMs: decodeMs + offsetMs, config };
  }
}
