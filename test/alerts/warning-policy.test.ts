import { expect, test } from 'vitest';
import { fog, openDesk, second } from './alert-fixtures.ts';

const dayAgo = new Date(Date.now() - 86_400_000);

test('a weather warning seen again after a day of silence goes on; a reading begins anew', async () => {
  await using house = await openDesk();
  const seen = async (kind: 'weather-warning' | 'low-visibility', at: Date) =>
    (await house.desk.observe(fog({ key: kind, kind, at }))).id;
  const warning = await seen('weather-warning', dayAgo);
  expect(await seen('weather-warning', second(0))).toBe(warning);
  const reading = await seen('low-visibility', dayAgo);
  expect(await seen('low-visibility', second(0))).not.toBe(reading);
});

test('weather warnings of a whole province are no flood', async () => {
  await using house = await openDesk({ flood: { limit: 3, windowMs: 60_000 } });
  const areas = Array.from({ length: 10 }, (_, index) => `area-${index}`);
  for (const area of areas)
    await house.desk.observe(fog({ key: area, kind: 'weather-warning', area, sensor: undefined }));
  expect((await house.desk.open()).map(({ area }) => area).toSorted()).toEqual(areas);
});
