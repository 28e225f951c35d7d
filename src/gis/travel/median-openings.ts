import { metersAtStake } from '../along-line.ts';
import type { Carriageway } from '../road-feature.ts';
import type { RoadLine } from '../road-line.ts';

/** Where units turn through the median from one carriageway of a road onto the other. */
export interface MedianOpening {
  readonly road: string;
  readonly stakeMeters: number;
  readonly name?: string;
  /** The carriageways, and where along their lines. */
  readonly up: OpeningSide;
  readonly down: OpeningSide;
}

export interface OpeningSide {
  readonly line: RoadLine;
  readonly meters: number;
}

/** Each once, whichever carriageways say it; none where one of the two does not reach. */
export function medianOpenings(lines: readonly RoadLine[]): MedianOpening[] {
  const divided = Map.groupBy(
    lines.filter(({ carriageway }) => carriageway !== undefined),
    ({ road }) => road,
  );
  return [...divided].flatMap(([road, sides]) => openingsOf(road, sides));
}

function openingsOf(road: string, lines: readonly RoadLine[]): MedianOpening[] {
  const named = new Map<number, string | undefined>();
  for (const { properties } of lines) {
    for (const [meters, name] of properties.emergencyOpenings ?? [])
      named.set(Math.round(meters), name ?? named.get(Math.round(meters)));
  }
  return [...named].flatMap(([stakeMeters, name]) => {
    const [up, down] = [sideAt(lines, 'up', stakeMeters), sideAt(lines, 'down', stakeMeters)];
    return up && down ? [{ road, stakeMeters, up, down, ...(name !== undefined && { name }) }] : [];
  });
}

function sideAt(lines: readonly RoadLine[], side: Carriageway, stakeMeters: number): OpeningSide | undefined {
  for (const line of lines.filter(({ carriageway }) => carriageway === side)) {
    const meters = metersAtStake(line, stakeMeters);
    if (meters !== undefined) return { line, meters };
  }
  return undefined;
}
