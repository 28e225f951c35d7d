import { Areas } from '../../../src/gis/areas.ts';
import type { LonLat } from '../../../src/gis/geojson.ts';

const feature = (id: string, west: number, east: number) => ({
  type: 'Feature' as const,
  properties: { id, name: id },
  geometry: {
    type: 'Polygon' as const,
    coordinates: [
      [
        [west, 27.2],
        [east, 27.2],
        [east, 27.4],
        [west, 27.4],
        [west, 27.2],
      ] satisfies LonLat[],
    ],
  },
});

/** Two areas side by side: west of 105.3, where `fogPolygon` is, and east of it. */
export const westAndEast = new Areas({
  type: 'FeatureCollection',
  features: [feature('west', 105.1, 105.3), feature('east', 105.3, 105.5)],
});

/** So many areas in a row, all between 105 and 106. */
export function manyAreas(count: number): Areas {
  const features = Array.from({ length: count }, (_, index) =>
    feature(`area-${index}`, 105 + index / count, 105 + (index + 1) / count),
  );
  return new Areas({ type: 'FeatureCollection', features });
}

/** A hundred areas, ten by ten from 27/105 on, each with a border of two thousand corners. */
export function windingAreas(): Areas {
  const features = Array.from({ length: 100 }, (_, index) => {
    const corners = Array.from({ length: 2_000 }, (_, corner): LonLat => {
      const angle = (corner * Math.PI) / 1_000;
      const radius = 0.049 + 0.0005 * Math.sin(angle * 200);
      const [west, south] = [105 + (index % 10) / 10, 27 + Math.floor(index / 10) / 10];
      return [west + 0.05 + radius * Math.cos(angle), south + 0.05 + radius * Math.sin(angle)];
    });
    const ring = [...corners, ...corners.slice(0, 1)];
    const properties = { id: `area-${index}`, name: 'area' };
    return { type: 'Feature' as const, properties, geometry: { type: 'Polygon' as const, coordinates: [ring] } };
  });
  return new Areas({ type: 'FeatureCollection', features });
}
