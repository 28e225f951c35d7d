/** One clip: a picture that stands still, and what moves over it. SVG of 1280 × 720 both. */
export interface Scene {
  readonly name: string;
  readonly codec: 'h264' | 'h265';
  readonly seconds: number;
  /** Of x264, for a camera that sends less than a demo would show. */
  readonly crf?: number;
  still(): string;
  /** Seconds into the loop; `moving(0)` follows `moving(seconds)` without a seam. */
  moving(at: number): string;
}

export const framesPerSecond = 15;
