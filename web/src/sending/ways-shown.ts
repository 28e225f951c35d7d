import type { Candidate } from '../api/incident-shapes.ts';
import type { Position, Unit } from '../api/shapes.ts';

/** A way that the map draws: along the road when the server says which, else straight and said to be. */
export interface ShownWay {
  readonly unit: string;
  readonly look: 'chosen' | 'hovered';
  readonly by: 'road' | 'straight';
  readonly coordinates: number[][];
}

export interface WaysAsked {
  readonly candidates: readonly Candidate[];
  readonly chosen: string | undefined;
  readonly hovered: string | undefined;
  /** Where somebody is needed. */
  readonly place: Position | undefined;
  readonly units: ReadonlyMap<string, Unit>;
}

/** The way of whom the button sends, and of whom the pointer is over. */
export function waysShown({ candidates, chosen, hovered, place, units }: WaysAsked): ShownWay[] {
  const looks = [
    { unit: hovered === chosen ? undefined : hovered, look: 'hovered' as const },
    { unit: chosen, look: 'chosen' as const },
  ];
  return looks.flatMap(({ unit, look }): ShownWay[] => {
    const candidate = candidates.find((one) => one.unit === unit);
    if (!candidate) return [];
    const { route } = candidate;
    if (route) return [{ unit: candidate.unit, look, by: 'road', coordinates: route.coordinates }];
    const from = units.get(candidate.unit)?.position;
    if (!from || !place) return [];
    const coordinates = [from, place].map(({ lat, lon }) => [lon, lat]);
    return [{ unit: candidate.unit, look, by: 'straight', coordinates }];
  });
}
