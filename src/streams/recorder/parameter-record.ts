import type { Codec, ParameterSets } from '../rtp/nal.ts';

/** Reads parameter sets back out of `avcC` (ISO/IEC 14496-15 §5.3.3.1.2); undefined when it is not whole. */
function avcSets(record: Buffer): ParameterSets | undefined {
  const take = sizedReader(record, 6);
  const sequences = Array.from({ length: record.readUInt8(5) & 0x1f }, take);
  const pps = Array.from({ length: take.byte() }, take);
  const [sps] = sequences;
  return sps && { sps, pps };
}

/** And of `hvcC` (§8.3.3.1.2). */
function hevcSets(record: Buffer): ParameterSets | undefined {
  const take = sizedReader(record, 23);
  const byType = new Map<number, Buffer[]>();
  for (let arrays = record.readUInt8(22); arrays > 0; arrays -= 1) {
    const type = take.byte() & 0x3f;
    byType.set(type, Array.from({ length: take.byte() * 256 + take.byte() }, take));
  }
  const [vps] = byType.get(32) ?? [];
  const [sps] = byType.get(33) ?? [];
  return vps && sps && { vps, sps, pps: byType.get(34) ?? [] };
}

/** Undefined for what is not a whole record. */
export function parameterSetsOf(codec: Codec, record: Buffer): ParameterSets | undefined {
  try {
    return codec === 'h264' ? avcSets(record) : hevcSets(record);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Whether a decoder set up for one may go on with the other. */
export function sameSets(a: ParameterSets, b: ParameterSets): boolean {
  const flat = ({ vps, sps, pps }: ParameterSets) => [vps ?? Buffer.alloc(0), sps, ...pps];
  const [left, right] = [flat(a), flat(b)];
  return left.length === right.length && left.every((nal, index) => right[index]?.equals(nal));
}

/** Takes 16-bit sized pieces one after the other, copied: they outlive the buffer they came in. */
function sizedReader(record: Buffer, start: number) {
  let at = start;
  const take = (): Buffer => {
    const size = record.readUInt16BE(at);
    if (at + 2 + size > record.length) throw new RangeError('a parameter set ends outside of its record');
    at += 2 + size;
    return Buffer.from(record.subarray(at - size, at));
  };
  const byte = (): number => {
    at += 1;
    return record.readUInt8(at - 1);
  };
  return Object.assign(take, { byte });
}
