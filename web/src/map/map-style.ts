import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { Colours } from './colours.ts';
import { landLayers, placeLayers, reliefIds } from './land-layers.ts';
import { roadLayers, stakeLayers } from './road-layers.ts';
import { thingLayers } from './thing-layers.ts';
import { warningLayers } from './warning-layers.ts';
import { wayLayers } from './way-layers.ts';

/** What the map is fed; each is a GeoJSON source of that name. */
export const sourceNames = [
  'land',
  'areas',
  'warnings',
  'roads',
  'fog',
  'stakes',
  'names',
  'ways',
  'sectors',
  'errors',
  'sensors',
  'cameras',
  'units',
  'alerts',
  'selection',
] as const;
export type SourceName = (typeof sourceNames)[number];

/** Layers that the seat can switch off together. */
export const layerGroups = {
  cameras: ['sectors-blind', 'sector-edges-blind', 'sectors', 'cameras'],
  units: ['units', 'unit-names'],
  sensors: ['sensor-leaders', 'sensor-pills', 'sensor-tier-pills'],
  warnings: ['warnings', 'warning-edges'],
  areas: ['area-others', 'areas', 'area-names'],
  land: [...reliefIds, 'relief-lines', 'forest', 'town', 'water', 'places', 'place-waters'],
} satisfies Record<string, readonly string[]>;
export type LayerGroup = keyof typeof layerGroups;

/**
 * Tiles of this zoom serve all above it. Their grid is 2 m, finer than any of our places, and a screen needs two or
 * four of them a source where it would need twelve: a frame has a quarter of the draw calls.
 */
const tilesUpToZoom = 11;

/** The whole style, in the draw order of the specification; nothing comes from the internet. */
export function mapStyle(colours: Colours, ownAreas: readonly string[] | 'all'): StyleSpecification {
  const data = { type: 'FeatureCollection' as const, features: [] };
  const empty: SourceSpecification = { type: 'geojson', data, maxzoom: tilesUpToZoom };
  const layers: LayerSpecification[] = [
    { id: 'ground', type: 'background', paint: { 'background-color': colours('map-land') } },
    ...landLayers(colours, ownAreas),
    ...warningLayers(colours),
    ...roadLayers(colours),
    ...placeLayers(colours),
    ...wayLayers(colours),
    ...stakeLayers(colours),
    ...thingLayers(colours),
  ];
  return { version: 8, sources: Object.fromEntries(sourceNames.map((name) => [name, empty])), layers };
}
