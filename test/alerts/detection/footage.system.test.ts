import { beforeAll, describe, expect, test } from 'vitest';
import { truthAt } from '../../../bench/detection/ground-truth.ts';
import { precisionOf, recallOf, sumOf, type Tally, tallyOf } from '../../../bench/detection/tally.ts';
import type { Corner } from '../../../src/alerts/detection/zone.ts';
import { noFootage } from '../../helpers/footage-site.ts';
import { eventsIn, type RecordedPass, recordFootage, trackedPass } from './recorded-pass.ts';

const square = ([left, top, right, bottom]: readonly [number, number, number, number]): Corner[] => [
  [left, top],
  [right, top],
  [right, bottom],
  [left, bottom],
];
const everywhere = square([0, 0, 1, 1]);

describe.skipIf(noFootage)(`real footage${noFootage}`, () => {
  let passes: ReadonlyMap<string, RecordedPass>;
  beforeAll(async () => {
    passes = await recordFootage();
  }, 120_000);

  function pass(name: string): RecordedPass {
    const found = passes.get(name);
    if (!found) throw new Error(`no ${name} was recorded`);
    return found;
  }

  /** The same pictures in the other order: everything drives and walks backwards. */
  function reversed(name: string): RecordedPass {
    const { truth, pictures, sightings } = pass(name);
    return { truth, pictures: pictures.toReversed(), sightings: sightings.toReversed() };
  }

  function tallied(name: string, family: string): Tally {
    const recorded = pass(name);
    const seen = trackedPass(recorded).map(({ at, tracks }) => tracks.filter(({ lastAt }) => lastAt === at));
    return sumOf(
      seen.map((each, index) => tallyOf(family, each, truthAt(recorded.truth, recorded.pictures[index] ?? 0))),
    );
  }

  test('of the people in an aisle nine of ten are found, and nine of ten found are there', () => {
    const tally = tallied('store-aisle', 'person');
    expect(tally.found).toBeGreaterThan(20);
    expect(recallOf(tally)).toBeGreaterThanOrEqual(0.9);
    expect(precisionOf(tally)).toBeGreaterThanOrEqual(0.9);
  });

  test('of somebody in the corner of a lot most is found, and of the car there nearly all', () => {
    const person = tallied('person-bicycle-car', 'person');
    const vehicle = tallied('person-bicycle-car', 'vehicle');
    expect([recallOf(person), precisionOf(person)].map((share) => share >= 0.6)).toEqual([true, true]);
    expect([recallOf(vehicle), precisionOf(vehicle)].map((share) => share >= 0.8)).toEqual([true, true]);
  });

  test('where only cars pass nobody is on foot, and cars are told of', () => {
    const zone = (objects: string[]) => ({ zones: [{ id: 'all', polygon: everywhere, objects }] });
    expect(eventsIn(pass('car-only'), zone(['person', 'two-wheeler', 'animal']))).toEqual([]);
    expect(eventsIn(pass('car-only'), zone(['vehicle'])).length).toBeGreaterThan(0);
  });

  test('two people in an aisle are a crowd where two are one, three are not four', () => {
    const crowd = (count: number) =>
      eventsIn(pass('store-aisle'), {
        zones: [{ id: 'aisle', name: '通道', road: false, polygon: everywhere, rule: 'crowd', count, dwell: 1 }],
      });
    expect(crowd(2)).toEqual([{ title: '通道聚集 2 人', seconds: 1 }]);
    expect(crowd(4)).toEqual([]);
  });

  test('a car that drives over a line crosses it to its side, and backwards to the other', () => {
    const line = (direction: 'left' | 'right') => ({
      lines: [
        {
          id: 'l',
          name: '停车线',
          points: [[0, 0.6] as Corner, [0.5, 0.6] as Corner],
          objects: ['vehicle'],
          direction,
        },
      ],
    });
    const clip = 'person-bicycle-car';
    expect(eventsIn(pass(clip), line('left'))).toMatchObject([{ title: '车辆越过停车线' }]);
    expect(eventsIn(pass(clip), line('right'))).toEqual([]);
    expect(eventsIn(reversed(clip), line('left'))).toEqual([]);
    expect(eventsIn(reversed(clip), line('right'))).toMatchObject([{ title: '车辆越过停车线' }]);
  });

  test('a car that goes with the traffic is not told of, and is when its clip runs backwards', () => {
    const direction: [Corner, Corner] = [
      [0.25, 1],
      [0.2, 0.2],
    ];
    const zones = [{ id: 'lot', name: '车道', polygon: everywhere, rule: 'wrong-way' as const, direction }];
    expect(eventsIn(pass('person-bicycle-car'), { zones })).toEqual([]);
    expect(eventsIn(reversed('person-bicycle-car'), { zones }).map(({ title }) => title)).toEqual(['车辆在车道逆行']);
  });

  test('a car whose clip is held at a picture has stopped there; while it drives it has not', () => {
    const { truth, pictures, sightings } = pass('person-bicycle-car');
    const zones = [{ id: 'lot', name: '停车场', polygon: everywhere, rule: 'stopped' as const, dwell: 5 }];
    const held = Array.from({ length: 14 }, () => sightings[4] ?? []);
    expect(eventsIn({ truth, sightings }, { zones })).toEqual([]);
    expect(eventsIn({ truth, sightings: [...sightings.slice(0, 4), ...held] }, { zones })).toEqual([
      { title: '车辆停在停车场', seconds: 7 },
    ]);
    expect(pictures[4]).toBe(24);
  });
});
