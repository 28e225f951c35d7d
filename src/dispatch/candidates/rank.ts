import { distanceMeters } from '../../gis/distance.ts';
import type { RoadGraph } from '../../gis/travel/road-graph.ts';
import type { Sight } from '../../gis/travel/road-spot.ts';
import { type Travel, travelTo } from '../../gis/travel/travel.ts';
import type { Reason } from '../../shared/reason.ts';
import type { WeekClocks } from '../../shared/weekly-hours.ts';
import type { Candidate } from './candidate.ts';
import { type Asked, type Finding, findingsOf } from './fitness.ts';
import type { Sendable } from './sendable.ts';
import { travelReasons, viaReason } from './travel-reasons.ts';
import { figuresOf, routeOf } from './unit-way.ts';
import type { Wanted, WantedPlace } from './wanted.ts';

export interface Ranking {
  readonly graph: RoadGraph;
  readonly place: WantedPlace;
  readonly wanted: Wanted;
  readonly units: readonly Sendable[];
  readonly at: Date;
  readonly clocks: WeekClocks;
  readonly areaName: Asked['areaName'];
}

/** Terminals that stand report seldom, but more often than this. */
const oldPositionMs = 600_000;
/** The map shows their ways. */
const mostRoutes = 3;

/** Everybody, the soonest there first and those who cannot be sent last, each with its reasons; ties by id. */
export function rankCandidates({ graph, place, wanted, units, at, clocks, areaName }: Ranking): Candidate[] {
  const asked: Asked = { wanted, area: place.area, areaName, at, clocks, oldPositionMs };
  const seen = units.flatMap((unit) => (unit.seen ? [{ unit, sight: unit.seen.sight }] : []));
  const sights = seen.map(({ sight }) => sight);
  const travels = travelTo(graph, sightOf(place), sights);
  const travelOf = new Map(seen.map(({ unit }, index) => [unit, travels[index]]));
  const judged = units.map((unit) => judgedOf(unit, findingsOf(unit, asked), wayOf(unit, travelOf.get(unit), place)));
  return judged.sort(inOrder).map(({ candidate, travel }, index) => {
    const isShown = index < mostRoutes && candidate.rejected === undefined;
    return isShown && travel?.by === 'road' ? withRoute(candidate, travel) : candidate;
  });
}

interface Way {
  readonly travel: Travel;
  readonly reasons: readonly Reason[];
}

interface Judged {
  readonly candidate: Candidate;
  readonly travel: Travel | undefined;
  /** Not rounded: what is shown as equal need not be. */
  readonly seconds: number;
}

/** A place as the roads are asked for it. */
export function sightOf({ position, road, carriageway }: WantedPlace): Sight {
  const { lat, lon, errorMeters } = position;
  return {
    point: { lat, lon },
    ...(errorMeters !== undefined && { errorMeters }),
    ...(road !== undefined && { told: { road, ...(carriageway && { carriageway }) } }),
  };
}

function wayOf({ seen }: Sendable, travel: Travel | undefined, place: WantedPlace): Way | undefined {
  if (!seen || !travel) return undefined;
  const straightMeters = distanceMeters(seen.sight.point, place.position);
  return { travel, reasons: travelReasons(travel, place, straightMeters) };
}

function judgedOf({ id }: Sendable, findings: readonly Finding[], way: Way | undefined): Judged {
  const isLost = way?.travel.by === 'none';
  const rejected = findings.find((finding) => finding.rejected)?.rejected ?? (isLost ? 'unreachable' : undefined);
  const [against, others]: [Reason[], Reason[]] = [[], []];
  for (const finding of findings) (finding.rejected ? against : others).push(finding.reason);
  const figures = way && figuresOf(way.travel);
  const candidate: Candidate = {
    unit: id,
    ...(figures && {
      etaSeconds: Math.round(figures.seconds),
      distanceMeters: Math.round(figures.meters),
      by: figures.by,
    }),
    reasons: [...against, ...(way?.reasons ?? []), ...others],
    ...(rejected && { rejected }),
  };
  return { candidate, travel: way?.travel, seconds: figures?.seconds ?? Number.POSITIVE_INFINITY };
}

function inOrder(a: Judged, b: Judged): number {
  const fitFirst = Number(a.candidate.rejected !== undefined) - Number(b.candidate.rejected !== undefined);
  if (fitFirst !== 0) return fitFirst;
  if (a.seconds !== b.seconds) return a.seconds < b.seconds ? -1 : 1;
  return a.candidate.unit < b.candidate.unit ? -1 : 1;
}

function withRoute(candidate: Candidate, travel: Extract<Travel, { by: 'road' }>): Candidate {
  const [way, ...others] = candidate.reasons;
  const reasons = [...(way ? [way] : []), viaReason(travel), ...others];
  const route = routeOf(travel);
  return route ? { ...candidate, reasons, route } : { ...candidate, reasons };
}
