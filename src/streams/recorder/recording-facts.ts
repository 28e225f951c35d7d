/** Why there are no pictures of a time, as a code a client can translate. */
export const gapReasons = [
  /** The camera was not connected, or sent nothing. */
  'offline',
  /** Packets were lost on the way; pictures begin again with the next key picture. */
  'loss',
  /** The disk was full, too slow or broken. */
  'disk',
  /** The center did not run. */
  'restart',
  /** The clock of the center was set anew. */
  'clock',
  /** What was recorded has been deleted by retention. */
  'deleted',
  /** The camera was not to be recorded, or not yet. */
  'not_recorded',
  /** The file was found again without what the index knew of it. */
  'unknown',
] as const;
export type GapReason = (typeof gapReasons)[number];

/** Files end with the first key picture after so long, milliseconds. */
export const segmentMs = { continuous: 60_000, alert: 10_000 } as const;

/** Pictures wait so long before they are written, milliseconds: with the wait for the next one, a kill -9 loses ≤ 1 s. */
export const fragmentMs = 500;
/** Never more in one fragment, whatever a camera sends. */
export const maxFragmentBytes = 4 * 1024 * 1024;
/** A camera that has sent nothing for so long has its file closed, milliseconds. */
export const silenceMs = 5_000;

/** How a camera's recording stands. */
export type RecordingState =
  | { readonly phase: 'off' }
  | { readonly phase: 'waiting'; readonly since: Date }
  | { readonly phase: 'recording'; readonly since: Date }
  | { readonly phase: 'stalled'; readonly since: Date; readonly cause: StallCause; readonly retryAt: Date };

export type StallCause = 'disk_full' | 'disk_slow' | 'disk_error';

/** From the error of a write to what an operator can act on. */
export function stallCauseOf(error: unknown): StallCause {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' ? 'disk_full' : 'disk_error';
}
