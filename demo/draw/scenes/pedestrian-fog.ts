import { height, width } from '../perspective.ts';
import { shoulderWalk, view } from './pedestrian.ts';

const mist = '#8f969b';
const clearMeters = 55;

/** What of the colours is gone at each row of the road, as thick as the air is up to there. */
function veil(): string {
  const rows = [0, 0.05, 0.12, 0.25, 0.5, 1];
  const stops = rows.map((share) => {
    const away = (view.focal * view.heightMeters) / Math.max(1, share * (height - view.horizon));
    return `<stop offset="${share}" stop-color="${mist}" stop-opacity="${(1 - Math.exp(-away / clearMeters)).toFixed(3)}"/>`;
  });
  return `<linearGradient id="mist" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${view.horizon}" y2="${height}">${stops.join('')}</linearGradient>
    <rect width="${width}" height="${height}" fill="url(#mist)"/>`;
}

/** The walk of the demo's alert, in fog in which one sees some 150 m. */
export const pedestrianFog = shoulderWalk({
  name: 'pedestrian-fog',
  air: { colour: mist, clearMeters },
  veil: veil(),
  crf: 36,
});
