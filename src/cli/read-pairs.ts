import { toWgs84 } from '../gis/datum.ts';
import type { CalibrationPair } from '../gis/homography.ts';
import { checkValue } from '../shared/check-value.ts';
import { WrittenPair } from '../streams/view-config.ts';
import { UsageError } from './command.ts';

export interface PairFormat {
  readonly datum?: string | undefined;
  /** Like `1920x1080`, when x and y are pixels instead of parts of the picture. */
  readonly size?: string | undefined;
}

const number = String.raw`\s*(-?\d+(?:\.\d+)?)\s*`;
const pairPattern = new RegExp(`^${number},${number}=${number},${number}$`);

/** Pairs written as `x,y=lat,lon`, in WGS-84. Fails with a `UsageError` that names the first wrong one. */
export function readPairs(texts: readonly string[], format: PairFormat): CalibrationPair[] {
  const [width, height] = readSize(format.size);
  return texts.map((text, index) => {
    const [x, y, lat, lon] = (pairPattern.exec(text) ?? []).slice(1).map(Number);
    if (x === undefined || y === undefined) throw new UsageError(`pair ${index + 1} is not x,y=lat,lon: ${text}`);
    const { datum } = format;
    const checked = checkValue(WrittenPair, { pixel: [x / width, y / height], lat, lon, ...(datum && { datum }) });
    if (!checked.ok) {
      const [issue] = checked.issues;
      throw new UsageError(`pair ${index + 1}: ${issue?.path.join('.')} ${issue?.message}`);
    }
    const { pixel, ...point } = checked.value;
    return { pixel, ...toWgs84(point) };
  });
}

/** The pairs of a file: one a line; blank lines and those that begin with # say nothing. */
export function pairLines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
}

function readSize(text: string | undefined): readonly [width: number, height: number] {
  if (text === undefined) return [1, 1];
  const [width, height] = (/^(\d+)x(\d+)$/.exec(text) ?? []).slice(1).map(Number);
  if (!width || !height) throw new UsageError('--size expects the picture as WIDTHxHEIGHT, like 1920x1080');
  return [width, height];
}
