import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { type Colours, labelFont } from './colours.ts';
import { mixed } from './mixed.ts';

const kind = (name: string): ExpressionSpecification => ['==', ['get', 'kind'], name];

/** Land, relief, forest, town, water and the borders of areas. */
export function landLayers(colours: Colours, ownAreas: readonly string[] | 'all'): LayerSpecification[] {
  const fill = (id: string, token: string): LayerSpecification => ({
    id,
    type: 'fill',
    source: 'land',
    filter: kind(id),
    paint: { 'fill-color': colours(token) },
  });
  return [
    ...reliefIds.map((id, level) => reliefStep(id, level, colours)),
    {
      id: 'relief-lines',
      type: 'line',
      source: 'land',
      filter: kind('relief'),
      paint: { 'line-color': colours('map-relief'), 'line-width': 1 },
    },
    fill('forest', 'map-forest'),
    fill('town', 'map-town'),
    fill('water', 'map-water'),
    {
      id: 'area-others',
      type: 'fill',
      source: 'areas',
      filter: ownAreas === 'all' ? false : ['!', ['in', ['get', 'id'], ['literal', [...ownAreas]]]],
      paint: { 'fill-color': colours('n0'), 'fill-opacity': 0.35 },
    },
    {
      id: 'areas',
      type: 'line',
      source: 'areas',
      paint: { 'line-color': colours('map-area'), 'line-width': 1.2, 'line-dasharray': [7.5, 3.3, 1.7, 3.3] },
    },
  ];
}

const levels = 5;
const whitePerLevel = 0.015;

/** One layer a step of the relief, the highest last. */
export const reliefIds = Array.from({ length: levels }, (_, level) => `relief-${level}`);

/** A little whiter than the step under it; the highest layer takes all that is higher. */
function reliefStep(id: string, level: number, colours: Colours): LayerSpecification {
  const height: ExpressionSpecification = ['coalesce', ['get', 'level'], 0];
  const white = 1 - (1 - whitePerLevel) ** (level + 1);
  return {
    id,
    type: 'fill',
    source: 'land',
    filter: ['all', kind('relief'), level === levels - 1 ? ['>=', height, level] : ['==', height, level]],
    paint: { 'fill-color': mixed(colours('map-land'), colours('select'), white), 'fill-antialias': false },
  };
}

/** Names of towns, villages and waters; the smaller yield. */
export function placeLayers(colours: Colours): LayerSpecification[] {
  const isWater: ExpressionSpecification = ['==', ['get', 'rank'], 'water'];
  const halo = { 'text-halo-color': colours('map-halo'), 'text-halo-width': 1.5 };
  return [
    {
      id: 'area-names',
      type: 'symbol',
      source: 'areas',
      layout: {
        'text-field': ['get', 'name'],
        'text-size': 12,
        'text-font': labelFont(colours, 'Regular'),
        'symbol-placement': 'line',
        'text-offset': [0, -1.2],
        'symbol-spacing': 600,
      },
      paint: { 'text-color': colours('map-label-2'), ...halo },
    },
    {
      id: 'place-waters',
      type: 'symbol',
      source: 'land',
      filter: ['all', kind('place'), isWater],
      layout: {
        'text-field': ['get', 'name'],
        'text-size': 12,
        'text-font': labelFont(colours, 'Regular'),
        'text-letter-spacing': 0.3,
      },
      paint: { 'text-color': colours('map-water-label'), ...halo },
    },
    {
      id: 'places',
      type: 'symbol',
      source: 'land',
      filter: ['all', kind('place'), ['!', isWater]],
      layout: {
        'text-field': ['get', 'name'],
        'text-size': ['match', ['get', 'rank'], 'town', 16, 'village', 13, 12],
        'text-font': labelFont(colours, 'Regular'),
        'text-letter-spacing': 0.06,
        'symbol-sort-key': ['match', ['get', 'rank'], 'town', 0, 'village', 1, 2],
      },
      paint: {
        'text-color': ['match', ['get', 'rank'], 'town', colours('n9'), 'village', colours('n8'), colours('n7')],
        ...halo,
      },
    },
  ];
}
