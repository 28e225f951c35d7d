import type { Labels } from './labels.ts';
import { type Fit, fromLetterbox } from './letterbox.ts';
import type { Sighting } from './model.ts';
import type { Found } from './models/model-form.ts';

/** What of a model's answers is worth telling. */
export interface Known {
  readonly labels: Labels;
  readonly minScore: number;
  /** Labels with a limit of their own: from this score on they are believed. */
  readonly thresholds: Readonly<Record<string, number>>;
}

/** A score this much below the one that is believed is worth telling: a track survives a poor look, and kinds of one family add up. */
export const tellShare = 0.25;

/** What is of no class we know, of too poor a score or outside the picture is left out. */
export function sightingsOf(found: readonly Found[], fit: Fit, known: Known): Sighting[] {
  return found.flatMap((each) => sightingOf(each, fit, known) ?? []);
}

function sightingOf({ corners, score, kind }: Found, fit: Fit, known: Known): Sighting | undefined {
  const label = known.labels.get(kind);
  if (label === undefined) return undefined;
  const limit = known.thresholds[label];
  const least = limit === undefined ? known.minScore : limit * tellShare;
  const box = score < least ? undefined : fromLetterbox(fit, corners);
  return box && { label, score, box, ...(limit !== undefined && { limit }) };
}
