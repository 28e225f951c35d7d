import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSeat } from '../helpers/live-seat.ts';
import { openSmallSite, sitePassword } from '../helpers/small-site.ts';
import { launchBrowser, openWallPage } from '../helpers/wall-browser.ts';

/** A second station 40 m from the first, and no camera. */
async function openSite() {
  const site = await openSmallSite();
  const file = join(site.config, 'tianliang.yaml');
  const text = await readFile(file, 'utf8');
  const [station = ''] = / {2}- id: ws06[\s\S]*?position:.*\n/.exec(text) ?? [];
  const second = station.replaceAll('ws06', 'ws07').replace('K1432+900', 'K1432+940').replace('27.305204', '27.305564');
  await writeFile(file, text.replace(station, station + second));
  await writeFile(join(site.config, 'cameras.yaml'), 'cameras: []\n');
  return site;
}

test('what two stations see of one fog is one alert on the wall, which a seat takes apart', async () => {
  await using site = await openSite();
  await using server = await site.start();
  const admin = await server.admin();
  await using live = await openSeat(admin);
  for (const id of ['ws06', 'ws07']) {
    await using station = await server.device(id);
    await station.reading({ visibility: 80 });
  }
  const alert = await live.alert(({ mergedFrom }) => mergedFrom.length === 1, 20_000);
  const [part = ''] = alert.mergedFrom;
  expect(alert.merged?.[1]?.because?.distanceMeters).toBeCloseTo(40, 0);

  const browser = await launchBrowser();
  try {
    const wall = await openWallPage(browser, 'wall');
    await wall.logIn(server.url, 'admin', sitePassword);
    await wall.alert(alert.id).click();
    await wall.page.getByTestId('tab-merged').click();
    const row = wall.page.locator(`[data-testid=merged] [data-part="${part}"]`);
    expect(await row.innerText()).toMatch(/K1432\+940 气象站，合并因：相距 40 m、相隔 \d+ s/);
    expect(await wall.page.getByTestId('alert-row').count()).toBe(1);
    await row.getByTestId('separate').click();
    await wall.alert(part).waitFor();
    await wall.page.getByTestId('merged').waitFor({ state: 'detached' });
    expect(await live.alert(({ id }) => id === part, 5_000)).toMatchObject({ state: 'raised', sensor: 'ws07' });
    expect(wall.complaints).toEqual([]);
  } finally {
    await browser.close();
  }
}, 240_000);
