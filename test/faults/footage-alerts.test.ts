import { expect, test } from 'vitest';
import { type FootageCamera, footageClip, noFootage, watchFootage } from '../helpers/footage-site.ts';

/**
 * Into each zone somebody comes two pictures after `picture`, which B-frames may be sent late by, and nobody is in it when
 * the clip begins anew.
 */
const entered = [
  {
    id: 'lot',
    clip: footageClip('person-bicycle-car'),
    picture: 25,
    polygon: [
      [0.8, 0],
      [1, 0],
      [1, 0.35],
      [0.8, 0.35],
    ],
  },
  {
    id: 'aisle',
    clip: footageClip('store-aisle'),
    picture: 46,
    polygon: [
      [0.55, 0.95],
      [0.735, 0.95],
      [0.735, 1],
      [0.55, 1],
    ],
  },
] as const;

const cameras: FootageCamera[] = entered.map(({ id, clip, polygon }) => ({
  id,
  clip,
  detect: { every: 0.5, objects: ['person'], zones: [{ id: 'closed', polygon, dwell: 0 }] },
}));

test.skipIf(noFootage)(
  `real footage, from camera to desk: a person is an alert within 2 s of entering a zone${noFootage}`,
  async () => {
    await using site = await watchFootage(cameras);
    for (const { id, picture } of entered) {
      const first = () => site.told.find(({ alert }) => alert.camera === id);
      await expect.poll(first, { timeout: 30_000 }).toBeDefined();
      const { alert, at = Number.POSITIVE_INFINITY } = first() ?? {};
      const enteredAt = site.sentAt(id, picture, Date.parse(alert?.at ?? ''));
      expect(alert).toMatchObject({ kind: 'person-on-road', object: 'person', snapshot: true });
      console.log(id, 'alert', at - (enteredAt ?? Number.NaN), 'ms after the person entered');
      expect(at - (enteredAt ?? Number.NEGATIVE_INFINITY)).toBeLessThanOrEqual(2_000);
    }
  },
);
