/** What a compound RTCP packet (RFC 3550 §6.1) says that we need. */
export interface ControlNews {
  /** The newest sender report in it. */
  readonly report?: SenderReport;
  /** The sources that said goodbye (§6.6); empty for a goodbye that names none. */
  readonly bye?: readonly number[];
}

/** RFC 3550 §6.4.1. */
export interface SenderReport {
  readonly source: number;
  /** RTP ticks of the moment, 32 bit. */
  readonly timestamp: number;
  /** The sender's wall clock at it, milliseconds since 1970. */
  readonly wallMs: number;
  /** The middle 32 bits of the NTP time, to be repeated in our report. */
  readonly middle: number;
}

const types = { senderReport: 200, receiverReport: 201, description: 202, bye: 203 } as const;
const headerBytes = 4;
const senderReportBytes = 28;
const secondsFrom1900To1970 = 2_208_988_800;
/** NTP seconds turn over in 2036; what looks older than 1968 is of the next era (RFC 4330 §3). */
const eraSeconds = 2 ** 32;

/** Reads as many packets of a compound as are whole; what cannot be understood says nothing. */
export function parseRtcp(data: Buffer): ControlNews {
  const news: { report?: SenderReport; bye?: readonly number[] } = {};
  let at = 0;
  while (at + headerBytes <= data.length && data.readUInt8(at) >> 6 === 2) {
    const end = at + 4 * (data.readUInt16BE(at + 2) + 1);
    if (end > data.length) break;
    readPacket(data.subarray(at, end), news);
    at = end;
  }
  return news;
}

function readPacket(packet: Buffer, news: { report?: SenderReport; bye?: readonly number[] }): void {
  const type = packet.readUInt8(1);
  if (type === types.senderReport && packet.length >= senderReportBytes) news.report = readSenderReport(packet);
  if (type === types.bye) news.bye = readSources(packet);
}

function readSenderReport(packet: Buffer): SenderReport {
  const seconds = packet.readUInt32BE(8);
  const fraction = packet.readUInt32BE(12);
  const since1900 = seconds < 2 ** 31 ? seconds + eraSeconds : seconds;
  return {
    source: packet.readUInt32BE(4),
    timestamp: packet.readUInt32BE(16),
    wallMs: (since1900 - secondsFrom1900To1970) * 1_000 + (fraction * 1_000) / 2 ** 32,
    middle: packet.readUInt32BE(10),
  };
}

function readSources(packet: Buffer): number[] {
  const count = Math.min(packet.readUInt8(0) & 0x1f, packet.length / 4 - 1);
  return Array.from({ length: count }, (_, index) => packet.readUInt32BE(headerBytes + 4 * index));
}

/** What a receiver tells of one source (RFC 3550 §6.4.2). */
export interface ReportBlock {
  readonly source: number;
  /** Lost since the last report, of 256. */
  readonly fractionLost: number;
  /** Lost since the start, 24 bit signed. */
  readonly lost: number;
  /** With the number of wraps in the upper half. */
  readonly highestSequence: number;
  /** In ticks of the source's clock. */
  readonly jitter: number;
  /** The middle of the last sender report's NTP time; 0 before the first. */
  readonly lastReport: number;
  /** Since that report came, in 1/65536 s. */
  readonly delay: number;
}

const name = Buffer.from('tianliang');

/** A compound of a receiver report and the source description that must go with it (RFC 3550 §6.1, §6.5). */
export function receiverReport(from: number, block: ReportBlock | undefined): Buffer {
  const reportBytes = block ? 32 : 8;
  const description = 8 + 4 * Math.ceil((2 + name.length + 1) / 4);
  const data = Buffer.alloc(reportBytes + description);
  data.set([block ? 0x81 : 0x80, types.receiverReport, 0, reportBytes / 4 - 1]);
  data.writeUInt32BE(from, 4);
  if (block) writeBlock(data.subarray(8), block);
  data.set([0x81, types.description, 0, description / 4 - 1], reportBytes);
  data.writeUInt32BE(from, reportBytes + 4);
  data.set([1, name.length, ...name], reportBytes + 8);
  return data;
}

function writeBlock(data: Buffer, block: ReportBlock): void {
  data.writeUInt32BE(block.source, 0);
  data.writeUInt8(block.fractionLost, 4);
  data.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, block.lost)), 5, 3);
  data.writeUInt32BE(block.highestSequence >>> 0, 8);
  data.writeUInt32BE(block.jitter >>> 0, 12);
  data.writeUInt32BE(block.lastReport >>> 0, 16);
  data.writeUInt32BE(block.delay >>> 0, 20);
}
