import type { RtpPacket } from '../../../src/streams/rtp/rtp-packet.ts';

/** Real parameter sets, from x264 and x265, 1280 × 720 at 25 pictures a second. */
export const sets = {
  h264Sps: Buffer.from('6764001facb402802dd808800000030080000019078c1950', 'hex'),
  h264ReorderedSps: Buffer.from('6764001facd9405005bb011000000300100000030320f1831960', 'hex'),
  h264Pps: Buffer.from('68ef3cb0', 'hex'),
  h265Vps: Buffer.from('40010c01ffff01600000030090000003000003005d959009', 'hex'),
  h265Sps: Buffer.from('42010101600000030090000003000003005da00280802d16595912930bc05a020000030002000003003210', 'hex'),
  h265Pps: Buffer.from('4401c073c189', 'hex'),
} as const;

/** An H.264 SPS (§7.3.2.1.1, baseline) of so many macroblocks. */
export function baselineSps(columns: number, rows: number): Buffer {
  const golomb = (value: number) => {
    const digits = (value + 1).toString(2);
    return '0'.repeat(digits.length - 1) + digits;
  };
  const bits = [
    '1',
    '1',
    golomb(0),
    golomb(2),
    golomb(1),
    '0',
    golomb(columns - 1),
    golomb(rows - 1),
    '1',
    '1',
    '0',
    '0',
    '1',
  ];
  const text = bits.join('').padEnd(96, '0');
  return Buffer.from([0x67, 66, 0, 30, ...(text.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))]);
}

export const h264Sets = [sets.h264Sps, sets.h264Pps];

/** The first slice of an H.264 picture, or a later one; `mark` tells pictures apart. */
export const slice = (mark: number, { key = false, first = true } = {}) =>
  Buffer.from([key ? 0x65 : 0x41, first ? 0x88 : 0x08, mark, mark, mark]);

/** Makes packets with rising sequence numbers. */
export class PacketLine {
  #sequence: number;

  constructor(sequence = 65_530) {
    this.#sequence = sequence;
  }

  next(payload: Buffer, timestamp: number, marker = true): RtpPacket {
    const packet = { payload, timestamp, marker, payloadType: 96, sequence: this.#sequence };
    this.#sequence = (this.#sequence + 1) & 0xffff;
    return packet;
  }

  lose(count = 1): void {
    this.#sequence = (this.#sequence + count) & 0xffff;
  }
}
