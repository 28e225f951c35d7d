import { shareInside } from '../box.ts';
import type { UnitBox } from '../model.ts';
import { regionsAround } from './look-regions.ts';
import type { Change } from './moved-regions.ts';

/** What of a picture is looked at. */
export type Look =
  | { readonly type: 'nothing' | 'whole' }
  | { readonly type: 'regions'; readonly regions: readonly UnitBox[] };

/** What is known of a camera when a picture comes. */
export interface Known {
  readonly change: Change;
  /** Where everybody who is followed should be by now. */
  readonly followed: readonly UnitBox[];
  /** Somebody who is followed, or goes on under a rule, was not seen at the last look. */
  readonly isMissing: boolean;
  /** What older pictures are being looked at for: whoever is found there must be looked for in this one, too. */
  readonly pending: readonly Look[];
  /** The slow beat that finds who does not move. */
  readonly isDue: boolean;
  readonly aspect: number;
  /** More regions than this are looked at as one picture. */
  readonly mostRegions: number;
}

/** A region of which so much is looked at anyhow is not looked at by itself. */
const mostOfIt = 0.75;

/**
 * A picture is left out only when nothing moved in it and nobody is followed: it does not say that nobody is there, and takes
 * nobody away. What older pictures are being looked at for widens a look and never makes one: a slow model would be asked
 * about every picture, because it is slow.
 */
export function nextLook(known: Known): Look {
  const { change, followed, isMissing, pending, isDue, aspect, mostRegions } = known;
  const isWholePending = pending.some(({ type }) => type === 'whole');
  if (change.type === 'scene' || ((isDue || isMissing) && !isWholePending)) return { type: 'whole' };
  const boxes = [...(change.type === 'moved' ? change.boxes : []), ...followed];
  if (boxes.length === 0) return { type: 'nothing' };
  if (isWholePending) return { type: 'whole' };
  const around = regionsAround(boxes, { aspect, most: mostRegions });
  if (!around) return { type: 'whole' };
  const pendingRegions = pending.flatMap((look) => (look.type === 'regions' ? look.regions : []));
  const regions = [
    ...around,
    ...pendingRegions.filter((region) => !around.some((one) => shareInside(region, one) >= mostOfIt)),
  ];
  return regions.length > mostRegions ? { type: 'whole' } : { type: 'regions', regions };
}
