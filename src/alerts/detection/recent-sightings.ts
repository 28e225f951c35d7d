import type { Detected, Sighting } from './model.ts';

/** What was found in one picture of a camera, before any zone, mask or limit. */
export interface SightingLook {
  readonly at: Date;
  /** Width of the picture over its height. */
  readonly aspect: number;
  readonly sightings: readonly Sighting[];
}

export interface SightingLimits {
  readonly keepMs: number;
  readonly looks: number;
  /** In all looks together. */
  readonly sightings: number;
}

/** A minute of somebody's dwell and what led to it, of a busy picture at five looks a second. */
export const defaultSightingLimits: SightingLimits = { keepMs: 120_000, looks: 600, sightings: 6_000 };
/** Of one picture; the surest. A crowd is counted long before. */
const mostPerLook = 32;

/** The look as it is kept; no pixel of it. */
export function lookOf({ frame, sightings }: Detected): SightingLook {
  const surest = sightings.length <= mostPerLook ? sightings : sightings.toSorted((a, b) => b.score - a.score);
  return { at: frame.at, aspect: frame.width / frame.height, sightings: surest.slice(0, mostPerLook) };
}

/** What the detector has lately found in one camera's pictures, bounded in time, pictures and things. */
export class RecentSightings {
  readonly #limits: SightingLimits;
  readonly #looks: SightingLook[] = [];
  #sightings = 0;

  constructor(limits: SightingLimits = defaultSightingLimits) {
    this.#limits = limits;
  }

  /** Oldest first. */
  get looks(): readonly SightingLook[] {
    return this.#looks;
  }

  /** A picture of another shape is of another scene, and one from before the last of another clock. */
  add(look: SightingLook): void {
    const last = this.#looks.at(-1);
    if (last && (last.aspect !== look.aspect || last.at > look.at)) this.#drop(this.#looks.length);
    this.#looks.push(look);
    this.#sightings += look.sightings.length;
    while (this.#isOverFull(look)) this.#drop(1);
  }

  #isOverFull({ at }: SightingLook): boolean {
    const { keepMs, looks, sightings } = this.#limits;
    const [oldest] = this.#looks;
    if (!oldest || this.#looks.length === 1) return false;
    const isOld = at.getTime() - oldest.at.getTime() > keepMs;
    return isOld || this.#looks.length > looks || this.#sightings > sightings;
  }

  #drop(count: number): void {
    for (const { sightings } of this.#looks.splice(0, count)) this.#sightings -= sightings.length;
  }
}
