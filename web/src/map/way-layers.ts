import type { LayerSpecification } from 'maplibre-gl';
import type { Colours } from './colours.ts';

/** How somebody would come: along the road as a line, the way as the crow flies and that of a hovered one dashed. */
export function wayLayers(colours: Colours): LayerSpecification[] {
  const layout = { 'line-join': 'round', 'line-cap': 'round' } as const;
  return [
    {
      id: 'ways-case',
      type: 'line',
      source: 'ways',
      filter: ['all', ['==', ['get', 'look'], 'chosen'], ['==', ['get', 'by'], 'road']],
      layout,
      paint: { 'line-color': colours('n0'), 'line-width': 7, 'line-opacity': 0.7 },
    },
    {
      id: 'ways',
      type: 'line',
      source: 'ways',
      filter: ['all', ['==', ['get', 'look'], 'chosen'], ['==', ['get', 'by'], 'road']],
      layout,
      paint: { 'line-color': colours('act'), 'line-width': 5 },
    },
    {
      id: 'ways-dashed',
      type: 'line',
      source: 'ways',
      filter: ['any', ['==', ['get', 'look'], 'hovered'], ['==', ['get', 'by'], 'straight']],
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colours('act'), 'line-width': 3, 'line-dasharray': [2, 1.6] },
    },
  ];
}
