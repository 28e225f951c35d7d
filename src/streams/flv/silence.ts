/** `ID_SCE` or `ID_CPE`, `ID_END`: ISO/IEC 14496-3 table 4.71. */
const monoFrame = `0000000${channel()}111`;
const stereoFrame = `00100000${channel()}${channel()}111`;

/** A silent frame of AAC-LC; the same for every sampling rate. More channels than two sound as one: silent. */
export function silentFrame(channels: number): Buffer {
  return bytesOf(channels === 2 ? stereoFrame : monoFrame);
}

/** individual_channel_stream with no band at all: gain, ics_info (reserved, sequence, shape, max_sfb, prediction), no tools. */
function channel(): string {
  return '0'.repeat(8) + '0'.repeat(1 + 2 + 1 + 6 + 1) + '0'.repeat(3);
}

function bytesOf(bits: string): Buffer {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  return Buffer.from(padded.match(/.{8}/g)?.map((byte) => Number.parseInt(byte, 2)) ?? []);
}
