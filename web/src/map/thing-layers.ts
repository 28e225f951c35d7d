import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Colours } from './colours.ts';

/** Always shown, and no reason for anything else to yield. */
const always = { 'icon-allow-overlap': true, 'icon-ignore-placement': true } as const;
/** Always shown; labels make room. */
const first = { 'icon-allow-overlap': true } as const;

/** Sectors, sensors, cameras, units, alerts and what is selected, from the ground up. */
export function thingLayers(colours: Colours): LayerSpecification[] {
  return [
    {
      id: 'sectors',
      type: 'fill',
      source: 'sectors',
      minzoom: 12,
      filter: ['!=', ['get', 'look'], 'stale'],
      paint: { 'fill-color': ['match', ['get', 'look'], 'spot', colours('map-sector-on'), colours('map-sector')] },
    },
    {
      id: 'errors',
      type: 'line',
      source: 'errors',
      paint: {
        'line-color': [
          'match',
          ['get', 'severity'],
          'critical',
          colours('critical'),
          'major',
          colours('major'),
          'minor',
          colours('minor'),
          colours('info'),
        ],
        'line-width': 1.2,
        'line-dasharray': [3, 3],
      },
    },
    ...sensorLayers(colours),
    {
      id: 'cameras',
      type: 'symbol',
      source: 'cameras',
      layout: { ...first, 'icon-image': ['get', 'icon'], 'symbol-sort-key': ['get', 'sort'] },
    },
    { id: 'selection', type: 'symbol', source: 'selection', layout: { ...always, 'icon-image': 'ring' } },
    ...unitLayers(colours),
    {
      id: 'alerts',
      type: 'symbol',
      source: 'alerts',
      layout: {
        ...first,
        'icon-image': ['get', 'icon'],
        'icon-anchor': 'bottom',
        'icon-offset': [0, 3],
        'symbol-sort-key': ['get', 'sort'],
      },
    },
  ];
}

function sensorLayers(colours: Colours): LayerSpecification[] {
  const calm: ExpressionSpecification = ['==', ['get', 'tier'], '0'];
  return [
    {
      id: 'sensor-leaders',
      type: 'symbol',
      source: 'sensors',
      layout: { ...always, 'icon-image': ['concat', 'leader:', ['get', 'tier']] },
    },
    pillLayer(colours, { id: 'sensor-pills', filter: calm, always: false }),
    pillLayer(colours, { id: 'sensor-tier-pills', filter: ['!', calm], always: true }),
  ];
}

/** A pill hangs under its station; one that holds a tier never yields. */
function pillLayer(
  colours: Colours,
  { id, filter, always }: { id: string; filter: ExpressionSpecification; always: boolean },
): LayerSpecification {
  const tier = (name: string) => colours(`tier-${name}`);
  return {
    id,
    type: 'symbol',
    source: 'sensors',
    filter,
    layout: {
      'icon-image': ['get', 'pill'],
      'icon-text-fit': 'both',
      'icon-allow-overlap': always,
      'text-allow-overlap': always,
      'text-field': ['get', 'text'],
      'text-size': 13,
      'text-font': ['Bold'],
      'text-offset': [0.55, 2.5],
      'icon-padding': 0,
      'text-padding': 0,
    },
    paint: {
      'text-color': [
        'match',
        ['get', 'tier'],
        '3',
        tier('3'),
        '2',
        tier('2'),
        '1',
        tier('1'),
        'stale',
        colours('stale'),
        colours('n9'),
      ],
    },
  };
}

function unitLayers(colours: Colours): LayerSpecification[] {
  return [
    {
      id: 'units',
      type: 'symbol',
      source: 'units',
      layout: {
        ...first,
        'icon-image': ['get', 'icon'],
        'icon-rotate': ['get', 'heading'],
        'icon-rotation-alignment': 'map',
        'symbol-sort-key': ['get', 'sort'],
      },
    },
    {
      id: 'unit-names',
      type: 'symbol',
      source: 'units',
      layout: {
        'text-field': ['get', 'name'],
        'text-size': 14,
        'text-font': ['case', ['get', 'free'], ['literal', ['Bold']], ['literal', ['Regular']]],
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
        'text-radial-offset': 1.1,
        'symbol-sort-key': ['-', 0, ['get', 'sort']],
      },
      paint: {
        'text-color': ['case', ['get', 'free'], colours('n10'), colours('n8')],
        'text-halo-color': colours('map-halo'),
        'text-halo-width': 1.5,
      },
    },
  ];
}
