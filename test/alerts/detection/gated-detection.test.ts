import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Detection } from '../../../src/alerts/detection/detection.ts';
import { FrameDropped } from '../../../src/alerts/detection/detector-errors.ts';
import type { CameraFrame, Detector, UnitBox } from '../../../src/alerts/detection/model.ts';
import type { WatchedCamera } from '../../../src/alerts/detection/watched-camera.ts';
import type { Zone } from '../../../src/alerts/detection/zone.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const size = { width: 320, height: 180 };
const everything: Zone = {
  id: 'road',
  polygon: [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ],
  dwell: 3,
};

/** Where somebody is at a second; undefined while nobody is there. */
type Play = (second: number) => UnitBox | undefined;

/** Walks in from the left until the tenth second, stands still for forty, and walks out again. */
const standsStill: Play = (second) => {
  const walked = second < 10 ? second - 5 : second < 50 ? 5 : second - 45;
  return second < 5 || second > 54 ? undefined : { x: 0.1 + 0.06 * walked, y: 0.5, width: 0.05, height: 0.2 };
};
/** Is there from the first picture on, though the model does not see them before the twelfth second, and never moves. */
const alwaysThere: Play = () => ({ x: 0.4, y: 0.5, width: 0.05, height: 0.2 });

function frameOf(second: number, play: Play): CameraFrame {
  const { x, y, width, height } = play(second) ?? { x: 0, y: 0, width: 0, height: 0 };
  const [left, right] = [Math.round(x * size.width), Math.round((x + width) * size.width)];
  const [top, bottom] = [Math.round(y * size.height), (y + height) * size.height];
  const isThere = (column: number, row: number) => column >= left && column < right && row >= top && row < bottom;
  const picture = greyPicture(size.width, size.height, (column, row) => (isThere(column, row) ? 220 : 90));
  return { camera: 'a', at: new Date(second * 1_000), ...picture };
}

interface Played {
  /** The seconds of pictures that were looked at, whole and in regions. */
  readonly whole: readonly number[];
  readonly parts: readonly number[];
  /** Of all of those the ones that went before others. */
  readonly pressing: readonly number[];
  readonly usual: readonly number[];
  readonly begun: readonly number[];
  readonly ended: readonly number[];
}

interface Playing {
  readonly play: Play;
  readonly detect?: Partial<WatchedCamera['detect']>;
  /** From which second on the model sees anybody. */
  readonly seesFrom?: number;
  /** The seconds at which the detector fails. */
  readonly failsAt?: readonly number[];
}

/** A picture a second for seventy seconds, through a gate with a slow beat of twenty. */
async function played({ play, detect = {}, seesFrom = 0, failsAt = [] }: Playing): Promise<Played> {
  const told: Record<keyof Played, number[]> = { whole: [], parts: [], usual: [], pressing: [], begun: [], ended: [] };
  const over = Promise.withResolvers<void>();
  const detector: Detector = {
    detect: async (frame, regions, rank = 'usual') => {
      const second = frame.at.getTime() / 1_000;
      told[regions ? 'parts' : 'whole'].push(second);
      told[rank].push(second);
      if (failsAt.includes(second)) throw new FrameDropped('a', 'late');
      const box = second >= seesFrom ? play(second) : undefined;
      const isSeen = box && (!regions || regions.some((region) => holds(region, box)));
      return { frame, sightings: isSeen ? [{ label: 'person', score: 0.6, box }] : [] };
    },
  };
  await using detection = new Detection({
    cameras: [{ id: 'a', position: { lat: 27.3, lon: 105.29 }, detect: { every: 1, zones: [everything], ...detect } }],
    detector,
    gate: { fullEveryMs: 20_000, mostRegions: 2 },
    frames: async function* (_, { signal }) {
      for (let second = 0; second < 70; second++) {
        yield frameOf(second, play);
        for (let turn = 0; turn < 40; turn++) await setImmediate();
      }
      over.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    observe: async ({ at }) => told.begun.push(at.getTime() / 1_000),
    end: async (_, at) => told.ended.push(at.getTime() / 1_000),
    log: silentLog,
  });
  detection.start();
  await over.promise;
  return told;
}

function holds(region: UnitBox, box: UnitBox): boolean {
  const isAcross = region.x <= box.x && box.x + box.width <= region.x + region.width;
  return isAcross && region.y <= box.y && box.y + box.height <= region.y + region.height;
}

test('where nothing moves the model is asked on the slow beat only', async () => {
  const { whole, parts } = await played({ play: () => undefined });
  expect([whole, parts]).toEqual([[0, 20, 40, 60], []]);
});

test('who walks in and stands still is looked at in every picture, is one event, and it ends when they have gone', async () => {
  const { whole, parts, begun, ended } = await played({ play: standsStill });
  const looked = new Set([...whole, ...parts]);
  const there = Array.from({ length: 50 }, (_, index) => index + 5);
  expect(there.filter((second) => !looked.has(second))).toEqual([]);
  expect(parts.length).toBeGreaterThan(whole.length);
  expect(begun[0]).toBe(8);
  expect(ended).toEqual([54]);
});

test('the picture with which an event should begin goes before others, and the next one when that failed', async () => {
  const { pressing, begun } = await played({ play: standsStill });
  expect([pressing, begun[0]]).toEqual([[8], 8]);
  const again = await played({ play: standsStill, failsAt: [8] });
  expect([again.pressing, again.begun[0]]).toEqual([[8, 9], 9]);
});

test('who stood there before the first picture is found on the slow beat', async () => {
  const { begun } = await played({ play: alwaysThere, seesFrom: 12 });
  expect(begun[0]).toBe(23);
});

test('a look that failed is made up for at once', async () => {
  const { whole } = await played({ play: () => undefined, failsAt: [20] });
  expect(whole).toEqual([0, 20, 21, 41, 61]);
});

test('with the gate off for a camera all of every picture is looked at', async () => {
  const { whole } = await played({ play: () => undefined, detect: { gate: false } });
  expect(whole).toHaveLength(70);
});
