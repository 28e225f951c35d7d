import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { expect } from 'vitest';
import { WarningFeeds } from '../../../src/alerts/cap/warning-feeds.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { openDesk } from '../alert-fixtures.ts';
import { capXml } from './cap-documents.ts';
import { windingAreas } from './weather-areas.ts';

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

export type Shape = keyof typeof shapes;

export function hostileXml(shape: Shape, count: number): string {
  const outlines = Array.from({ length: count }, (_, number) => {
    const [first = '', ...rest] = shapes[shape](number);
    return `<polygon>${[first, ...rest, first].join(' ')}</polygon>`;
  });
  const sent = new Date(Date.now() - 60_000).toISOString();
  return capXml({ identifier: shape, sent, infos: [{ area: `<areaDesc>x</areaDesc>${outlines.join('')}` }] });
}

export interface Patience {
  readonly bytes: number;
  readonly tookMs: number;
  /** How often all else had its turn meanwhile. */
  readonly turns: number;
  /** How long all else waited. */
  readonly p99Ms: number;
  readonly alerts: number;
}

/** What becomes of everybody else while a feed is read that was drawn to keep us busy. */
export async function readHostile(shape: Shape, count: number): Promise<Patience> {
  await using desk = await openDesk();
  await using dir = await tempDir();
  const file = join(dir.path, 'warnings.xml');
  const xml = hostileXml(shape, count);
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
  let turns = 0;
  const turning = setInterval(() => {
    turns += 1;
  }, 1);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const startedAt = performance.now();
  warnings.start();
  await expect.poll(() => warnings.health(), { timeout: 60_000, interval: 20 }).toMatchObject([{ status: 'ok' }]);
  const tookMs = performance.now() - startedAt;
  delay.disable();
  clearInterval(turning);
  expect(warnings.counts.message).toBe(1);
  const alerts = (await desk.desk.list()).items.length;
  return { bytes: xml.length, tookMs, turns, p99Ms: delay.percentile(99) / 1e6, alerts };
}
