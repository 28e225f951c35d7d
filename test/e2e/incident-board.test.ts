import { randomUUIDv7 } from 'node:crypto';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Incident } from '../../src/dispatch/incidents/incident.ts';
import { insertIncident } from '../../src/store/incidents-repository.ts';
import { openStore } from '../../src/store/store.ts';
import { incidentOf } from '../dispatch/incidents/incident-fixtures.ts';
import { openLoopSite } from '../helpers/loop-site.ts';
import { sitePassword } from '../helpers/small-site.ts';
import { launchBrowser, openWallPage } from '../helpers/wall-browser.ts';

const within = { timeout: 30_000, interval: 100 };
const many = 10_000;
/** Longer than this a page that answers would be called frozen. */
const frozenMs = 5_000;

/** Ten thousand that nobody has taken, of the last hours; all but the newest thousand no seat is told of. */
async function fill(data: string): Promise<void> {
  const store = await openStore(join(data, 'operations.sqlite'));
  const at = new Date(Date.now() - 3_600_000).toISOString();
  await store.transaction(async (tx) => {
    for (let count = 0; count < many; count += 1) {
      const incident = incidentOf({ id: randomUUIDv7(), title: `井盖 ${count}`, at, times: { received: at } });
      await insertIncident(tx, { incident, wakeAt: undefined, words: incident.title });
    }
  });
  await store.close();
}

/** The longest time in which the page did not draw, until it is asked. */
async function watchFrames(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(`
    window.longest = 0;
    let last = performance.now();
    const frame = () => {
      const now = performance.now();
      window.longest = Math.max(window.longest, now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  `);
  return () => page.evaluate('window.longest');
}

test('ten thousand incidents do not freeze the board; a report is checked, counted at once, and closed with a reason', async () => {
  await using site = await openLoopSite();
  await fill(site.data);
  await using server = await site.start();
  const admin = await server.admin();
  const browser = await launchBrowser();
  await using _browser = { [Symbol.asyncDispose]: () => browser.close() };
  const wall = await openWallPage(browser, 'wall');
  const { page } = wall;
  page.setDefaultTimeout(30_000);
  await wall.logIn(server.url, 'admin', sitePassword);
  const longest = await watchFrames(page);
  await page.getByTestId('nav-incidents').click();
  await page.locator(`[data-testid=board][data-known="${many}"]`).waitFor();
  const column = page.locator('[data-column=take]');
  expect(await column.getByTestId('column-count').innerText()).toBe(`${many}`);
  expect(await page.getByTestId('board-card').count()).toBeLessThan(40);
  await column.locator('.list').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await column.locator(`li[aria-posinset="${many}"]`).waitFor();
  expect(await longest()).toBeLessThan(frozenMs);

  // A report at the place of another one is shown that one before it is saved.
  const here = { lat: 27.3, lon: 105.29 };
  const first = { source: 'grid', kind: 'object-left', title: '路面遗留物', position: here };
  await admin.post<Incident>('/incidents', first);
  await expect.poll(() => column.getByTestId('column-count').innerText(), within).toBe(`${many + 1}`);
  await page.getByTestId('new-report').click();
  await page.locator('[data-testid=report-map][data-map-ready=true]').click();
  await page.getByTestId('report-kind').selectOption('object-left');
  await page.getByTestId('report-title').fill('有人报路面遗留物');
  await page.getByTestId('report-save').click();
  await page.getByTestId('similar').getByText('路面遗留物').waitFor();
  await page.getByTestId('report-save').click();
  const file = page.getByTestId('incident-file');
  await file.waitFor();
  const id = (await file.getAttribute('data-incident')) ?? '';
  await page.getByTestId('move-close').click();
  await page.getByTestId('say-reason').fill('重复登记');
  await page.getByTestId('move-send').click();
  await page.locator('[data-testid=incident-file][data-state=closed]').waitFor();
  expect(await admin.get(`/incidents/${id}`)).toMatchObject({ state: 'closed', closeReason: '重复登记' });
  await page.getByTestId('show-closed').click();
  await page.locator(`[data-column=closed] [data-incident="${id}"]`).waitFor();
  expect(wall.complaints).toEqual([]);
}, 120_000);
