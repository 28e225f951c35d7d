import { expect, test } from 'vitest';
import { type Station, WeatherSight } from '../src/weather-sight.ts';

const at = (lat: number) => ({ lat, lon: 105.3 });
const station = (id: string, lat: number, visibility?: number): Station => ({
  id,
  online: true,
  position: at(lat),
  ...(visibility !== undefined && { values: { visibility } }),
});

function watch() {
  const told: [string, number | undefined][] = [];
  const sight = new WeatherSight({ reachMeters: 5_000, tell: (camera, visibility) => told.push([camera, visibility]) });
  sight.configure([{ id: 'near', position: at(27.3) }, { id: 'far', position: at(27.5) }, { id: 'nowhere' }]);
  const news = () => told.splice(0);
  news();
  return { sight, news };
}

test('a camera is told what its nearest station sees, one out of reach is not', () => {
  const { sight, news } = watch();
  sight.station(station('a', 27.31, 180));
  expect(news()).toEqual([['near', 180]]);
  sight.station(station('b', 27.302, 90));
  expect(news()).toEqual([['near', 90]]);
  sight.station(station('a', 27.31, 60));
  expect(news()).toEqual([['near', 90]]);
});

test('the same reading again tells nobody; a station that falls silent, or is gone, leaves it to the next', () => {
  const { sight, news } = watch();
  sight.station(station('a', 27.31, 180));
  sight.station(station('b', 27.302, 90));
  news();
  sight.station(station('b', 27.302, 90));
  expect(news()).toEqual([]);
  sight.station({ ...station('b', 27.302, 90), online: false });
  expect(news()).toEqual([['near', 180]]);
  sight.removed('a');
  expect(news()).toEqual([['near', undefined]]);
});

test('a camera that comes is told at once, and a station that measures no visibility says nothing', () => {
  const { sight, news } = watch();
  sight.station(station('c', 27.5));
  sight.station(station('a', 27.31, 180));
  news();
  sight.configure([{ id: 'new', position: at(27.33) }]);
  expect(news()).toEqual([['new', 180]]);
});
