import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect, test } from 'vitest';
import { readCap } from '../../../src/alerts/cap/cap-message.ts';
import { inTurns } from '../../../src/alerts/cap/in-turns.ts';
import { type PlacedMessage, placeMessage } from '../../../src/alerts/cap/warning.ts';
import { WarningFeeds } from '../../../src/alerts/cap/warning-feeds.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { element, parseXml } from '../../../src/shared/xml.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { whole } from '../../helpers/whole.ts';
import { openDesk } from '../alert-fixtures.ts';
import { capXml } from './cap-documents.ts';
import { windingAreas } from './weather-areas.ts';

const count = 256;
const corners = 115;
const pair = (lat: number, lon: number) => `${lat.toFixed(4)},${lon.toFixed(4)}`;
const places = Array.from({ length: corners }, (_, index) => index / corners);

/** Outlines that have the boxes of all areas in their own, and no ground with any of them. */
const shapes = {
  /** Around two sides of them all. */
  around: () => [
    ...places.map((part) => pair(26.9999, 104.99 + part * 1.02)),
    ...places.map((part) => pair(26.9999 + part * 1.02, 106.0101)),
    pair(28, 106.02),
    pair(26.99, 106.02),
    pair(26.99, 104.99),
  ],
  /** There and back again through them all. */
  flat: (number: number) => {
    const there = places.map((part, index) => pair(27 + (index % 2), 105 + part + number * 1e-4));
    return [...there, ...there.toReversed()];
  },
};

function hostileXml(shape: keyof typeof shapes): string {
  const outlines = Array.from({ length: count }, (_, number) => {
    const [first = '', ...rest] = shapes[shape](number);
    return `<polygon>${[first, ...rest, first].join(' ')}</polygon>`;
  });
  const sent = new Date(Date.now() - 60_000).toISOString();
  return capXml({ identifier: shape, sent, infos: [{ area: `<areaDesc>x</areaDesc>${outlines.join('')}` }] });
}

test.each(['around', 'flat'] as const)(
  'a feed with 256 outlines %s a hundred winding areas keeps nobody waiting',
  async (shape) => {
    await using desk = await openDesk();
    await using dir = await tempDir();
    const file = join(dir.path, 'warnings.xml');
    const xml = hostileXml(shape);
    expect(xml.length).toBeGreaterThan(900_000);
    await writeFile(file, xml);
    await using warnings = new WarningFeeds({
      config: { feeds: [{ id: 'evil', every: '10m', file }], hosts: [], areaCodes: {} },
      areas: windingAreas(),
      store: desk.store,
      observe: (observation) => desk.desk.observe(observation),
      end: (key, at) => desk.desk.end(key, at),
      log: silentLog,
      lookMs: 20,
    });
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    warnings.start();
    await expect.poll(() => warnings.health(), { timeout: 25_000, interval: 50 }).toMatchObject([{ status: 'ok' }]);
    delay.disable();
    expect(warnings.counts.message).toBe(1);
    expect((await desk.desk.list()).items).toEqual([]);
    expect(delay.percentile(99) / 1e6).toBeLessThan(100);
  },
);

test('what is beyond reason says so, and an honest one among the same areas does not', () => {
  const areas = windingAreas();
  const placed = (xml: string): PlacedMessage => {
    const reading = readCap(element(parseXml(xml), 'alert'));
    if (reading.kind !== 'message') throw new Error(reading.kind);
    return whole(placeMessage(reading.message, areas, {}));
  };
  const circles = Array.from({ length: 100 }, (_, at) => {
    const [lat, lon] = [27.05 + Math.floor(at / 10) / 10, 105.05 + (at % 10) / 10];
    return `<circle>${lat.toFixed(2)},${lon.toFixed(2)} 3</circle>`;
  });
  const honest = placed(
    capXml({
      identifier: 'h',
      sent: '2026-11-26T00:00:00Z',
      infos: [{ area: `<areaDesc>x</areaDesc>${circles.join('')}` }],
    }),
  );
  expect(honest).not.toHaveProperty('isHalfPlaced');
  expect(honest.notices[0]?.places).toHaveLength(100);
  for (const { area, point } of honest.notices[0]?.places ?? []) expect(areas.areaOf(point)).toBe(area);
  expect(placed(hostileXml('flat'))).toMatchObject({ isHalfPlaced: true });
});

test('work that is given up ends with the step it is at', async () => {
  const closing = new AbortController();
  let steps = 0;
  function* endless(): Generator<void, never> {
    for (;;) {
      steps += 1;
      yield;
    }
  }
  setTimeout(() => closing.abort(), 50);
  await expect(inTurns(endless(), closing.signal)).rejects.toMatchObject({ name: 'AbortError' });
  expect(steps).toBeGreaterThan(1);
});
