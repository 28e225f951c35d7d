import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { type Colours, labelFont } from './colours.ts';

/** Two carriageways 25 m apart are one line at small scales: they are held 6 px apart until the ground itself does. */
const apart: ExpressionSpecification = [
  'interpolate',
  ['linear'],
  ['zoom'],
  10,
  ['match', ['get', 'side'], 'up', -2.9, 'down', 2.9, 0],
  12,
  ['match', ['get', 'side'], 'up', -2.3, 'down', 2.3, 0],
  13,
  ['match', ['get', 'side'], 'up', -1.5, 'down', 1.5, 0],
  14,
  ['match', ['get', 'side'], 'up', 0, 'down', 0, 0],
];

const isKind = (name: string): ExpressionSpecification => ['==', ['get', 'kind'], name];
const isPart = (name: string): ExpressionSpecification => ['==', ['get', 'part'], name];
const motorway = (part: string): ExpressionSpecification => ['all', isKind('motorway'), isPart(part)];
const tierColour = (colours: Colours): ExpressionSpecification => [
  'match',
  ['get', 'tier'],
  3,
  colours('tier-3'),
  2,
  colours('tier-2'),
  colours('tier-1'),
];

/** Local and trunk roads, weather on the road, then the motorway with its tunnels and bridges. */
export function roadLayers(colours: Colours): LayerSpecification[] {
  const plain = (name: string, width: number): LayerSpecification => ({
    id: name,
    type: 'line',
    source: 'roads',
    filter: isKind(name),
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colours(`map-${name}`), 'line-width': width },
  });
  const main = (id: string, filter: ExpressionSpecification, paint: object): LayerSpecification => ({
    id,
    type: 'line',
    source: 'roads',
    filter,
    layout: { 'line-join': 'round' },
    paint: { 'line-offset': apart, ...paint },
  });
  return [
    plain('local', 1.6),
    plain('trunk', 3),
    {
      id: 'fog',
      type: 'line',
      source: 'fog',
      paint: { 'line-width': 30, 'line-pattern': ['concat', 'hatch:', ['to-string', ['get', 'tier']]] },
    },
    {
      id: 'fog-edges',
      type: 'line',
      source: 'fog',
      paint: { 'line-color': tierColour(colours), 'line-width': 1.4, 'line-gap-width': 30, 'line-opacity': 0.75 },
    },
    main('motorway-case', motorway('open'), { 'line-color': colours('map-motorway-case'), 'line-width': 6 }),
    main('bridge-edges', motorway('bridge'), { 'line-color': colours('n8'), 'line-width': 1, 'line-gap-width': 5 }),
    main('motorway', motorway('open'), { 'line-color': colours('map-motorway'), 'line-width': 3.6 }),
    main('tunnel-ground', motorway('tunnel'), { 'line-color': colours('map-land'), 'line-width': 4 }),
    main('tunnel', motorway('tunnel'), {
      'line-color': colours('map-motorway'),
      'line-width': 3.6,
      'line-dasharray': [0.85, 1.1],
      'line-opacity': 0.55,
    }),
  ];
}

/** Stake ticks across the road, names of tunnels and bridges, road shields. */
export function stakeLayers(colours: Colours): LayerSpecification[] {
  const halo = { 'text-halo-color': colours('map-halo'), 'text-halo-width': 1.5 };
  const bearing: ExpressionSpecification = ['get', 'bearing'];
  const tick = {
    'icon-image': 'tick',
    'icon-rotate': bearing,
    'icon-rotation-alignment': 'map',
    'icon-allow-overlap': true,
    'icon-ignore-placement': true,
  } as const;
  return [
    {
      id: 'names',
      type: 'symbol',
      source: 'names',
      layout: {
        'text-field': ['get', 'name'],
        'text-size': 12,
        'text-font': labelFont(colours, 'Regular'),
        'text-variable-anchor': ['top-left', 'bottom-right', 'top-right', 'bottom-left'],
        'text-radial-offset': 1.2,
      },
      paint: { 'text-color': ['match', ['get', 'what'], 'shield', colours('n9'), colours('n7')], ...halo },
    },
    {
      id: 'stake-hundreds',
      type: 'symbol',
      source: 'stakes',
      minzoom: 15,
      filter: ['!', ['get', 'km']],
      layout: { ...tick, 'icon-size': 0.7 },
      paint: { 'icon-opacity': 0.6 },
    },
    { id: 'stake-ticks', type: 'symbol', source: 'stakes', minzoom: 11, filter: ['get', 'km'], layout: tick },
    {
      id: 'stake-names',
      type: 'symbol',
      source: 'stakes',
      minzoom: 11,
      filter: ['get', 'km'],
      layout: {
        'text-field': ['get', 'name'],
        'text-size': 13,
        'text-font': labelFont(colours, 'Regular'),
        'text-variable-anchor': ['bottom-right', 'top-left', 'bottom-left', 'top-right'],
        'text-radial-offset': 1,
      },
      paint: { 'text-color': colours('n8'), ...halo },
    },
  ];
}
