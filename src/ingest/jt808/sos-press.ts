/** Under this name is kept for how many seconds the button had been on, and -1 for a while once it is off. */
export const pressSeries = 'sos';

/** Times are milliseconds since 1970. */
export interface Press {
  /** Of the newest report. */
  readonly newestAt: number;
  /** The button is on since. */
  readonly since?: number;
  /** The press before: what is handed in late may belong to it. */
  readonly last?: { readonly since: number; readonly until: number };
  /** The press that reports from before `newestAt` are about. */
  readonly pastSince?: number;
  /** A press known from disk alone goes on no later than this. */
  readonly doubtedAfter?: number;
}

export interface PressReport {
  readonly at: number;
  readonly emergency: boolean;
}

export interface PressStep {
  readonly press: Press;
  /** When the press began that this report is part of: what tells one call for help from the next. */
  readonly since?: number;
}

/** A terminal that was away for longer while we were down has called again. */
const restoredMs = 10 * 60_000;

const buttonOff = -1;

export const neverPressed: Press = { newestAt: Number.NEGATIVE_INFINITY };

/** What of a report is kept for the next process: without the -1 it would take another press for this one. */
export function pressValue({ press, since }: PressStep, at: number): number | undefined {
  if (at < press.newestAt) return undefined;
  if (since !== undefined) return (at - since) / 1_000;
  return press.last && at - press.last.until <= restoredMs ? buttonOff : undefined;
}

/** How a button stands of which this was kept last. */
export function restoredPress({ at, value }: { readonly at: number; readonly value: number }): Press {
  if (value === buttonOff) return neverPressed;
  return { newestAt: at, since: at - 1_000 * value, doubtedAfter: at + restoredMs };
}

/** One press from the first report with the bit to the first without, whatever comes late or twice. */
export function nextPress(press: Press, { at, emergency }: PressReport): PressStep {
  if (at < press.newestAt) return latePress(press, { at, emergency });
  if (!emergency) return { press: { newestAt: at, ...lastOf(press, at) } };
  const { since = at, last, doubtedAfter } = press;
  const began = doubtedAfter !== undefined && at > doubtedAfter ? at : since;
  return { press: { newestAt: at, since: began, ...(last && { last }) }, since: began };
}

function lastOf({ since, last }: Press, until: number): Pick<Press, 'last'> {
  if (since !== undefined) return { last: { since, until } };
  return last ? { last } : {};
}

/** What was kept while out of reach neither ends the press that is on nor begins it anew. */
function latePress(press: Press, { at, emergency }: PressReport): PressStep {
  if (!emergency) {
    const { pastSince: _, ...rest } = press;
    return { press: rest };
  }
  const { since, last, pastSince = at } = press;
  const isLast = last !== undefined && at >= last.since && at < last.until;
  const began = since ?? (isLast ? last.since : pastSince);
  return { press: { ...press, pastSince: began }, since: began };
}
