import { boxBody } from './mp4-box.ts';

export interface ParameterSets {
  readonly codec: 'h264' | 'h265';
  readonly parameterSets: readonly Buffer[];
  /** Bytes of the length in front of each NAL unit. */
  readonly lengthSize: number;
}

/** Reads avcC or hvcC among the children of a sample entry (ISO/IEC 14496-15 §5.3.3, §8.3.3). */
export function parameterSetsOf(children: Buffer): ParameterSets | undefined {
  const avcC = boxBody(children, 'avcC');
  if (avcC) return { codec: 'h264', parameterSets: avcSets(avcC), lengthSize: ((avcC[4] ?? 3) & 3) + 1 };
  const hvcC = boxBody(children, 'hvcC');
  if (hvcC) return { codec: 'h265', parameterSets: hevcSets(hvcC), lengthSize: ((hvcC[21] ?? 3) & 3) + 1 };
  return undefined;
}

function avcSets(avcC: Buffer): Buffer[] {
  const sps = lengthPrefixed(avcC, 6, avcC.readUInt8(5) & 0x1f);
  const pps = lengthPrefixed(avcC, sps.end + 1, avcC.readUInt8(sps.end));
  return [...sps.units, ...pps.units];
}

function hevcSets(hvcC: Buffer): Buffer[] {
  const all: Buffer[] = [];
  let at = 23;
  for (let arrays = hvcC.readUInt8(22); arrays > 0; arrays -= 1) {
    const type = hvcC.readUInt8(at) & 0x3f;
    const { units, end } = lengthPrefixed(hvcC, at + 3, hvcC.readUInt16BE(at + 1));
    // 32 VPS, 33 SPS, 34 PPS; an encoder's SEI greeting (39) is not a parameter set.
    if (type >= 32 && type <= 34) all.push(...units);
    at = end;
  }
  return all;
}

function lengthPrefixed(buffer: Buffer, start: number, count: number): { units: Buffer[]; end: number } {
  const units: Buffer[] = [];
  let end = start;
  for (let left = count; left > 0; left -= 1) {
    const size = buffer.readUInt16BE(end);
    units.push(buffer.subarray(end + 2, end + 2 + size));
    end += 2 + size;
  }
  return { units, end };
}
