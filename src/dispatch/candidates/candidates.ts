import type { RoadGraph } from '../../gis/travel/road-graph.ts';
import { travelTo } from '../../gis/travel/travel.ts';
import { type Actor, maySee } from '../../shared/actor.ts';
import { WeekClocks } from '../../shared/weekly-hours.ts';
import type { Candidate } from './candidate.ts';
import { rankCandidates, sightOf } from './rank.ts';
import type { Sendable } from './sendable.ts';
import { type UnitWay, unitWay } from './unit-way.ts';
import type { Wanted, WantedPlace } from './wanted.ts';

export interface CandidatesOptions {
  /** Everybody, as they are at the moment. */
  readonly units: () => readonly Sendable[];
  /** The roads as they are at the moment. */
  readonly graph: () => RoadGraph;
  /** What people call an area. */
  readonly areaName: (id: string) => string;
}

export interface WhoGoes {
  readonly place: WantedPlace;
  readonly wanted?: Wanted;
  /** Now unless told. */
  readonly at?: Date;
}

/** Who could go where somebody is needed, and who could not, by road and with reasons. */
export class Candidates {
  readonly #options: CandidatesOptions;
  readonly #clocks = new WeekClocks();

  constructor(options: CandidatesOptions) {
    this.#options = options;
  }

  /** Of the units that the actor may see, the first to be there first. */
  rank({ place, wanted = {}, at = new Date() }: WhoGoes, actor: Actor): Candidate[] {
    const { graph, units, areaName } = this.#options;
    const seen = units().filter(({ area }) => maySee(actor, area));
    const clocks = this.#clocks;
    return rankCandidates({ graph: graph(), place, wanted, units: seen, at, clocks, areaName });
  }

  /** How the unit comes there; undefined where nobody knows where it is, or no road leads there. */
  way(unit: string, place: WantedPlace): UnitWay | undefined {
    const { graph, units } = this.#options;
    const seen = units().find(({ id }) => id === unit)?.seen;
    const [travel] = seen ? travelTo(graph(), sightOf(place), [seen.sight]) : [];
    return travel && unitWay(travel);
  }
}
