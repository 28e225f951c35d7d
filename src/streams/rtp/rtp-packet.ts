/** One RTP packet (RFC 3550 §5.1); the payload is a view into the buffer it came in. */
export interface RtpPacket {
  readonly marker: boolean;
  readonly payloadType: number;
  /** 16 bit, wraps. */
  readonly sequence: number;
  /** Ticks of the payload's clock, 32 bit, wraps. */
  readonly timestamp: number;
  readonly payload: Buffer;
}

const fixedHeader = 12;

/** Reads the packet from `from` to `to`; undefined when lengths do not add up or the version is not 2. */
export function parseRtpPacket(data: Buffer, from = 0, to: number = data.length): RtpPacket | undefined {
  if (to - from < fixedHeader) return undefined;
  const first = data.readUInt8(from);
  if (first >> 6 !== 2) return undefined;
  const start = (first & 0x1f) === 0 ? from + fixedHeader : payloadStart(data, from, to);
  const end = to - ((first & 0x20) === 0 ? 0 : data.readUInt8(to - 1));
  if (start >= end) return undefined;
  const second = data.readUInt8(from + 1);
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: data.readUInt16BE(from + 2),
    timestamp: data.readUInt32BE(from + 4),
    payload: data.subarray(start, end),
  };
}

/** Behind contributing sources and a header extension (RFC 3550 §5.3.1); `to` when that is longer than the packet. */
function payloadStart(data: Buffer, from: number, to: number): number {
  const first = data.readUInt8(from);
  const afterSources = from + fixedHeader + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return afterSources;
  return to < afterSources + 4 ? to : afterSources + 4 + data.readUInt16BE(afterSources + 2) * 4;
}
