import { type AccessUnit, type Codec, gatherPicture } from './nal.ts';
import { ParameterStore } from './parameter-store.ts';

/** Makes pictures of NAL units that come picture by picture (FLV, MPEG-TS). Lets none through before a key picture. */
export class PictureGate {
  readonly codec: Codec;
  readonly #parameters: ParameterStore;
  #waitsForKey = true;
  #afterLoss: boolean;

  /** `afterLoss` when pictures of another codec went before. */
  constructor(codec: Codec, afterLoss = false) {
    this.codec = codec;
    this.#parameters = new ParameterStore(codec);
    this.#afterLoss = afterLoss;
  }

  /** Parameter sets that come apart from the pictures. */
  configure(parameterSets: readonly Buffer[]): void {
    for (const nal of parameterSets) this.#parameters.take(nal);
  }

  /** All NAL units of one picture; `timestamp` is when it is shown, in 90 kHz ticks. Undefined when it must not be shown. */
  take(nals: readonly Buffer[], timestamp: number): AccessUnit | undefined {
    const rest = nals.filter((nal) => !this.#parameters.take(nal));
    const { kept, key, shows } = gatherPicture(this.codec, rest);
    const parameters = this.#parameters.current;
    if (!parameters || !shows || (this.#waitsForKey && !key)) return undefined;
    const afterLoss = this.#afterLoss;
    this.#waitsForKey = false;
    this.#afterLoss = false;
    return { codec: this.codec, key, nals: kept, parameters, timestamp: timestamp >>> 0, afterLoss };
  }

  /** Pictures were left out: nothing is let through before the next key picture. */
  lose(): void {
    this.#afterLoss ||= !this.#waitsForKey;
    this.#waitsForKey = true;
  }
}
