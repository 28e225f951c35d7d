import { AppError } from '../../shared/app-error.ts';
import { parseH264Sps } from './h264-sps.ts';
import { parseH265Sps } from './h265-sps.ts';
import type { Codec } from './nal.ts';

/** What a sequence parameter set says of the pictures. */
export interface VideoFormat {
  readonly codec: Codec;
  readonly width: number;
  readonly height: number;
  /** Pictures a second, when the stream says it. */
  readonly fps?: number;
  /** How many pictures may come before one that is shown earlier; 0 without B pictures; undefined when not said. */
  readonly reorder?: number;
  /** As in the configuration records of ISO/IEC 14496-15. */
  readonly chroma: number;
  readonly lumaDepth: number;
  readonly chromaDepth: number;
}

/** No road camera shows more; a decoder must never be asked to allocate what a hostile one claims. */
const maxSide = 8_192;
const maxPixels = 4_096 * 4_096;

/** The stream's pictures cannot be understood or are refused. */
export class CodecError extends AppError {
  readonly code = 'STREAM_CODEC';
}

/** Reads an SPS of either codec. Throws CodecError when it is broken or claims more than 8192 a side or 16 megapixels. */
export function readVideoFormat(codec: Codec, sps: Buffer): VideoFormat {
  const format = parse(codec, sps);
  const { width, height } = format;
  const sane = [width, height].every((side) => side > 0 && side <= maxSide) && width * height <= maxPixels;
  if (sane) return format;
  throw new CodecError(`a picture of ${width}x${height} is more than any camera here may show`);
}

function parse(codec: Codec, sps: Buffer): VideoFormat {
  try {
    return codec === 'h264' ? parseH264Sps(sps) : parseH265Sps(sps);
  } catch (cause) {
    throw new CodecError('the sequence parameter set cannot be read', { cause });
  }
}
