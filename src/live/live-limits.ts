export interface LiveLimits {
  /** What may wait in a seat's socket before the seat is cut (F15). */
  readonly bufferBytes: number;
  /** Above this, last values are held back until the seat has read. */
  readonly busyBytes: number;
  /** Items held back for one seat before it is told to subscribe again. */
  readonly heldItems: number;
  readonly conflateMs: number;
  readonly keepaliveMs: number;
  /** A seat that has not read a snapshot by then is cut. */
  readonly drainMs: number;
  /** After the closing frame; then the socket is cut. */
  readonly lingerMs: number;
  /** Events a seat may be behind and still have them replayed. */
  readonly replayWindow: number;
  readonly replayBatch: number;
  readonly messagesPerSecond: number;
}

export const defaultLiveLimits: LiveLimits = {
  bufferBytes: 1024 * 1024,
  busyBytes: 64 * 1024,
  heldItems: 10_000,
  conflateMs: 250,
  keepaliveMs: 20_000,
  drainMs: 10_000,
  lingerMs: 1_000,
  replayWindow: 10_000,
  replayBatch: 500,
  messagesPerSecond: 20,
};
