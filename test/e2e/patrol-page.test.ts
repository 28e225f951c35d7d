import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Incident } from '../../src/dispatch/incidents/incident.ts';
import { openSeat } from '../helpers/live-seat.ts';
import { addPatrol, openLoopSite, parkUnit, patrolPassword } from '../helpers/loop-site.ts';
import { launchBrowser } from '../helpers/wall-browser.ts';

const within = { timeout: 30_000, interval: 100 };
const here = { latitude: 27.2965, longitude: 105.2752 };
const place = { lat: 27.300117, lon: 105.288583 };

/** A phone whose owner has let the browser know where it is, and what it complained about while it had a net. */
async function openPhone(browser: Browser) {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    locale: 'zh-CN',
    reducedMotion: 'reduce',
    permissions: ['geolocation'],
    geolocation: here,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  const frames: string[] = [];
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(`${payload}`)));
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`);
  });
  return { context, page, complaints, frames };
}

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('login-name').fill('patrol7');
  await page.getByTestId('login-password').fill(patrolPassword);
  await page.getByTestId('login-submit').click();
  await page.getByTestId('standing-by').waitFor();
}

test('a patrol accepts, arrives without a net, reports with a picture when it is back, and calls for help', async () => {
  await using site = await openLoopSite();
  await using server = await site.start();
  const admin = await server.admin();
  await addPatrol(admin);
  await using _terminal = await parkUnit(server);
  const browser = await launchBrowser();
  await using _browser = { [Symbol.asyncDispose]: () => browser.close() };
  const { context, page, complaints, frames } = await openPhone(browser);
  // It lands on its own page, wherever it logs in.
  await logIn(page, server.url);
  expect(new URL(page.url()).pathname).toBe('/patrol');

  const report = { source: 'hotline', kind: 'object-left', title: '路面遗留物', position: place, severity: 'major' };
  const { id } = await admin.post<Incident>('/incidents', report);
  const incident = () => admin.get<Incident>(`/incidents/${id}`);
  await admin.post(`/incidents/${id}/dispatch`, { unit: 'xun7' });
  const primary = page.getByTestId('duty-primary');
  await page.locator('[data-step=accept]').waitFor();
  // It was told, and did not have to ask; then it asked for the way.
  expect(frames.some((text) => /"event","topic":"assignments".*"unit":"xun7"/.test(text))).toBe(true);
  await page.locator('[data-testid=duty-map][data-way=road]').waitFor();
  expect(await page.getByTestId('duty-way').innerText()).toMatch(/[12]\.\d km 沿路\s+\d.*到达/);
  await primary.click();
  await expect.poll(incident, within).toMatchObject({ state: 'accepted' });

  // The position is shared when the patrol says so, and by its consent alone.
  await page.getByTestId('share').click();
  expect(await page.getByTestId('sharing').count()).toBe(0);
  await page.getByTestId('share-agree').click();
  await page.locator('[data-testid=sharing][data-told=true]').waitFor();
  const position = { lat: expect.closeTo(here.latitude, 4), lon: expect.closeTo(here.longitude, 4) };
  await expect.poll(() => admin.get('/units/xun7'), within).toMatchObject({ position });

  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  expect(complaints.filter((text) => !/401 \(Unauthorized\) \S+\/auth\/me$/.test(text))).toEqual([]);
  await context.setOffline(true);
  await page.locator('[data-step=arrive]').waitFor();
  await primary.click();
  await page.locator('[data-testid=unsent][data-count="1"]').waitFor();
  await page.locator('[data-step=report]').waitFor();
  const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#886644' } })
    .jpeg()
    .toBuffer();
  await page.getByTestId('duty-camera').setInputFiles({ name: 'p.jpg', mimeType: 'image/jpeg', buffer: picture });
  await page.locator('[data-testid=unsent][data-count="2"]').waitFor();
  expect((await incident()).state).toBe('accepted');

  // The page is opened anew without a net: what was done is still there.
  await page.reload();
  await page.locator('[data-testid=unsent][data-count="2"]').waitFor();
  await page.locator('[data-step=complete]').waitFor();
  await context.setOffline(false);
  await expect.poll(incident, within).toMatchObject({ state: 'on_scene', photos: [expect.any(String)] });
  await page.getByTestId('unsent').waitFor({ state: 'detached' });

  await page.getByTestId('duty-text').fill('已清除');
  // A wet screen touches twice.
  await primary.dblclick();
  await expect.poll(incident, within).toMatchObject({ state: 'handled', feedback: [{ text: '已清除' }] });
  await page.getByTestId('standing-by').waitFor();
  await page.getByTestId('account').click();
  await page.getByTestId('enrol-qr').waitFor();
  // On a phone nothing of it is beside the screen.
  const back = (await page.getByTestId('enrol-back').boundingBox()) ?? expect.fail('no way back');
  expect(back.x + back.width).toBeLessThanOrEqual(390);
  await page.getByTestId('enrol-back').click();
  await page.getByTestId('standing-by').waitFor();

  await using live = await openSeat(admin);
  const sos = page.getByTestId('sos');
  await sos.click();
  expect(await page.getByText('按住 1.5 秒').count()).toBe(1);
  await sos.click({ delay: 1_800 });
  await page.getByText(/已求助/).waitFor();
  const call = await live.alert(({ kind }) => kind === 'sos', 20_000);
  expect(call).toMatchObject({ severity: 'critical', unit: 'xun7', state: 'raised' });
  const { items } = await admin.get<{ items: { kind: string }[] }>('/alerts');
  expect(items.filter(({ kind }) => kind === 'sos')).toHaveLength(1);
}, 120_000);
