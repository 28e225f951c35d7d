/** Pictograms on a 16 × 16 grid: strokes 1.7 wide with round ends, `solid` parts filled. */
export interface Pictogram {
  readonly strokes: string;
  readonly solid?: string;
}

export const pictograms = {
  person: {
    strokes: 'M8.3 5.6 7.6 10M7.6 10l2.2 2 .5 3M7.6 10l-1 2.4L4.6 15M8.3 5.8l2 2.2 2 .6M8.3 5.8 6 7.2l-.8 2.4',
    solid: 'M8.6 1a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4z',
  },
  crowd: {
    strokes: 'M5.4 7.2v6.6M10.6 7.2v6.6M3.2 9.4l2.2-2.2 2.6 2.6 2.6-2.6 2.2 2.2',
    solid: 'M5.4 2.2a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2zM10.6 2.2a1.6 1.6 0 1 0 0 3.2a1.6 1.6 0 1 0 0-3.2z',
  },
  animal: {
    strokes: 'M3 6.2h7.2l1.6-2.4 1.8.6v2.2l-1.8 1M10.4 6.4 11 13M9 9.4H5.4M5.2 9.4 4.6 13M3 6.2 3.6 13M3 6.2 1.8 8.4',
  },
  twoWheeler: {
    strokes:
      'M3.6 8.6a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5zM12.4 8.6a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5zM3.6 11.1 6.4 6h4.2l1.8 5.1M6.4 6l2 5.1M10.6 6l-.6-2.4h1.6',
  },
  line: { strokes: 'M2 13.6 14 8M5.4 2.6v7M3 7.2l2.4 2.4 2.4-2.4' },
  vehicle: { strokes: 'M2 11.5V8.2l1.7-3.9h8.6L14 8.2v3.3zM2.2 8.2h11.6M4.3 11.5v1.8M11.7 11.5v1.8' },
  wrongWay: { strokes: 'M5 13.5V4.2M2.4 6.8 5 4.2l2.6 2.6M11 2.5v9.3M8.4 9.2l2.6 2.6 2.6-2.6' },
  object: { strokes: 'M2.8 5.6 8 2.8l5.2 2.8v5L8 13.4l-5.2-2.8zM2.8 5.6 8 8.4l5.2-2.8M8 8.4v5' },
  fog: { strokes: 'M2 4.5h9M4 8h10M2 11.5h8M13 4.5h1M12.5 11.5H14' },
  ice: { strokes: 'M8 1.8v12.4M2.6 4.9l10.8 6.2M13.4 4.9 2.6 11.1' },
  wind: { strokes: 'M1.8 6h7.6a2 2 0 1 0-1.8-2.9M1.8 8.8h10.6a2 2 0 1 1-1.8 2.9M1.8 11.6h4.6' },
  cameraFault: { strokes: 'M2 4.8h8.2v6.4H2zM10.2 7.2 14 5v6l-3.8-2.2zM2 14 14 2' },
  weather: { strokes: 'M4.4 12h7.2a2.7 2.7 0 0 0 .4-5.4A4 4 0 0 0 4.4 7.3 2.4 2.4 0 0 0 4.4 12z' },
  sos: { strokes: 'M8 2.6v6.6', solid: 'M8 11.2a1.3 1.3 0 1 0 0 2.6a1.3 1.3 0 1 0 0-2.6z' },
  thermometer: { strokes: 'M6.4 9.2V3.6a1.6 1.6 0 0 1 3.2 0v5.6a3 3 0 1 1-3.2 0z' },
} satisfies Record<string, Pictogram>;

export type PictogramName = keyof typeof pictograms;

const byKind: Record<string, PictogramName> = {
  'person-on-road': 'person',
  'person-in-zone': 'person',
  animal: 'animal',
  'two-wheeler': 'twoWheeler',
  'vehicle-in-zone': 'vehicle',
  'line-crossed': 'line',
  crowd: 'crowd',
  'vehicle-stopped': 'vehicle',
  'wrong-way': 'wrongWay',
  'object-left': 'object',
  'low-visibility': 'fog',
  ice: 'ice',
  'strong-wind': 'wind',
  measurement: 'thermometer',
  'sensor-fault': 'thermometer',
  'camera-fault': 'cameraFault',
  'weather-warning': 'weather',
  sos: 'sos',
};

/** A kind that this page does not know yet looks like a call. */
export function pictogramOf(kind: string): PictogramName {
  return byKind[kind] ?? 'sos';
}

/** Tool icons on the same grid, strokes 1.5. */
export const icons = {
  search: 'M11.2 7a4.2 4.2 0 1 1-8.4 0a4.2 4.2 0 0 1 8.4 0zM10.1 10.1 14 14',
  layers: 'M8 2.2 14 5.6 8 9 2 5.6zM2.6 8.6 8 11.7l5.4-3.1M2.6 11.2 8 14.3l5.4-3.1',
  list: 'M5.6 4h8M5.6 8h8M5.6 12h8M2.4 4h.1M2.4 8h.1M2.4 12h.1',
  home: 'M1.8 11.6c3-6.4 5 1.8 7.2-2.2 1.6-3 3-4.6 5.2-5M1.8 13.8h12.4',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  close: 'M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8',
  camera: 'M2 4.8h8.2v6.4H2zM10.2 7.2 14 5v6l-3.8-2.2z',
  sound: 'M2.4 6.2h2.4L8 3.4v9.2L4.8 9.8H2.4zM10.4 5.8a3.2 3.2 0 0 1 0 4.4M12.2 4a5.8 5.8 0 0 1 0 8',
  muted: 'M2.4 6.2h2.4L8 3.4v9.2L4.8 9.8H2.4zM10.6 6.2l3.4 3.6M14 6.2l-3.4 3.6',
  more: 'M3.4 8h.1M8 8h.1M12.6 8h.1',
  copy: 'M5.4 5.4h7.4v7.4H5.4zM3.2 10.4V3.2h7.2',
} satisfies Record<string, string>;

export type IconName = keyof typeof icons;
