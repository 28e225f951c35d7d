/** One piece of sound as the camera coded it. */
export interface AudioFrame {
  readonly codec: 'aac' | 'pcma' | 'pcmu';
  readonly data: Buffer;
  /** In ticks of `clockRate`, 32 bit, wraps. */
  readonly timestamp: number;
  readonly clockRate: number;
  readonly channels: number;
  /** AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1), with AAC only. */
  readonly config?: Buffer;
}
