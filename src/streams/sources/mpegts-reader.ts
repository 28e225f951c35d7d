import type { AccessUnit, Codec } from '../rtp/nal.ts';
import { PictureGate } from '../rtp/picture-gate.ts';
import { StreamFailure } from '../stream-failure.ts';
import { splitAnnexB } from './annex-b.ts';

const packetBytes = 188;
const sync = 0x47;
const maxPictureBytes = 8 * 1024 * 1024;
const codecs: Record<number, Codec> = { 27: 'h264', 36: 'h265' };

/**
 * Reads the pictures out of a transport stream (ISO/IEC 13818-1) with one program, as ffmpeg writes it: `push` takes bytes
 * wherever they end, and throws StreamFailure. Holds one picture at most (8 MiB).
 */
export class MpegtsReader {
  readonly #picture: (unit: AccessUnit) => void;
  readonly #packet = Buffer.alloc(packetBytes);
  #filled = 0;
  #tablePid: number | undefined;
  #videoPid: number | undefined;
  #gate: PictureGate | undefined;
  #parts: Buffer[] = [];
  #bytes = 0;
  /** Of the whole packetised picture, when its header says; 0 when it does not. */
  #expected = 0;

  constructor(picture: (unit: AccessUnit) => void) {
    this.#picture = picture;
  }

  get heldBytes(): number {
    return this.#bytes;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      const copied = chunk.copy(this.#packet, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled < packetBytes) return;
      this.#filled = 0;
      this.#take(this.#packet);
    }
  }

  /** §2.4.3.2 */
  #take(packet: Buffer): void {
    if (packet.readUInt8(0) !== sync) throw new StreamFailure('protocol', 'The transport stream is broken.');
    const starts = (packet.readUInt8(1) & 0x40) !== 0;
    const pid = packet.readUInt16BE(1) & 0x1fff;
    const hasAdaptation = (packet.readUInt8(3) & 0x20) !== 0;
    const payload = packet.subarray(hasAdaptation ? 5 + packet.readUInt8(4) : 4);
    if (pid === 0 && starts) this.#tablePid = programTable(payload) ?? this.#tablePid;
    else if (pid === this.#tablePid && starts) this.#program(payload);
    else if (pid === this.#videoPid) this.#video(payload, starts);
  }

  #program(payload: Buffer): void {
    const found = videoStream(payload);
    if (!found) return;
    this.#videoPid = found.pid;
    if (this.#gate?.codec !== found.codec) this.#gate = new PictureGate(found.codec, this.#gate !== undefined);
  }

  #video(payload: Buffer, starts: boolean): void {
    if (starts) {
      this.#flush();
      const length = payload.length < 6 ? 0 : payload.readUInt16BE(4);
      this.#expected = length === 0 ? 0 : length + 6;
    } else if (this.#bytes === 0) return;
    this.#bytes += payload.length;
    if (this.#bytes > maxPictureBytes) throw new StreamFailure('protocol', 'A picture is larger than 8 MiB.');
    this.#parts.push(Buffer.from(payload));
    if (this.#expected > 0 && this.#bytes >= this.#expected) this.#flush();
  }

  #flush(): void {
    const packet = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#bytes = 0;
    const content = pictureContent(packet);
    const unit = content && this.#gate?.take(splitAnnexB(content.data), content.shownAt);
    if (unit) this.#picture(unit);
  }
}

/** Where the one program's table is (§2.4.4.3). */
function programTable(payload: Buffer): number | undefined {
  const section = sectionOf(payload);
  return section && section.length >= 12 ? section.readUInt16BE(10) & 0x1fff : undefined;
}

/** The first video stream that we know (§2.4.4.8). */
function videoStream(payload: Buffer): { pid: number; codec: Codec } | undefined {
  const section = sectionOf(payload);
  if (!section || section.length < 12) return undefined;
  const end = Math.min(section.length, 3 + (section.readUInt16BE(1) & 0x0fff) - 4);
  let at = 12 + (section.readUInt16BE(10) & 0x0fff);
  while (at + 5 <= end) {
    const codec = codecs[section.readUInt8(at)];
    if (codec) return { pid: section.readUInt16BE(at + 1) & 0x1fff, codec };
    at += 5 + (section.readUInt16BE(at + 3) & 0x0fff);
  }
  return undefined;
}

/** A table stands behind a pointer to it. */
function sectionOf(payload: Buffer): Buffer | undefined {
  const pointer = payload[0];
  return pointer === undefined ? undefined : payload.subarray(1 + pointer);
}

/** The bytes of a packetised picture and when it is shown, in 90 kHz ticks (§2.4.3.6). Undefined when it says no time. */
function pictureContent(packet: Buffer): { data: Buffer; shownAt: number } | undefined {
  if (packet.length < 14 || packet.readUIntBE(0, 3) !== 1 || (packet.readUInt8(7) & 0x80) === 0) return undefined;
  const high = (packet.readUInt8(9) >> 1) & 0x07;
  const middle = packet.readUInt16BE(10) >> 1;
  const low = packet.readUInt16BE(12) >> 1;
  const shownAt = high * 0x40000000 + middle * 0x8000 + low;
  return { data: packet.subarray(9 + packet.readUInt8(8)), shownAt: shownAt % 0x100000000 };
}
