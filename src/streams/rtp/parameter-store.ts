import { BitReader } from './bit-reader.ts';
import { type Codec, nalRole, type ParameterSets } from './nal.ts';

const maxPictureSets = 16;
const maxSetBytes = 4_096;

/** The parameter sets in force: from the SDP first, then from the stream itself, which may change them at any time. */
export class ParameterStore {
  readonly #codec: Codec;
  readonly #pps = new Map<number, Buffer>();
  #vps: Buffer | undefined;
  #sps: Buffer | undefined;
  #current: ParameterSets | undefined;

  constructor(codec: Codec, initial: readonly Buffer[] = []) {
    this.#codec = codec;
    for (const nal of initial) this.take(nal);
  }

  /** Undefined until all that the codec needs has come; the same object until one changes. */
  get current(): ParameterSets | undefined {
    this.#current ??= this.#assemble();
    return this.#current;
  }

  /** Keeps the NAL unit when it is a parameter set; says whether it is one. */
  take(nal: Buffer): boolean {
    const role = nalRole(this.#codec, nal);
    if (role !== 'sps' && role !== 'pps' && role !== 'vps') return false;
    if (nal.length <= maxSetBytes) this.#keep(role, nal);
    return true;
  }

  #keep(role: 'sps' | 'pps' | 'vps', nal: Buffer): void {
    const id = role === 'pps' ? this.#pictureSetId(nal) : 0;
    const known = { sps: this.#sps, vps: this.#vps, pps: this.#pps.get(id) }[role];
    if (known?.equals(nal)) return;
    const copy = Buffer.from(nal);
    if (role === 'vps') this.#vps = copy;
    if (role === 'sps') this.#newSequence(copy);
    if (role === 'pps' && (known || this.#pps.size < maxPictureSets)) this.#pps.set(id, copy);
    this.#current = undefined;
  }

  /** Picture parameter sets refer to their sequence: those of the old one must not reach a decoder of the new one. */
  #newSequence(sps: Buffer): void {
    if (this.#sps) this.#pps.clear();
    this.#sps = sps;
  }

  #pictureSetId(nal: Buffer): number {
    try {
      const reader = new BitReader(nal, 32);
      reader.skip(this.#codec === 'h264' ? 8 : 16);
      return reader.unsigned();
    } catch {
      return 0;
    }
  }

  #assemble(): ParameterSets | undefined {
    if (!this.#sps || this.#pps.size === 0) return undefined;
    if (this.#codec === 'h264') return { sps: this.#sps, pps: [...this.#pps.values()] };
    return this.#vps && { vps: this.#vps, sps: this.#sps, pps: [...this.#pps.values()] };
  }
}
