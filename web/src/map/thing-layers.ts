import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { type Colours, labelFont, severityColour } from './colours.ts';

/** Always shown, and no reason for anything else to yield. */
const always = { 'icon-allow-overlap': true, 'icon-ignore-placement': true } as const;
/** Always shown; labels make room. */
const first = { 'icon-allow-overlap': true } as const;

/** Sectors, sensors, cameras, units, alerts and what is selected, from the ground up. */
export function thingLayers(colours: Colours): LayerSpecification[] {
  return [
    ...blindSectors(colours),
    {
      id: 'sectors',
      type: 'fill',
      source: 'sectors',
      minzoom: 12,
      filter: ['match', ['get', 'look'], ['stale', 'blind'], false, true],
      paint: { 'fill-color': ['match', ['get', 'look'], 'spot', colours('map-sector-on'), colours('map-sector')] },
    },
    errors(colours),
    unitNames(colours),
    ...sensorLayers(colours),
    {
      id: 'cameras',
      type: 'symbol',
      source: 'cameras',
      layout: { ...first, 'icon-image': ['get', 'icon'], 'symbol-sort-key': ['get', 'sort'] },
    },
    { id: 'selection', type: 'symbol', source: 'selection', layout: { ...always, 'icon-image': 'ring' } },
    units(),
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

/** What a camera is there to see and does not see now: hatched, its edge dashed; empty where its picture has stopped. */
function blindSectors(colours: Colours): LayerSpecification[] {
  const isBlind: ExpressionSpecification = ['==', ['get', 'look'], 'blind'];
  const isUnseen: ExpressionSpecification = ['match', ['get', 'look'], ['stale', 'blind'], true, false];
  const sectors = { source: 'sectors', minzoom: 12 };
  return [
    {
      id: 'sectors-blind',
      type: 'fill',
      ...sectors,
      filter: isBlind,
      paint: { 'fill-pattern': 'hatch:blind', 'fill-antialias': false },
    },
    {
      id: 'sector-edges-blind',
      type: 'line',
      ...sectors,
      filter: isUnseen,
      paint: {
        'line-color': ['match', ['get', 'look'], 'stale', colours('stale'), colours('n8')],
        'line-width': 1.4,
        'line-dasharray': [3, 2.2],
      },
    },
  ];
}

/** Where a thing may be when its place is not sure. */
function errors(colours: Colours): LayerSpecification {
  return {
    id: 'errors',
    type: 'line',
    source: 'errors',
    paint: {
      'line-color': severityColour(colours),
      'line-width': 1.2,
      'line-dasharray': [3, 3],
    },
  };
}

function sensorLayers(colours: Colours): LayerSpecification[] {
  const calm: ExpressionSpecification = ['==', ['get', 'tier'], '0'];
  return [
    {
      id: 'sensor-leaders',
      type: 'symbol',
      source: 'sensors',
      minzoom: calmFromZoom,
      layout: { ...always, 'icon-image': ['concat', 'leader:', ['get', 'tier']] },
    },
    { ...pillLayer(colours, 2.5), id: 'sensor-pills', filter: calm, minzoom: calmFromZoom },
    { ...pillLayer(colours, 4.1), id: 'sensor-tier-pills', filter: ['!', calm] },
  ];
}

/** Below it a road full of calm stations would be a road full of pills. */
const calmFromZoom = 11.4;

type SymbolLayer = Extract<LayerSpecification, { type: 'symbol' }>;

/** A pill hangs so many em under its station. */
function pillLayer(colours: Colours, drop: number): SymbolLayer {
  const tier = (name: string) => [name, colours(`tier-${name}`)] as const;
  return {
    id: 'pill',
    type: 'symbol',
    source: 'sensors',
    layout: {
      ...always,
      'icon-image': ['get', 'pill'],
      'icon-text-fit': 'both',
      'text-allow-overlap': true,
      'text-field': ['get', 'text'],
      'text-size': 13,
      'text-font': labelFont(colours, 'Bold'),
      'text-offset': [0.55, drop],
    },
    paint: {
      'text-color': [
        'match',
        ['get', 'tier'],
        ...tier('3'),
        ...tier('2'),
        ...tier('1'),
        'stale',
        colours('stale'),
        colours('n9'),
      ],
    },
  };
}

function units(): LayerSpecification {
  return {
    id: 'units',
    type: 'symbol',
    source: 'units',
    layout: {
      ...always,
      'icon-image': ['get', 'icon'],
      'icon-rotate': ['get', 'heading'],
      'icon-rotation-alignment': 'map',
      'symbol-sort-key': ['get', 'sort'],
    },
  };
}

/** Call signs, bold when the unit is free to go; they move aside for the pills. */
function unitNames(colours: Colours): LayerSpecification {
  return {
    id: 'unit-names',
    type: 'symbol',
    source: 'units',
    layout: {
      'text-field': ['get', 'name'],
      'text-size': 14,
      'text-font': [
        'case',
        ['get', 'free'],
        ['literal', labelFont(colours, 'Bold')],
        ['literal', labelFont(colours, 'Regular')],
      ],
      'text-variable-anchor': ['left', 'right', 'top', 'bottom'],
      'text-radial-offset': 1.1,
      'symbol-sort-key': ['-', 0, ['get', 'sort']],
    },
    paint: {
      'text-color': ['case', ['get', 'free'], colours('n10'), colours('n8')],
      'text-halo-color': colours('map-halo'),
      'text-halo-width': 1.5,
    },
  };
}
