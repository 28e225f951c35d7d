const secondsFrom1900To1970 = 2_208_988_800;
const cname = 'camera@simulated';

export interface SenderReport {
  readonly ssrc: number;
  readonly timestamp: number;
  /** Milliseconds since 1970: the wall clock at `timestamp`. */
  readonly at: number;
  readonly packets: number;
  readonly octets: number;
}

/** A sender report and a source description in one compound (RFC 3550 §6.4.1, §6.5). */
export function senderReport({ ssrc, timestamp, at, packets, octets }: SenderReport): Buffer {
  const report = Buffer.alloc(28);
  report.set([0x80, 200, 0, 6]);
  report.writeUInt32BE(ssrc, 4);
  report.writeUInt32BE(Math.floor(at / 1_000) + secondsFrom1900To1970, 8);
  report.writeUInt32BE(Math.floor(((at % 1_000) / 1_000) * 2 ** 32), 12);
  report.writeUInt32BE(timestamp, 16);
  report.writeUInt32BE(packets >>> 0, 20);
  report.writeUInt32BE(octets >>> 0, 24);
  return Buffer.concat([report, sourceDescription(ssrc)]);
}

/** The camera says that its stream is over (RFC 3550 §6.6). */
export function goodbye(ssrc: number): Buffer {
  const bye = Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 0]);
  bye.writeUInt32BE(ssrc, 4);
  return Buffer.concat([Buffer.from([0x80, 201, 0, 1]), bye.subarray(4), bye]);
}

function sourceDescription(ssrc: number): Buffer {
  // One chunk: SSRC, a CNAME item, and at least one zero up to the next 32-bit boundary.
  const size = 8 + Math.ceil((2 + cname.length + 1) / 4) * 4;
  const description = Buffer.alloc(size);
  description.set([0x81, 202, 0, size / 4 - 1]);
  description.writeUInt32BE(ssrc, 4);
  description.set([1, cname.length], 8);
  description.write(cname, 10);
  return description;
}
