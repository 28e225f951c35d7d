import { createDepacketizer, type Depacketizer } from './depacketizer.ts';
import { type AccessUnit, type Codec, nalRole, startsPicture } from './nal.ts';
import { ParameterStore } from './parameter-store.ts';
import type { RtpPacket } from './rtp-packet.ts';

const maxUnitBytes = 8 * 1024 * 1024;
/** A late or doubled packet is at most this far behind; farther back is a sender that started over. */
const lateWindow = 128;

/**
 * Puts pictures together from packets: all slices with one timestamp are one access unit, whatever their number. After
 * a loss nothing is given out before the next key picture, so that no viewer sees a smeared one.
 */
export class AccessUnitAssembler {
  readonly #codec: Codec;
  readonly #depacketizer: Depacketizer;
  readonly #parameters: ParameterStore;
  #nals: Buffer[] = [];
  #bytes = 0;
  #key = false;
  #slices = 0;
  #whole = false;
  #timestamp: number | undefined;
  #sequence: number | undefined;
  #waitsForKey = true;
  #afterLoss = false;
  #trustsMarker = true;
  #flushedAt: number | undefined;
  #losses = 0;

  constructor(codec: Codec, parameterSets: readonly Buffer[] = []) {
    this.#codec = codec;
    this.#depacketizer = createDepacketizer(codec);
    this.#parameters = new ParameterStore(codec, parameterSets);
  }

  /** How often packets were missing or malformed while pictures flowed. */
  get losses(): number {
    return this.#losses;
  }

  /** The access units this packet completes: none, one, or two when a picture without a marker ended before it. */
  push(packet: RtpPacket): AccessUnit[] {
    if (this.#isLate(packet.sequence)) return [];
    this.#noteSequence(packet.sequence);
    const units: AccessUnit[] = [];
    if (this.#timestamp !== undefined && packet.timestamp !== this.#timestamp) this.#flush(units);
    this.#timestamp = packet.timestamp;
    const nals: Buffer[] = [];
    if (!this.#depacketizer.push(packet.payload, nals)) this.#lose();
    for (const nal of nals) this.#add(nal);
    if (packet.marker && this.#trustsMarker) this.#flush(units);
    return units;
  }

  #isLate(sequence: number): boolean {
    if (this.#sequence === undefined) return false;
    const behind = (this.#sequence - sequence) & 0xffff;
    return behind < lateWindow;
  }

  #noteSequence(sequence: number): void {
    if (this.#sequence !== undefined && sequence !== ((this.#sequence + 1) & 0xffff)) this.#lose();
    this.#sequence = sequence;
  }

  #lose(): void {
    if (!this.#waitsForKey) this.#losses += 1;
    this.#depacketizer.reset();
    this.#clear();
    this.#afterLoss ||= !this.#waitsForKey;
    this.#waitsForKey = true;
  }

  #add(nal: Buffer): void {
    if (this.#parameters.take(nal)) return;
    const role = nalRole(this.#codec, nal);
    if (role === 'other') return;
    if (role !== 'sei') this.#addSlice(nal, role === 'key');
    this.#bytes += nal.length;
    if (this.#bytes > maxUnitBytes) this.#lose();
    else this.#nals.push(nal);
  }

  /** A camera that marks every slice sends the rest of a picture after its marker: from then on only the timestamp counts. */
  #addSlice(nal: Buffer, key: boolean): void {
    if (this.#slices === 0) this.#whole = startsPicture(this.#codec, nal);
    if (!this.#whole && this.#flushedAt === this.#timestamp) this.#trustsMarker = false;
    this.#slices += 1;
    this.#key ||= key;
  }

  #flush(units: AccessUnit[]): void {
    const parameters = this.#parameters.current;
    const wanted = this.#slices > 0 && this.#whole && (this.#key || !this.#waitsForKey);
    if (wanted && parameters && this.#timestamp !== undefined) {
      const { nals, key, timestamp } = { nals: this.#nals, key: this.#key, timestamp: this.#timestamp };
      units.push({ codec: this.#codec, key, nals, parameters, timestamp, afterLoss: this.#afterLoss });
      this.#waitsForKey = false;
      this.#afterLoss = false;
    }
    if (this.#slices > 0) this.#flushedAt = this.#timestamp;
    this.#clear();
  }

  #clear(): void {
    this.#nals = [];
    this.#bytes = 0;
    this.#key = false;
    this.#slices = 0;
  }
}
