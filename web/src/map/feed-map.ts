import { computed, type Ref, watch, watchEffect } from 'vue';
import { fogStretches } from '../road/fog.ts';
import type { RoadLine } from '../road/road-line.ts';
import { inRoadOrder } from '../spots/spot-list.ts';
import type { Wall } from '../wall/wall.ts';
import {
  alertFeatures,
  cameraFeatures,
  collection,
  errorFeatures,
  pointFeature,
  sectorFeatures,
  sensorFeatures,
  wayFeatures,
} from './features.ts';
import type { MapView } from './map-view.ts';
import { fogFeatures, roadFeatures, roadNameFeatures, stakeFeatures } from './road-features.ts';

/** Keeps the map's sources in step with what the seat knows; ends with the component that calls it. */
export function feedMap(view: MapView, wall: Wall, lines: Ref<readonly RoadLine[]>): void {
  const spots = computed(() => inRoadOrder(wall.spots.value, wall.cameras.value).map(({ id }) => id));

  watchEffect(() => {
    view.feed('roads', collection(roadFeatures(lines.value)));
    view.feed('stakes', collection(stakeFeatures(lines.value)));
    view.feed('names', collection(roadNameFeatures(lines.value)));
  });
  watch(
    [wall.cameras, spots],
    () => {
      view.feed('cameras', collection(cameraFeatures(wall.cameras.value.values(), spots.value)));
      view.feed('sectors', collection(sectorFeatures(wall.cameras.value.values(), spots.value)));
    },
    { immediate: true },
  );
  watch(
    [wall.sensors, lines],
    () => {
      const sensors = [...wall.sensors.value.values()];
      view.feed('sensors', collection(sensorFeatures(sensors)));
      view.feed('fog', collection(fogFeatures(lines.value, fogStretches(sensors))));
    },
    { immediate: true },
  );
  watch(wall.alerts, (alerts) => view.feed('alerts', collection(alertFeatures(alerts.values()))), { immediate: true });
  watch(
    [wall.alerts, wall.selectedId],
    ([alerts, selected]) => view.feed('errors', collection(errorFeatures(alerts.values(), selected))),
    { immediate: true },
  );
  watch(wall.ways, (ways) => view.feed('ways', collection(wayFeatures(ways))), { immediate: true });
  watchEffect(() => {
    const picked = wall.picked.value;
    const thing = picked && wall[picked.kind === 'unit' ? 'units' : 'sensors'].value.get(picked.id);
    const at = thing?.position ?? wall.selected.value?.position;
    view.feed('selection', collection(at ? [pointFeature(at, {})] : []));
  });
}
