import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { Caller } from '../../helpers/caller.ts';
import { openSmallSite } from '../../helpers/small-site.ts';
import { type CapAlert, capXml, referenceTo } from './cap-documents.ts';

const within = { timeout: 60_000, interval: 200 };
const hoursFromNow = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

const areas = JSON.stringify({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { id: 'west', name: '西段' },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [105.1, 27.2],
            [105.3, 27.2],
            [105.3, 27.4],
            [105.1, 27.4],
            [105.1, 27.2],
          ],
        ],
      },
    },
  ],
});

const warningsSection = `warnings:
  feeds:
    - { id: local, file: warnings.xml, every: 10s }
    - { id: gone, file: nowhere.xml }
`;

async function openSite() {
  const site = await openSmallSite();
  await appendFile(join(site.config, 'tianliang.yaml'), warningsSection);
  await writeFile(join(site.config, 'areas.geojson'), areas);
  const write = (alert: CapAlert) => writeFile(join(site.config, 'warnings.xml'), capXml(alert));
  return { ...site, write };
}

const warningsOf = async (caller: Caller) =>
  (await caller.get<{ items: Alert[] }>('/alerts?kind=weather-warning')).items;

test('a warning of a file is an alert and ground on the map, once through a restart, until it is cancelled', async () => {
  await using site = await openSite();
  const fog = { identifier: 'fog-1', sent: hoursFromNow(-1), infos: [{ expires: hoursFromNow(2) }] };
  await site.write(fog);
  let id = '';
  {
    await using server = await site.start();
    const admin = await server.admin();
    await expect.poll(() => warningsOf(admin), within).toHaveLength(1);
    const [alert] = await warningsOf(admin);
    expect(alert).toMatchObject({
      severity: 'major',
      area: 'west',
      title: '大雾',
      position: { lat: expect.any(Number) },
    });
    expect(alert?.reasons).toHaveLength(3);
    id = alert?.id ?? '';
    const { features } = await admin.get<{ features: unknown[] }>('/warnings.geojson');
    expect(features).toMatchObject([{ properties: { severity: 'major' }, geometry: { type: 'Polygon' } }]);
    const { parts } = (await (await admin.fetch('/readyz')).json()) as { parts: Record<string, string> };
    expect(parts['warnings.local']).toBe('ok');
    expect(parts['warnings.gone']).toMatch(/^degraded since \S+Z: it cannot be read \(ENOENT\)$/);
    expect(await (await admin.fetch('/metrics')).text()).toMatch(/tianliang_warnings\{of="message"\} \d/);
  }
  await using server = await site.start();
  const admin = await server.admin();
  await expect.poll(async () => (await warningsOf(admin))[0]?.version, within).toBeGreaterThan(1);
  expect((await warningsOf(admin)).map((alert) => alert.id)).toEqual([id]);
  const cancel = { msgType: 'Cancel', references: referenceTo(fog), infos: [] };
  await site.write({ identifier: 'fog-2', sent: hoursFromNow(0), ...cancel });
  await expect.poll(async () => (await warningsOf(admin))[0]?.endedAt, within).toBeDefined();
  expect((await warningsOf(admin)).map((alert) => alert.id)).toEqual([id]);
  await expect.poll(() => admin.get('/warnings.geojson'), within).toMatchObject({ features: [] });
});
