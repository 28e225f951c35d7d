import { height, width } from '../../demo/draw/perspective.ts';
import { framesPerSecond } from '../../demo/draw/scene.ts';
import { pedestrian, script, walkerAt } from '../../demo/draw/scenes/pedestrian.ts';
import { pedestrianFog } from '../../demo/draw/scenes/pedestrian-fog.ts';
import { pedestrianNight } from '../../demo/draw/scenes/pedestrian-night.ts';
import type { ClipTruth, DrawnBox } from './ground-truth.ts';

/** From heel to toe, in heights of the figure. */
const stride = 0.38;
/** Often enough that what lies between is straight. */
const everyPictures = 3;

function boxesOf(pictures: number): DrawnBox[] {
  return Array.from({ length: Math.floor(pictures / everyPictures) }, (_, n) => n * everyPictures).flatMap(
    (picture): DrawnBox[] => {
      const walker = walkerAt(picture / framesPerSecond);
      if (!walker) return [];
      const { foot, heightPixels } = walker;
      const half = (heightPixels * stride) / 2;
      return [[picture, foot.x - half, foot.y - heightPixels, foot.x + half, foot.y]];
    },
  );
}

/** Where the demo's scripts have drawn their walker: to be found while on the hard shoulder, by day, at night and in fog. */
export const walkerTruths: readonly ClipTruth[] = [pedestrian, pedestrianNight, pedestrianFog].map(
  ({ name, seconds }) => {
    const pictures = seconds * framesPerSecond;
    const asked = [script.onShoulder * framesPerSecond, script.leaves * framesPerSecond] as const;
    const things = [{ label: 'person', asked, boxes: boxesOf(pictures) }];
    return { name, width, height, picturesPerSecond: framesPerSecond, pictures, things };
  },
);
