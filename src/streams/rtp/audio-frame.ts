export type SoundCodec = 'aac' | 'pcma' | 'pcmu';

/** How a camera's sound is coded. */
export interface SoundFormat {
  readonly codec: SoundCodec;
  /** Ticks a second of its timestamps. */
  readonly clockRate: number;
  readonly channels: number;
  /** AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1), with AAC only. */
  readonly config?: Buffer;
}

/** One piece of sound as the camera coded it. */
export interface AudioFrame extends SoundFormat {
  readonly data: Buffer;
  /** In ticks of `clockRate`, 32 bit, wraps. */
  readonly timestamp: number;
  /** When the camera took it, by the camera's own clock (RTCP sender reports); absent when it says none. */
  readonly capturedAt?: Date;
}

/** What a camera says of its sound before any came: how it is coded, or the name of a coding that we do not play. */
export type SoundOffer = SoundFormat | { readonly codec: 'other'; readonly name: string };
