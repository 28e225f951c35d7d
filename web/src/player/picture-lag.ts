/** A frame that came on the screen: when, how far into its stream it is, and what lies received after it. Milliseconds. */
export interface ShownFrame {
  readonly at: number;
  readonly mediaMs: number;
  readonly aheadMs: number;
}

/** The newest picture of a session; the nearest to live that the session has been is what its lag counts from. */
export interface Picture {
  readonly at: number;
  readonly lagMs: number;
  /** Clock less stream time when nothing is late. */
  readonly liveOffsetMs: number;
}

/** A camera's clock may run slower than ours by this share and still not seem late. */
const clockDrift = 2e-4;

export function nextPicture(known: Picture | undefined, { at, mediaMs, aheadMs }: ShownFrame): Picture {
  const offsetMs = at - mediaMs;
  const live = known ? known.liveOffsetMs + (at - known.at) * clockDrift : offsetMs;
  const liveOffsetMs = Math.min(offsetMs, live);
  return { at, liveOffsetMs, lagMs: Math.max(offsetMs - liveOffsetMs, aheadMs) };
}

/** Frames are looked at four times a second: up to this the last one seen is the one shown. */
const lookedMs = 500;

/** How long ago what is on the screen happened: late when it was shown, and older since. */
export function pictureAgeMs({ at, lagMs }: Picture, now: number): number {
  return lagMs + silentMs({ at }, now);
}

/** How long no new picture has come. */
export function silentMs({ at }: { readonly at: number }, now: number): number {
  return Math.max(0, now - at - lookedMs);
}

export type Remedy = 'none' | 'jump' | 'redial';

const behindMs = 6_000;
const worthJumpingMs = 1_000;

/** Far behind: to the end of what has been received; when that is no help, a new session, if the camera is live at all. */
export function remedyFor({
  ageMs,
  aheadMs,
  cameraLive,
}: {
  readonly ageMs: number;
  readonly aheadMs: number;
  readonly cameraLive: boolean;
}): Remedy {
  if (ageMs <= behindMs) return 'none';
  if (aheadMs > worthJumpingMs) return 'jump';
  return cameraLive ? 'redial' : 'none';
}
