import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Caller } from './caller.ts';
import { root } from './program.ts';
import { openSmallSite, type RunningServer, type SmallSite } from './small-site.ts';

export const patrolPassword = 'qing-shan-lv-shui-27';

/** The small site with the demo's roads, no camera, and two units of which one has a terminal. */
export async function openLoopSite(): Promise<SmallSite> {
  const site = await openSmallSite();
  await writeFile(join(site.config, 'cameras.yaml'), 'cameras: []\n');
  await copyFile(join(root, 'demo/config/roads.geojson'), join(site.config, 'roads.geojson'));
  const units = 'units:\n  - { id: xun7, name: 巡7, kind: patrol }\n  - { id: xun4, name: 巡4, kind: patrol }\n';
  await writeFile(join(site.config, 'units.yaml'), units);
  return site;
}

/** 巡7 stands on the road, 2 km before the station. */
export async function parkUnit(server: RunningServer): Promise<AsyncDisposable> {
  const terminal = await server.device('xun7');
  const fix = { at: new Date().toISOString(), lat: 27.2961, lon: 105.2744, accuracy: 5, speed: 0 };
  await terminal.client.publishAsync('tianliang/terminals/xun7/position', JSON.stringify(fix), { qos: 1 });
  return terminal;
}

/** An account for the page of 巡7. */
export async function addPatrol(admin: Caller): Promise<void> {
  await admin.post('/accounts', {
    name: 'patrol7',
    role: 'patrol',
    areas: 'all',
    unit: 'xun7',
    password: patrolPassword,
  });
}
