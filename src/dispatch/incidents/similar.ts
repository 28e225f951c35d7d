import { boundsOf, growBounds } from '../../gis/bounds.ts';
import { distanceMeters } from '../../gis/distance.ts';
import type { GeoPoint } from '../../gis/point.ts';
import type { Box } from '../../store/incidents-repository.ts';
import type { Incident, Similar } from './incident.ts';

/** How near in place and time two reports may be one incident: of another kind only when they are very near. */
const sameKind = { meters: 200, seconds: 7_200 };
const otherKind = { meters: 50, seconds: 1_800 };
const mostNamed = 5;

export interface Sighting {
  readonly kind: string;
  readonly at: string;
  readonly position: GeoPoint;
}

/** Where and since when to look for what `similarTo` chooses from. */
export function searchAround({ position, at }: Sighting): { box: Box; since: Date } {
  const box = growBounds(boundsOf([[position.lon, position.lat]]), sameKind.meters);
  return { box, since: new Date(Date.parse(at) - sameKind.seconds * 1_000) };
}

/** Open incidents that may be the same as what is reported, the nearest first. */
export function similarTo(sighting: Sighting, open: readonly Incident[]): Similar[] {
  const near = open.flatMap(({ id, kind, title, at, position }) => {
    if (!position) return [];
    const meters = distanceMeters(sighting.position, position);
    const seconds = Math.abs(Date.parse(sighting.at) - Date.parse(at)) / 1_000;
    const limit = kind === sighting.kind ? sameKind : otherKind;
    if (meters > limit.meters || seconds > limit.seconds) return [];
    return [{ id, title, distanceMeters: Math.round(meters), seconds: Math.round(seconds) }];
  });
  return near.toSorted((a, b) => a.distanceMeters - b.distanceMeters || a.seconds - b.seconds).slice(0, mostNamed);
}
