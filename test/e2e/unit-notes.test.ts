import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env } from 'node:process';
import { chromium, type Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openSmallSite, type RunningServer, sitePassword } from '../helpers/small-site.ts';

const within = { timeout: 60_000, interval: 200 };
const areas = {
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { id: 'west', name: '西段' },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [105.25, 27.25],
            [105.35, 27.25],
            [105.35, 27.35],
            [105.25, 27.35],
            [105.25, 27.25],
          ],
        ],
      },
    },
  ],
};

/** One patrol unit in its own area, whose terminal talks, has shown one message and not the other. */
async function keepUnitBusy(server: RunningServer): Promise<AsyncDisposable> {
  const admin = await server.admin();
  const terminal = await server.device('xun7');
  const say = (kind: string, body: object) =>
    terminal.client.publishAsync(
      `tianliang/terminals/xun7/${kind}`,
      JSON.stringify({ at: new Date().toISOString(), ...body }),
      { qos: 1 },
    );
  await say('position', { lat: 27.3, lon: 105.29, accuracy: 5, speed: 0, battery: 61 });
  await say('status', { online: true, ptt: true, channel: 'G76-1', signal: -71 });
  const write = async (title: string) =>
    (await (await admin.send('POST', '/api/v1/units/xun7/messages', { title })).json()) as { id: string };
  const { id } = await write('K1432+300 行人');
  await write('K1440 路面结冰');
  await say('receipt', { assignment: id, state: 'read' });
  const unit = { ptt: true, unread: 1, fences: ['west'], receipt: { state: 'read' } };
  await expect.poll(() => admin.get('/units/xun7'), within).toMatchObject(unit);
  return terminal;
}

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('login-name').fill('admin');
  await page.getByTestId('login-password').fill(sitePassword);
  await page.getByTestId('login-submit').click();
  await page.locator('[data-map-ready=true]').waitFor({ timeout: 60_000 });
}

test('the wall says of a unit that it talks, what it has not read, what it answered, where it is inside and where it moves', async () => {
  await using site = await openSmallSite();
  const units = 'units:\n  - { id: xun7, name: 巡7, kind: patrol, area: west }\n';
  await writeFile(join(site.config, 'units.yaml'), units);
  await writeFile(join(site.config, 'areas.geojson'), JSON.stringify(areas));
  await using server = await site.start();
  await using _ = await keepUnitBusy(server);
  const browser = await chromium.launch({
    executablePath: env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  await using _browser = { [Symbol.asyncDispose]: () => browser.close() };
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN' });
  await logIn(page, server.url);
  await page.getByRole('button', { name: '清单' }).click();
  await page.getByRole('tab', { name: '单元' }).click();
  const row = page.getByTestId('unit-row');
  await row.waitFor();
  expect(await row.innerText()).toMatch(/正在讲话.*1 条未读.*回执 已读 .* 前.*在西段内/s);
  await row.click();
  const card = page.getByTestId('picked-card');
  await card.waitFor();
  expect(await card.innerText()).toMatch(/正在讲话.*1 条未读.*回执 已读 .* 前.*在西段内.*通话组 G76-1.*信号 -71 dBm/s);
  const fix = { _type: 'location', tst: Math.round(Date.now() / 1_000), lat: 27.30123, lon: 105.29123, vel: 36 };
  await server.pub('xun7', { topic: 'owntracks/xun7/phone', payload: JSON.stringify(fix) });
  await expect.poll(() => card.innerText(), within).toMatch(/27\.3012, 105\.2912.*36 km\/h/s);
  const picture = env.TIANLIANG_PICTURE;
  if (picture) await page.screenshot({ path: picture, timeout: 60_000 });
});
