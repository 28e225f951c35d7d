import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Incident } from '../src/dispatch/incidents/incident.ts';
import type { DepartmentLoad } from '../src/store/incidents-repository.ts';
import type { Caller } from './helpers/caller.ts';
import { root } from './helpers/program.ts';
import { openSmallSite } from './helpers/small-site.ts';

/** Friday is a holiday, and Saturday is worked instead. */
const matrix = `calendar:
  zone: Asia/Shanghai
  holidays: ["2026-11-27"]
  workdays: ["2026-11-28"]
rows:
  - { id: R7, kind: manhole, department: 住建局, workingDays: 2, severity: major }
`;

async function openSite() {
  const site = await openSmallSite();
  await writeFile(join(site.config, 'cameras.yaml'), 'cameras: []\n');
  await writeFile(join(site.config, 'responsibility.yaml'), matrix);
  return site;
}

const report = { source: 'grid', kind: 'manhole', title: '井盖缺失', position: { lat: 27.3, lon: 105.29 } };
const thursday = new Date('2026-11-26T15:19:00+08:00');
const within = { timeout: 30_000, interval: 100 };

test('a manhole of Thursday 15:19 with two working days is due on Monday at that very time, across a holiday and restarts', async () => {
  await using site = await openSite();
  const open = async () => {
    await using server = await site.startAt(thursday);
    return await (await server.admin()).post<Incident>('/incidents', report);
  };
  const { id, dueAt = '', times, department, severity, reasons } = await open();
  expect({ department, severity, reasons }).toMatchObject({
    department: '住建局',
    severity: 'major',
    reasons: [{ text: expect.stringContaining('R7') }],
  });
  const received = Date.parse(times.received ?? '');
  expect(received - thursday.getTime()).toBeLessThan(120_000);
  expect(Date.parse(dueAt) - received).toBe(4 * 86_400_000);
  const local = (at: number) => new Date(at).toLocaleString('sv-SE', { timeZone: 'Asia/Shanghai' });
  expect(local(Date.parse(dueAt))).toBe(local(received).replace('2026-11-26', '2026-11-30'));

  const look = async (caller: Caller) => {
    const { pressed, escalations } = await caller.get<Incident>(`/incidents/${id}`);
    const { items: overdue } = await caller.get<{ items: Incident[] }>('/incidents?overdue=true');
    const { items: loads } = await caller.get<{ items: DepartmentLoad[] }>('/incidents/departments');
    return { pressed, escalations, overdue: overdue.length, loads: loads.map((load) => load.overdue) };
  };
  const before = async () => {
    await using server = await site.startAt(new Date(Date.parse(dueAt) - 180_000));
    const caller = await server.admin();
    await expect
      .poll(() => look(caller), within)
      .toEqual({ pressed: 'remind', escalations: 0, overdue: 0, loads: [0] });
  };
  await before();
  await using server = await site.startAt(new Date(dueAt));
  const caller = await server.admin();
  await expect
    .poll(() => look(caller), within)
    .toEqual({ pressed: 'escalate', escalations: 1, overdue: 1, loads: [1] });
}, 180_000);

test('another matrix and other roads hold from the next report on; what was opened before keeps what it had', async () => {
  await using site = await openSite();
  await using server = await site.start();
  const caller = await server.admin();
  const old = await caller.post<Incident>('/incidents', report);
  const health = async () => {
    const { parts } = (await (await caller.fetch('/readyz')).json()) as { parts: Record<string, string> };
    return parts.config;
  };
  await writeFile(join(site.config, 'responsibility.yaml'), 'rows: [{ kind: manhole, departement: x }]\n');
  await expect.poll(health, within).toBe('refused');
  expect(await caller.post('/incidents', { ...report, reference: '1' })).toMatchObject({ department: '住建局' });

  const csv = 'kind,department,minutes\nmanhole,水务局,90\n';
  await writeFile(join(site.config, 'matrix.csv'), csv);
  await writeFile(join(site.config, 'responsibility.yaml'), 'include: [matrix.csv]\n');
  const department = async () =>
    (await caller.post<Incident>('/incidents', { ...report, source: 'hotline' })).department;
  await expect.poll(department, within).toBe('水务局');
  await writeFile(join(site.config, 'matrix.csv'), csv.replace('水务局', '城管局'));
  await expect.poll(department, within).toBe('城管局');
  expect(await caller.get<Incident>(`/incidents/${old.id}`)).toEqual(old);

  const byStake = {
    source: 'call-110',
    kind: 'crash',
    title: '追尾',
    road: 'G76',
    stake: 'K1432+300',
    carriageway: 'down',
  };
  expect(await caller.post<Incident>('/incidents', byStake)).not.toHaveProperty('position');
  await writeFile(join(site.config, 'roads.geojson'), await readFile(join(root, 'demo/config/roads.geojson')));
  const placed = async () => (await caller.post<Incident>('/incidents', byStake)).position !== undefined;
  await expect.poll(placed, within).toBe(true);
  const { features } = (await (await caller.fetch('/api/v1/roads.geojson')).json()) as { features: unknown[] };
  expect(features.length).toBeGreaterThan(5);
  expect(await health()).toBe('ok');
  const { items } = await caller.get<{ items: { action: string }[] }>('/ledger?limit=200');
  const applied = items.map(({ action }) => action).filter((action) => action.endsWith('.apply'));
  expect(applied).toEqual(['roads.apply', 'responsibility.apply', 'responsibility.apply']);
}, 120_000);
