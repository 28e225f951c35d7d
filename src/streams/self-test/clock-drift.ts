import { type Finding, found, no } from './fault.ts';

export interface DriftLimits {
  /** From so many seconds on the drift is shown. */
  readonly shownSeconds: number;
  /** Above it the clock is at fault. */
  readonly faultSeconds: number;
}

/** A clock is measured once in many minutes: one that goes to and fro about the limit must not ring each time. */
const returnShare = 0.8;

/** `offsetMs`: how far the camera's clock is ahead of ours. */
export function judgeDrift(offsetMs: number, { faultSeconds }: DriftLimits, isFault: boolean): Finding {
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (seconds <= (isFault ? faultSeconds * returnShare : faultSeconds)) return no;
  const detail = `摄像机时钟${offsetMs > 0 ? '快' : '慢'} ${durationText(seconds)}，门限 ${faultSeconds} s`;
  return found({ detail, value: seconds, limit: faultSeconds, unit: 's' });
}

/** Whole seconds ahead of ours; undefined for a drift that nobody needs to know of. */
export function shownDrift(offsetMs: number | undefined, { shownSeconds }: DriftLimits): number | undefined {
  if (offsetMs === undefined) return undefined;
  const seconds = Math.round(offsetMs / 1_000);
  return Math.abs(seconds) > shownSeconds ? seconds : undefined;
}

function durationText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3_600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
