import type { ByteSpan } from '../rtp/byte-span.ts';
import { MemoryPool } from '../rtp/memory-pool.ts';
import { broken, type Head, limits, messageStart, parseHead, type RtspMessage, requestStart } from './rtsp-message.ts';

/** Takes one interleaved frame (RFC 2326 §10.12). */
export type OnFrame = (channel: number, frame: ByteSpan) => void;

export interface RtspReaderEvents {
  message(message: RtspMessage): void;
  readonly data: OnFrame;
}

const dollar = 0x24;
const version2 = 2;
/** The largest frame there is fits, and as much again may be read meanwhile. */
export const slabBytes = 128 * 1024;
const noSlab: Buffer = Buffer.alloc(0);
const leastFreeBytes = 16 * 1024;
/** So much may be unreadable at once, and a tenth of all in the long run; more is no camera but noise. */
const maxGarbageBytes = 64 * 1024;
const maxGarbageShare = 0.1;
/** Where a frame may start again: its header and the first byte of its packet. */
const frameStartBytes = 5;
const messageStartBytes = 24;
const answerStart = 'RTSP/1.';

/** Cuts a TCP stream into messages and interleaved frames. Throws RtspError on what is neither, or larger than it may be. */
export class RtspReader {
  readonly #events: RtspReaderEvents;
  readonly #slabs: MemoryPool;
  /** Taken when something is to be read. */
  #slab: Buffer = noSlab;
  /** What was read and not taken yet: from here … */
  #start = 0;
  /** … to here. */
  #end = 0;
  #head: Head | undefined;
  /** The same object for every frame. */
  readonly #span = { memory: noSlab, start: 0, end: 0 };
  /** Noise was met, and no start of anything since. */
  #lost = false;
  #readBytes = 0;
  #garbageBytes = 0;
  #isTrack: ((channel: number) => boolean) | undefined;

  constructor(events: RtspReaderEvents, slabs = new MemoryPool(slabBytes, 0)) {
    this.#events = events;
    this.#slabs = slabs;
  }

  /** Bytes that belonged to nothing. */
  get garbage(): number {
    return this.#garbageBytes;
  }

  /** From now on what cannot be read is skipped up to the next frame of a track; before, it ends the connection. */
  expectTracks(isTrack: (channel: number) => boolean): void {
    this.#isTrack = isTrack;
  }

  /** Where the next bytes are to be read into; never empty. */
  space(): Buffer {
    if (this.#slab.length === 0) this.#slab = this.#slabs.take();
    if (this.#slab.length - this.#end < leastFreeBytes) this.#makeRoom();
    return this.#slab.subarray(this.#end);
  }

  /** So many bytes were written into `space()`. */
  take(bytes: number): void {
    this.#end += bytes;
    this.#readBytes += bytes;
    while ((this.#head || this.#start < this.#end) && this.#step());
    if (this.#start === this.#end) {
      this.#start = 0;
      this.#end = 0;
    }
  }

  /** Takes bytes that lie elsewhere. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const bytes = chunk.copy(this.space(), 0, at);
      at += bytes;
      this.take(bytes);
    }
  }

  /** Gives its memory back: nothing may be read into it any more. What was read and not taken is forgotten. */
  release(): void {
    this.#slabs.give(this.#slab);
    this.#slab = noSlab;
    this.#span.memory = noSlab;
    this.#start = 0;
    this.#end = 0;
    this.#head = undefined;
  }

  /** Memory is used again and again: with a hundred cameras, a new piece for each read keeps the collector busy. */
  #makeRoom(): void {
    const pending = this.#end - this.#start;
    const tight = pending + leastFreeBytes > this.#slab.length;
    const slab = tight ? Buffer.allocUnsafeSlow(2 * this.#slab.length) : this.#slab;
    this.#slab.copy(slab, 0, this.#start, this.#end);
    this.#slab = slab;
    this.#start = 0;
    this.#end = pending;
  }

  /** Takes one thing off the front; false when the rest of it has not come yet. */
  #step(): boolean {
    if (this.#head) return this.#body(this.#head);
    if (this.#lost) return this.#resynchronise();
    const first = this.#slab[this.#start];
    if (first === dollar) return this.#frame();
    if (first === 0x0d || first === 0x0a) {
      this.#start += 1;
      return true;
    }
    return this.#headers();
  }

  #frame(): boolean {
    const start = this.#start + 4;
    if (this.#end < start) return false;
    const end = start + this.#slab.readUInt16BE(start - 2);
    if (this.#end < end) return false;
    const channel = this.#slab.readUInt8(start - 3);
    this.#start = end;
    this.#span.memory = this.#slab;
    this.#span.start = start;
    this.#span.end = end;
    this.#events.data(channel, this.#span);
    return true;
  }

  #headers(): boolean {
    const rest = this.#slab.subarray(this.#start, this.#end);
    if (this.#isNoMessage(rest)) {
      if (!this.#isTrack) throw broken('noise');
      this.#lost = true;
      return true;
    }
    const end = rest.subarray(0, limits.headerBytes).indexOf('\r\n\r\n');
    if (end < 0) {
      refuseEndless(rest);
      return false;
    }
    this.#head = parseHead(rest.subarray(0, end));
    this.#start += end + 4;
    return true;
  }

  #body({ message, bodyBytes }: Head): boolean {
    if (this.#end - this.#start < bodyBytes) return false;
    const body = Buffer.from(this.#slab.subarray(this.#start, this.#start + bodyBytes));
    this.#start += bodyBytes;
    this.#head = undefined;
    this.#events.message({ ...message, body });
    return true;
  }

  #isNoMessage(rest: Buffer): boolean {
    const first = rest[0] ?? 0;
    const isLetter = (first >= 0x41 && first <= 0x5a) || first === 0x5f;
    const text = rest.toString('latin1', 0, messageStartBytes);
    return !isLetter || (rest.length > messageStartBytes && !messageStart.test(text) && !requestStart.test(text));
  }

  /** On to the next frame of a track or the next answer; false when neither has come yet. */
  #resynchronise(): boolean {
    const rest = this.#slab.subarray(this.#start, this.#end);
    let at = 0;
    let start = this.#startsAt(rest, at);
    while (start === 'no' && at < rest.length) {
      at += 1;
      start = this.#startsAt(rest, at);
    }
    this.#start += at;
    this.#garbageBytes += at;
    if (this.#garbageBytes > maxGarbageBytes + this.#readBytes * maxGarbageShare) throw broken('noise');
    this.#lost = start !== 'yes';
    return start === 'yes';
  }

  /** `unknown` while too little of it has come. */
  #startsAt(rest: Buffer, at: number): 'yes' | 'no' | 'unknown' {
    if (rest[at] === dollar) return this.#frameStartsAt(rest, at);
    const text = rest.toString('latin1', at, at + answerStart.length);
    if (text === answerStart) return 'yes';
    return answerStart.startsWith(text) ? 'unknown' : 'no';
  }

  #frameStartsAt(rest: Buffer, at: number): 'yes' | 'no' | 'unknown' {
    if (rest.length - at < frameStartBytes) return 'unknown';
    const isFrame = this.#isTrack?.(rest[at + 1] ?? 0) === true && (rest[at + 4] ?? 0) >> 6 === version2;
    return isFrame ? 'yes' : 'no';
  }
}

/** Refuses early what can never become a message, instead of collecting it. */
function refuseEndless(rest: Buffer): void {
  if (rest.length - rest.lastIndexOf('\r\n') > limits.lineBytes) throw broken('line');
  if (rest.length > limits.headerBytes) throw broken('headers');
}
