import type { LayerSpecification } from 'maplibre-gl';
import { type Colours, severityColour } from './colours.ts';

/** The ground of weather warnings, light enough for all that lies above it. */
export function warningLayers(colours: Colours): LayerSpecification[] {
  const colour = severityColour(colours);
  return [
    {
      id: 'warnings',
      type: 'fill',
      source: 'warnings',
      paint: { 'fill-color': colour, 'fill-opacity': 0.07, 'fill-antialias': false },
    },
    {
      id: 'warning-edges',
      type: 'line',
      source: 'warnings',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': 1.6, 'line-opacity': 0.7 },
    },
  ];
}
