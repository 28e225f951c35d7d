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

/** Reads a packet; undefined when lengths do not add up or the version is not 2. */
export function parseRtpPacket(data: Buffer): RtpPacket | undefined {
  if (data.length < fixedHeader) return undefined;
  const first = data.readUInt8(0);
  if (first >> 6 !== 2) return undefined;
  const start = payloadStart(data, first);
  const end = data.length - ((first & 0x20) === 0 ? 0 : data.readUInt8(data.length - 1));
  if (start === undefined || start >= end) return undefined;
  const second = data.readUInt8(1);
  return {
    marker: (second & 0x80) !== 0,
    payloadType: second & 0x7f,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    payload: data.subarray(start, end),
  };
}

function payloadStart(data: Buffer, first: number): number | undefined {
  const afterSources = fixedHeader + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return afterSources;
  if (data.length < afterSources + 4) return undefined;
  return afterSources + 4 + data.readUInt16BE(afterSources + 2) * 4;
}
