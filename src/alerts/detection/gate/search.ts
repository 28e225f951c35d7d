import type { UnitBox } from '../model.ts';
import type { Known } from './next-look.ts';

/** What is remembered of looking for somebody. Milliseconds, by the pictures' clock. */
export interface Search {
  /** Where those who were followed last should have been. */
  readonly lastFollowed: readonly UnitBox[];
  /** Since when somebody is missing. */
  readonly since: number | undefined;
  /** When something last moved. */
  readonly movedAt: number | undefined;
  /** When they were last looked for where they had been. */
  readonly nearAt: number | undefined;
}

export interface SearchStep {
  readonly search: Search;
  /** They may be anywhere. */
  readonly isEverywhere: boolean;
  /** Where they must be if they are there. */
  readonly boxes: readonly UnitBox[];
}

/** Before anybody was missing. */
export const noSearch: Search = { lastFollowed: [], since: undefined, movedAt: undefined, nearAt: undefined };

interface Moment {
  readonly at: number;
  /** When all of a picture was last looked at; undefined when that is still to be done. */
  readonly wholeAt: number | undefined;
  readonly isStill: boolean;
}

/** So often whoever is missing is looked for: once more before an event is over; where something moves more often than that. */
const everyMs = 5_000;

/**
 * Where to look for whoever is missing: everywhere at first and whenever something has moved since; as long as nothing does,
 * they are where they were or nowhere.
 */
export function nextSearch(
  before: Search,
  { followed, isMissing }: Pick<Known, 'followed' | 'isMissing'>,
  { at, wholeAt, isStill }: Moment,
): SearchStep {
  const search: Search = {
    lastFollowed: followed.length > 0 ? followed : before.lastFollowed,
    since: isMissing ? (before.since ?? at) : undefined,
    movedAt: isStill ? before.movedAt : at,
    nearAt: before.nearAt,
  };
  const isDue = isMissing && isLongAgo(wholeAt, at) && isLongAgo(before.nearAt, at);
  if (!isDue) return { search, isEverywhere: false, boxes: [] };
  if (mayBeAnywhere(search, wholeAt)) return { search, isEverywhere: true, boxes: [] };
  return { search: { ...search, nearAt: at }, isEverywhere: false, boxes: search.lastFollowed };
}

/** Also when the clock was set back. */
function isLongAgo(last: number | undefined, at: number): boolean {
  return last === undefined || Math.abs(at - last) >= everyMs;
}

/** Nobody has looked everywhere since they went missing, or since something moved; or nobody knows where they were. */
function mayBeAnywhere({ since, movedAt, lastFollowed }: Search, wholeAt: number | undefined): boolean {
  if (wholeAt === undefined || since === undefined || lastFollowed.length === 0) return true;
  return wholeAt < since || (movedAt !== undefined && wholeAt < movedAt);
}
