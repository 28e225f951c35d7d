import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Incident } from '../../src/dispatch/incidents/incident.ts';
import { openSeat } from '../helpers/live-seat.ts';
import { openLoopSite, parkUnit } from '../helpers/loop-site.ts';
import { sitePassword } from '../helpers/small-site.ts';
import { launchBrowser, openWallPage } from '../helpers/wall-browser.ts';

const plan = `id: fog
name: 大雾
match: { kinds: [low-visibility] }
deadlines: { report: 15 }
steps:
  - { id: sign, do: sign, text: 限速40, after: 5 }
  - { id: patrol, do: units, count: 1 }
  - { id: report, do: timer, after: 10, text: 现场反馈 }
`;
const within = { timeout: 30_000, interval: 100 };

test('one key sends the nearest, which is taken back for ten seconds; the board counts it, by keyboard and at 200 %', async () => {
  await using site = await openLoopSite();
  await mkdir(join(site.config, 'plans'));
  await writeFile(join(site.config, 'plans/fog.yaml'), plan);
  await using server = await site.start();
  const admin = await server.admin();
  await using _terminal = await parkUnit(server);
  await using live = await openSeat(admin);
  await using station = await server.device('ws06');
  await station.reading({ visibility: 80 });
  const alert = await live.alert(({ kind }) => kind === 'low-visibility', 20_000);
  const browser = await launchBrowser();
  await using _browser = { [Symbol.asyncDispose]: () => browser.close() };
  const wall = await openWallPage(browser, 'wall');
  const { page } = wall;
  page.setDefaultTimeout(20_000);
  await wall.logIn(server.url, 'admin', sitePassword);
  await wall.alert(alert.id).click();

  const candidate = page.locator('[data-testid=candidate][data-unit=xun7]');
  await candidate.waitFor();
  expect(await candidate.innerText()).toMatch(/巡7.*空闲.*\d+\s*秒.*km/s);
  const cannot = page.getByTestId('candidates');
  expect(await cannot.innerText()).toMatch(/不可派\s*巡4 从未上线/);
  await page.keyboard.press('Enter');
  const progress = page.locator('[data-testid=progress] [data-unit=xun7]');
  await progress.waitFor();
  const incidents = async () => (await admin.get<{ items: Incident[] }>('/incidents')).items;
  expect(await incidents()).toMatchObject([
    { state: 'dispatched', alerts: [alert.id], assignments: [{ unit: 'xun7' }] },
  ]);

  await page.keyboard.press('z');
  await page.getByTestId('send-undone').waitFor();
  expect(await page.getByTestId('send-left').getAttribute('href')).toMatch(/^#incidents\/./);
  expect(await incidents()).toMatchObject([{ state: 'received', assignments: [{ state: 'recalled' }] }]);
  await expect.poll(() => admin.get(`/alerts/${alert.id}`), within).toMatchObject({ state: 'raised' });

  // Sent again, and somebody else has recalled it meanwhile: every seat sees it.
  await candidate.waitFor();
  await page.getByTestId('action-send').click();
  await page.locator('[data-testid=progress] [data-unit=xun7][data-state=dispatched]').waitFor();
  const [{ id = '' } = {}] = await incidents();
  // Its plan is ticked off as it is done; what can be seen to be done nobody ticks off.
  const step = (name: string, look: string) =>
    page.locator(`[data-testid=plan] [data-step=${name}][data-look=${look}]`);
  await step('patrol', 'done').waitFor();
  expect(await step('report', 'open').innerText()).toMatch(/现场反馈\s*余 (?:10:00|9:\d\d)/);
  await step('sign', 'open').getByRole('checkbox').click();
  await step('sign', 'done').waitFor();
  await page.locator(`[data-testid=time-strip] [data-testid=strip-lane][data-incident="${id}"]`).waitFor();
  // It is drawn anew once a second.
  await expect.poll(() => page.getByTestId('strip-lane').textContent(), within).toMatch(/反馈限 \d\d:\d\d.*巡7 已派/s);
  await page.getByTestId('tab-record').click();
  await expect.poll(() => page.getByTestId('record').innerText(), within).toMatch(/预案步骤 sign.*派遣.*撤回派遣/s);

  await page.keyboard.press('g');
  await page.keyboard.press('i');
  const card = page.locator(`[data-column=handle] [data-incident="${id}"]`);
  await card.waitFor();
  await card.focus();
  await page.keyboard.press('Enter');
  const file = page.getByTestId('incident-file');
  await file.waitFor();
  expect(await file.innerText()).toContain('已派遣');
  await page.getByTestId('move-escalate').click();
  await page.getByTestId('say-reason').fill('久未到场');
  await page.keyboard.press('Enter');
  await page.locator(`[data-column=supervise] [data-incident="${id}"]`).waitFor();

  // At 200 % a wall of 1920 px is a page of 960.
  await page.setViewportSize({ width: 960, height: 540 });
  const send = page.getByTestId('move-escalate');
  await send.waitFor();
  expect(await isWhole(send)).toBe(true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await wall.alert(alert.id).click();
  expect(await isWhole(page.getByTestId('action-add'))).toBe(true);
  expect(await isWhole(page.getByTestId('action-more'))).toBe(true);
  expect(wall.complaints).toEqual([]);
}, 120_000);

/** Nothing of it is outside the window. */
async function isWhole(button: import('playwright-core').Locator): Promise<boolean> {
  await button.scrollIntoViewIfNeeded();
  const box = await button.boundingBox();
  const size = button.page().viewportSize();
  if (!box || !size) return false;
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height;
}
