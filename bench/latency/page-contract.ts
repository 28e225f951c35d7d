/** One picture as it came on the screen: the number drawn in it, and when, by the machine's clock in milliseconds. */
export interface Reading {
  readonly number: number;
  readonly at: number;
}

/** What the page knows of the player that runs in it. */
export interface Played {
  readonly readings: readonly Reading[];
  /** From asking to the first picture, milliseconds. */
  readonly firstMs: number | undefined;
  readonly ended: string | undefined;
  readonly width: number;
  /** Seconds. */
  readonly time: number;
  readonly audioBytes: number;
}

/** What a test or a bench calls in the page, as `players`. */
export interface PlayersPage {
  play(over: 'flv' | 'whep', url: string, options?: { readonly hasAudio?: boolean }): Promise<void>;
  played(): Played;
  stop(): void;
}
