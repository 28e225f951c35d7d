import { Depacketizer } from './depacketizer.ts';
import { type AccessUnit, type Codec, nalRole, type ParameterSets, startsPicture } from './nal.ts';
import { ParameterStore } from './parameter-store.ts';
import { PictureBuffer } from './picture-buffer.ts';
import type { RtpPacket } from './rtp-packet.ts';

const nothing: readonly AccessUnit[] = [];
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
  readonly #picture: PictureBuffer;
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

  /** Pictures are put together in `picture`, which nobody else writes into meanwhile. */
  constructor(codec: Codec, parameterSets: readonly Buffer[] = [], picture = new PictureBuffer()) {
    this.#codec = codec;
    this.#picture = picture;
    this.#depacketizer = new Depacketizer(codec, this.#picture, () => this.#add());
    this.#parameters = new ParameterStore(codec, parameterSets);
  }

  /** How often packets were missing or malformed while pictures flowed. */
  get losses(): number {
    return this.#losses;
  }

  /** The access units this packet completes: none, one, or two when a picture without a marker ended before it. */
  push({ sequence, timestamp, payload, marker }: RtpPacket): readonly AccessUnit[] {
    if (this.#isLate(sequence)) return nothing;
    this.#noteSequence(sequence);
    const before = this.#timestamp !== undefined && timestamp !== this.#timestamp ? this.#flush() : undefined;
    this.#timestamp = timestamp;
    if (!this.#depacketizer.push(payload)) this.#lose();
    const unit = marker && this.#trustsMarker ? this.#flush() : undefined;
    if (before) return unit ? [before, unit] : [before];
    return unit ? [unit] : nothing;
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
    this.#clear();
    this.#afterLoss ||= !this.#waitsForKey;
    this.#waitsForKey = true;
  }

  /** Takes the NAL unit that lies finished in the picture. */
  #add(): void {
    const nal = this.#picture.current;
    const role = nalRole(this.#codec, nal);
    if (role === 'other' || this.#parameters.take(nal)) {
      this.#picture.drop();
      return;
    }
    if (role !== 'sei') this.#addSlice(nal, role === 'key');
    this.#picture.keep();
  }

  /** A camera that marks every slice sends the rest of a picture after its marker: from then on only the timestamp counts. */
  #addSlice(nal: Buffer, key: boolean): void {
    if (this.#slices === 0) this.#whole = startsPicture(this.#codec, nal);
    if (!this.#whole && this.#flushedAt === this.#timestamp) this.#trustsMarker = false;
    this.#slices += 1;
    this.#key ||= key;
  }

  #flush(): AccessUnit | undefined {
    const parameters = this.#parameters.current;
    const wanted = this.#slices > 0 && this.#whole && (this.#key || !this.#waitsForKey);
    const unit = wanted && parameters ? this.#take(parameters) : undefined;
    if (this.#slices > 0) this.#flushedAt = this.#timestamp;
    this.#clear();
    return unit;
  }

  #take(parameters: ParameterSets): AccessUnit {
    const afterLoss = this.#afterLoss;
    this.#waitsForKey = false;
    this.#afterLoss = false;
    const piece = this.#picture.take();
    const { key, timestamp } = { key: this.#key, timestamp: this.#timestamp ?? 0 };
    return { codec: this.#codec, key, nals: piece.nals(), parameters, timestamp, afterLoss, piece };
  }

  #clear(): void {
    this.#picture.clear();
    this.#key = false;
    this.#slices = 0;
  }
}
