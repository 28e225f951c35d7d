import type { MapMouseEvent } from 'maplibre-gl';
import type { MapView as MapPlace, Position } from '../api/shapes.ts';
import { MapView } from './map-view.ts';

export interface Picking {
  readonly place: MapPlace;
  readonly ready: () => void;
  readonly pick: (point: Position) => void;
}

const nothing = () => undefined;

/** The ground alone, to point at a place on it; nothing of it can be selected. Throws where no map can be drawn. */
export function openPickingMap(container: HTMLElement, { place, ready, pick }: Picking): MapView {
  const view = new MapView({
    ...{ container, place, ownAreas: 'all', onReady: ready, covered: () => 0 },
    ...{ onClick: nothing, onNear: nothing, onDrawn: nothing, onMove: nothing },
  });
  view.map.on('click', ({ lngLat }: MapMouseEvent) => pick({ lat: lngLat.lat, lon: lngLat.lng }));
  return view;
}
