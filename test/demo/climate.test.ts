import { expect, test } from 'vitest';
import { weatherAt } from '../../demo/simulators/devices/climate.ts';

const seconds = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

test('fog falls on ws06 within half a minute and stays', () => {
  expect(seconds(0, 10).every((t) => weatherAt('ws06', t).visibility > 800)).toBe(true);
  expect(seconds(25, 300).every((t) => weatherAt('ws06', t).visibility < 200)).toBe(true);
  expect(weatherAt('ws06', 18).visibility).toBeLessThan(weatherAt('ws06', 14).visibility);
});

test('nobody else is in fog thick enough for an alert', () => {
  for (const station of ['ws01', 'ws05', 'ws07', 'ws14']) {
    expect(seconds(0, 300).every((t) => weatherAt(station, t).visibility > 300)).toBe(true);
  }
});

test('it is never cold enough for ice: the demo tells one story', () => {
  const stations = Array.from({ length: 14 }, (_, index) => `ws${String(index + 1).padStart(2, '0')}`);
  const coldest = stations.flatMap((station) => seconds(0, 600).map((t) => weatherAt(station, t).temperature));
  expect(Math.min(...coldest)).toBeGreaterThan(2);
});

test('values are smooth and within what nature does', () => {
  for (const t of seconds(0, 600)) {
    const now = weatherAt('ws09', t);
    const next = weatherAt('ws09', t + 1);
    expect(Math.abs(now.temperature - next.temperature)).toBeLessThan(0.5);
    expect(now.humidity).toBeLessThanOrEqual(100);
    expect(now.wind).toBeGreaterThanOrEqual(0);
    expect(now.rain).toBeGreaterThanOrEqual(0);
  }
});
