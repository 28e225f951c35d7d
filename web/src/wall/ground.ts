import { ref, shallowRef } from 'vue';
import type { Api } from '../api/api.ts';
import { ProblemError } from '../api/problem-error.ts';
import type { MapView } from '../api/shapes.ts';
import { collection, type FeatureCollection } from '../map/features.ts';
import { type RoadFeature, type RoadLine, roadLine } from '../road/road-line.ts';

/** What does not change while the seat works: where the map looks, roads, areas, land. */
export function createGround(api: Api) {
  const place = shallowRef<MapView>();
  const lines = shallowRef<readonly RoadLine[]>([]);
  const land = shallowRef<FeatureCollection>(collection([]));
  const areas = shallowRef<FeatureCollection>(collection([]));
  const failedAt = ref<number>();

  const optional = async (path: string) => {
    try {
      return await api.get<FeatureCollection>(path);
    } catch (error) {
      if (error instanceof ProblemError && error.status === 404) return collection([]);
      throw error;
    }
  };

  const load = async () => {
    failedAt.value = undefined;
    try {
      const [view, roads, borders, country] = await Promise.all([
        api.get<MapView>('/map'),
        api.get<{ features: readonly RoadFeature[] }>('/roads.geojson'),
        optional('/areas.geojson'),
        optional('/land.geojson'),
      ]);
      lines.value = roads.features.filter(({ geometry }) => geometry.type === 'LineString').map(roadLine);
      areas.value = borders;
      land.value = country;
      place.value = view;
    } catch {
      failedAt.value = Date.now();
    }
  };
  return { place, lines, land, areas, failedAt, load };
}
