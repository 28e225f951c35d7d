import { expect, test } from 'vitest';
import { type Travel, travelTo } from '../../../src/gis/travel/travel.ts';
import { partsOf } from '../../../src/gis/travel/way.ts';
import { at, graphOf, line } from './town.ts';

/** Two carriageways with an opening at 3 km, and a field track that leads nowhere. */
const openings = { emergencyOpenings: [[3_000, '东口']] as [number, string][] };
const graph = graphOf(
  line({ id: 'G1', carriageway: 'down', ...openings }, [0, 0], [5_000, 0]),
  line({ id: 'G1', carriageway: 'up' }, [0, 25], [5_000, 25]),
  line({ id: 'Y3' }, [0, 2_000], [2_000, 2_000]),
);
const place = { point: at(1_000, 25), told: { road: 'G1', carriageway: 'up' as const } };

function figures(travel: Travel | undefined) {
  if (travel?.by === 'road') return [travel.by, Math.round(travel.trip.seconds), Math.round(travel.trip.meters)];
  return travel?.by === 'straight' ? [travel.by, Math.round(travel.seconds), Math.round(travel.meters)] : [travel?.by];
}

test('whoever stands across the median drives on to the opening and back', () => {
  const [across, behind] = travelTo(graph, place, [
    { point: at(1_000, 0), heading: 90 },
    { point: at(4_000, 25), heading: 270 },
  ]);
  expect(figures(across)).toEqual(['road', 200 + 60 + 200, 4_025]);
  expect(figures(behind)).toEqual(['road', 300, 3_000]);
  expect(across?.by === 'road' && partsOf(across.trip.legs())).toMatchObject([
    { road: 'G1', carriageway: 'down' },
    { opening: { stakeMeters: 3_000, name: '东口' } },
    { road: 'G1', carriageway: 'up' },
  ]);
});

test('past the last opening no road leads there, and no straight line is made up', () => {
  const [past] = travelTo(graph, place, [{ point: at(3_500, 0), heading: 90 }]);
  expect(figures(past)).toEqual(['none']);
});

test('of two carriageways that it may be on, the one that takes longer counts', () => {
  const [between] = travelTo(graph, place, [{ point: at(2_000, 12) }]);
  expect(figures(between)).toEqual(['road', 100 + 60 + 200, 3_025]);
  expect(between?.by === 'road' && between.unclear).toMatchObject({
    what: 'start',
    atBestSeconds: expect.closeTo(100, 0),
  });
});

test('a place on either carriageway is as far as on the farther one', () => {
  const [travel] = travelTo(graph, { point: at(2_500, 12) }, [{ point: at(2_000, 0), heading: 90 }]);
  expect(figures(travel)).toEqual(['road', 100 + 60 + 50, 1_525]);
  expect(travel?.by === 'road' && travel.unclear).toMatchObject({
    what: 'place',
    atBestSeconds: expect.closeTo(50, 0),
  });
});

test('a carriageway that cannot be reached is not the farther one', () => {
  const [travel] = travelTo(graph, { point: at(3_500, 12) }, [{ point: at(2_000, 0), heading: 90 }]);
  expect(figures(travel)).toEqual(['road', 150, 1_500]);
  expect(travel?.by === 'road' && travel.unclear).toBeUndefined();
});

test('only where no road is near a straight line counts, at 30 km/h, and says whose', () => {
  const [field, road] = travelTo(graph, place, [{ point: at(1_000, 1_025) }, { point: at(1_500, 25), heading: 270 }]);
  expect(field).toMatchObject({ by: 'straight', offRoad: 'start', seconds: expect.closeTo(120, 0) });
  expect(figures(road)).toEqual(['road', 50, 500]);
  const [toField] = travelTo(graph, { point: at(1_000, 1_000) }, [{ point: at(1_000, 0), heading: 90 }]);
  expect(toField).toMatchObject({ by: 'straight', offRoad: 'place', meters: expect.closeTo(1_000, 0) });
});

test('a road that joins no other leads nowhere else', () => {
  const [track] = travelTo(graph, place, [{ point: at(1_000, 2_000) }]);
  expect(figures(track)).toEqual(['none']);
});
