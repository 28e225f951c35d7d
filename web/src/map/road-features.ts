import type { FogStretch } from '../road/fog.ts';
import { pointAt } from '../road/geo.ts';
import { atStake, betweenStakes, type RoadLine, type Stretch } from '../road/road-line.ts';
import { type Feature, pointFeature } from './features.ts';

const lineFeature = (coordinates: number[][], properties: Record<string, unknown>): Feature => ({
  type: 'Feature',
  properties,
  geometry: { type: 'LineString', coordinates },
});

/** The open road, tunnels and bridges as lines of their own, each with its side. */
export function roadFeatures(lines: readonly RoadLine[]): Feature[] {
  return lines.flatMap((line) => {
    const base = { kind: line.kind, side: line.carriageway ?? 'both', road: line.road };
    const whole = lineFeature(
      line.points.map(({ lon, lat }) => [lon, lat]),
      { ...base, part: 'open' },
    );
    const part = (name: string) => (stretch: Stretch) => {
      const coordinates = betweenStakes(line, stretch.from, stretch.to);
      return coordinates.length > 1 ? [lineFeature(coordinates, { ...base, part: name })] : [];
    };
    return [whole, ...line.tunnels.flatMap(part('tunnel')), ...line.bridges.flatMap(part('bridge'))];
  });
}

/** One line a road: what labels and ticks stand on. The down side, when a road has two. */
export function mainLines(lines: readonly RoadLine[]): RoadLine[] {
  return lines.filter(({ kind, carriageway }) => kind === 'motorway' && carriageway !== 'up');
}

/** A tick each 100 m with its direction, and the label of each kilometre. */
export function stakeFeatures(lines: readonly RoadLine[]): Feature[] {
  return mainLines(lines).flatMap((line) => {
    const first = Math.ceil((line.meters[0] ?? 0) / 100) * 100;
    const count = Math.floor(((line.meters.at(-1) ?? 0) - first) / 100) + 1;
    return Array.from({ length: Math.max(0, count) }, (_, n) => first + n * 100).flatMap((meters) => {
      const at = atStake(line, meters);
      if (!at) return [];
      const km = meters % 1000 === 0;
      const name = km ? `K${meters / 1000}` : '';
      return [pointFeature(pointAt(at, at.bearing - 90, 12), { km, name, bearing: at.bearing })];
    });
  });
}

/** Names of tunnels and bridges at their middles, road shields at their first quarters. */
export function roadNameFeatures(lines: readonly RoadLine[]): Feature[] {
  const main = mainLines(lines);
  const stretches = main.flatMap((line) =>
    [...line.tunnels, ...line.bridges].flatMap(({ from, to, name }) => {
      const at = atStake(line, (from + to) / 2);
      return at ? [pointFeature(at, { name, what: 'stretch' })] : [];
    }),
  );
  const shields = [...main, ...lines.filter(({ kind }) => kind === 'trunk')].flatMap((line) => {
    const at = line.points[Math.floor(line.points.length / 4)];
    return at ? [pointFeature(at, { name: line.road, what: 'shield' })] : [];
  });
  return [...stretches, ...shields];
}

/** Both sides of the road under each fog stretch. */
export function fogFeatures(lines: readonly RoadLine[], stretches: readonly FogStretch[]): Feature[] {
  return stretches.flatMap(({ road, from, to, tier }) =>
    mainLines(lines)
      .filter((line) => road === undefined || line.road === road)
      .flatMap((line) => {
        const coordinates = betweenStakes(line, from, to);
        return coordinates.length > 1 ? [lineFeature(coordinates, { tier })] : [];
      }),
  );
}
