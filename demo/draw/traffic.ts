import { lanes, type Stage } from './road.ts';
import { type Vehicle, vehicle } from './vehicle.ts';

/** One passage: when it enters the picture in the loop, and how fast. */
export interface Passage {
  readonly kind: Vehicle['kind'];
  readonly colour: string;
  readonly lane: 'fast' | 'slow';
  readonly way: 'away' | 'towards';
  readonly startSeconds: number;
  readonly metersPerSecond: number;
}

/** A stretch of road with vehicles on it: all of the picture's, unless it begins `from` somewhere. */
interface Stretch extends Stage {
  readonly from?: number;
}

interface Moment {
  readonly at: number;
  readonly loopSeconds: number;
}

/** Nearer than this, a vehicle is under every camera's picture. */
export const nearest = 2.5;

function place(passage: Passage, stage: Stretch, { at, loopSeconds }: Moment): Vehicle | undefined {
  const since = (at - passage.startSeconds + 2 * loopSeconds) % loopSeconds;
  const run = since * passage.metersPerSecond;
  const first = stage.from ?? nearest;
  const away = passage.way === 'away' ? first + run : stage.far - run;
  if (away < first || away > stage.far) return undefined;
  const hand = passage.way === 'away' ? 1 : -1;
  return {
    kind: passage.kind,
    colour: passage.colour,
    shows: passage.way === 'away' ? 'tail' : 'front',
    side: hand * lanes[passage.lane],
    away,
  };
}

/** The vehicles of one moment, the farthest first. Every passage must end within the loop, so that the loop has no seam. */
export function traffic(passages: readonly Passage[], stage: Stretch, moment: Moment): string {
  return passages
    .map((passage) => place(passage, stage, moment))
    .filter((found) => found !== undefined)
    .sort((one, other) => other.away - one.away)
    .map((found) => vehicle(found, stage))
    .join('');
}
