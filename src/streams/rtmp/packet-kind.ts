import type { MediaPacket } from './media-server.ts';

export type PacketKind = 'sound header' | 'sound' | 'video header' | 'key' | 'picture' | 'data';

const aac = 10;
const keyFrame = 1;

/** What a message is (FLV 10.1 §E.4.2.1, §E.4.3.1; enhanced RTMP v1), whatever its codec: the reader refuses those in words. */
export function packetKind({ codec_type, data, size }: MediaPacket): PacketKind {
  if (size < 2) return 'data';
  if (codec_type === 9) return videoKind(data);
  if (codec_type !== 8) return 'data';
  return data.readUInt8(0) >> 4 === aac && data.readUInt8(1) === 0 ? 'sound header' : 'sound';
}

function videoKind(data: Buffer): PacketKind {
  const first = data.readUInt8(0);
  const isHeader = first & 0x80 ? (first & 0x0f) === 0 : data.readUInt8(1) === 0;
  if (isHeader) return 'video header';
  return ((first >> 4) & 0x07) === keyFrame ? 'key' : 'picture';
}
