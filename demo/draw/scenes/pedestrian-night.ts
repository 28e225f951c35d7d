import { height, width } from '../perspective.ts';
import { shoulderWalk } from './pedestrian.ts';

/** A lamp above the hard shoulder lights what is near it; what is left of the day is a tenth. */
const veil = `<radialGradient id="lamp" gradientUnits="userSpaceOnUse" cx="930" cy="560" r="620">
    <stop offset="0" stop-color="#070a12" stop-opacity="0.45"/><stop offset="1" stop-color="#070a12" stop-opacity="0.86"/></radialGradient>
  <rect width="${width}" height="${height}" fill="url(#lamp)"/>`;

/** The walk of the demo's alert, at night. */
export const pedestrianNight = shoulderWalk({
  name: 'pedestrian-night',
  air: { colour: '#39404a', clearMeters: 150 },
  veil,
  crf: 36,
});
