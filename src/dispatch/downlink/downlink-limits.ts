import type { UnitMessage } from './unit-message.ts';

/** How much waits for a terminal, how long, and how often it is told. */
export interface DownlinkLimits {
  /** Messages of one unit that nobody has been seen to read. */
  readonly openPerUnit: number;
  /** From the writing to the deadline, unless the message says. */
  readonly lifeMs: number;
  /** A terminal that does not say `delivered` is told again after this, ... */
  readonly resendMs: number;
  /** ... then every so often, ... */
  readonly againMs: number;
  /** ... so many times in all. */
  readonly tries: number;
  /** What the courier has for one command. */
  readonly deliverMs: number;
  /** Before a terminal the courier has failed for is tried again. */
  readonly pauseMs: number;
}

export const defaultDownlinkLimits: DownlinkLimits = {
  openPerUnit: 100,
  lifeMs: 15 * 60_000,
  resendMs: 30_000,
  againMs: 60_000,
  tries: 30,
  deliverMs: 10_000,
  pauseMs: 5_000,
};

/** Whether a terminal that is there is to be told now. */
export function isDue({ state, tries, sentAt }: UnitMessage, now: number, limits: DownlinkLimits): boolean {
  if (state === 'queued') return true;
  if (state !== 'sent' || sentAt === undefined || tries >= limits.tries) return false;
  return now - Date.parse(sentAt) >= (tries === 1 ? limits.resendMs : limits.againMs);
}
