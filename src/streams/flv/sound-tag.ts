import { flvTag, type SharedTag, sharedTag, tagType } from './flv-tag.ts';

/** AAC; rate, size and channels are fixed for it, whatever the sound is (FLV 10.1 §E.4.2.1). */
const aac = 0xaf;
const packetType = { config: 0, frame: 1 } as const;
const headBytes = 2;

/** What `audiocodecid` of the metadata says. */
export const aacNumber = 10;

/** The AudioSpecificConfig that the frames after it are decoded with. */
export function soundConfigTag(config: Buffer, timestampMs: number): Buffer {
  return flvTag(tagType.sound, timestampMs, [Buffer.of(aac, packetType.config), config]);
}

/** One raw AAC frame. */
export function soundFrameTag(frame: Buffer, timestampMs: number): SharedTag {
  return sharedTag({ type: tagType.sound, timestampMs, size: headBytes + frame.length }, (body) => {
    body.writeUInt8(aac, 0);
    body.writeUInt8(packetType.frame, 1);
    frame.copy(body, headBytes);
  });
}
