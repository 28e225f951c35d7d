import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.ts';
import type { DemoRun } from '../../helpers/demo-run.ts';
import { openSeat } from '../../helpers/live-seat.ts';
import { lookAtVideo } from '../../helpers/video-look.ts';
import { launchBrowser, openWallPage, type WallPage } from '../../helpers/wall-browser.ts';

interface MapPlace {
  readonly center: { readonly lat: number; readonly lon: number };
  readonly zoom: number;
}

/** Where a place is on a map that has not been moved, in pixels from its middle (Web Mercator, tiles of 512 px). */
function pixelsFromMiddle({ center, zoom }: MapPlace, { lat, lon }: MapPlace['center']) {
  const world = 512 * 2 ** zoom;
  const y = (degrees: number) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
  return { x: ((lon - center.lon) / 360) * world, y: ((y(center.lat) - y(lat)) / (2 * Math.PI)) * world };
}

/** Clicks where a camera stands on the map, again when a passing unit was in front of it. */
async function clickCamera(wall: WallPage, demo: DemoRun, id: string): Promise<void> {
  const seat = await demo.login('seat');
  const place = await seat.get<MapPlace>('/map');
  const { position } = await seat.get<{ position: MapPlace['center'] }>(`/cameras/${id}`);
  const { x, y } = pixelsFromMiddle(place, position);
  const box = (await wall.map.boundingBox()) ?? expect.fail('the map has no place');
  const opens = async () => {
    await wall.page.mouse.click(box.x + box.width / 2 + x, box.y + box.height / 2 + y);
    return await wall
      .tile(id)
      .waitFor({ timeout: 5_000 })
      .then(
        () => true,
        () => false,
      );
  };
  await expect.poll(opens, { timeout: 90_000, interval: 500 }).toBe(true);
}

/** The wall as people at two desks have it. */
export function wallTests(demo: () => DemoRun): void {
  let browser: Browser | undefined;
  const walls: { seat?: WallPage; second?: WallPage } = {};
  const seatWall = () => walls.seat ?? expect.fail('the seat is not logged in');
  /** Each raises one alert: a second SOS of the same terminal only prolongs its first. */
  const quietTerminals = ['xun4', 'xun9', 'xun11'];

  beforeAll(async () => {
    browser = await launchBrowser();
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
  }, 30_000);

  test('after login the map shows six cameras', async () => {
    const wall = await openWallPage(browser ?? expect.fail('no browser'), 'wall');
    walls.seat = wall;
    await wall.logIn(demo().url, 'seat', demo().password);
    const cameras = () => wall.map.getAttribute('data-cameras');
    await expect.poll(cameras, { timeout: 120_000, interval: 250 }).toBe('6');
    expect(await wall.page.title()).toContain('G76');
  }, 240_000);

  test('a camera clicked on the map plays: time rises and the picture is one', async () => {
    const wall = seatWall();
    await clickCamera(wall, demo(), 'k1431-460');
    const video = wall.tile('k1431-460').locator('video');
    const playing = async () => (await lookAtVideo(video)).at;
    await expect.poll(playing, { timeout: 90_000, interval: 500 }).toBeGreaterThan(0);
    const first = await lookAtVideo(video);
    await expect.poll(playing, { timeout: 90_000, interval: 500 }).toBeGreaterThan(first.at + 1);
    const later = await lookAtVideo(video);
    expect(later).toMatchObject({ width: 1_280 });
    expect(later.mean).toBeGreaterThan(10);
    expect(later.deviation).toBeGreaterThan(10);
    await wall.tile('k1431-460').locator('button.close').click();
    await wall.tile('k1431-460').waitFor({ state: 'detached' });
  }, 240_000);

  test('an alert comes by WebSocket, and taken at one desk it is taken at the other', async () => {
    const wall = seatWall();
    const second = await openWallPage(browser ?? expect.fail('no browser'), 'desk');
    walls.second = second;
    await second.logIn(demo().url, 'reviewer', demo().password);

    const asked: string[] = [];
    wall.page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await using live = await openSeat(await demo().login('engineer'));
    const unit = quietTerminals.shift() ?? expect.fail('every terminal has called');
    await using terminal = await demo().device(unit);
    await terminal.sos('e2e', { lat: 27.31, lon: 105.31 });
    const sos = await live.alert((alert) => alert.kind === 'sos' && alert.unit === unit, 20_000);
    await wall.alert(sos.id).waitFor();
    await second.alert(sos.id).waitFor();
    expect(await wall.alert(sos.id).getAttribute('data-state')).toBe('raised');
    // Neither loaded again nor fetched: it was told.
    expect(wall.toldAt(sos.id, 'raised')).toBeDefined();
    expect(asked.filter((request) => /^GET (\/|\/api\/v1\/alerts)$/.test(request))).toEqual([]);

    await wall.alert(sos.id).click();
    await wall.page.getByTestId('action-acknowledge').click();
    const isTaken = ({ id, state }: Alert) => id === sos.id && state === 'acknowledged';
    const { acknowledgedBy } = await live.alert(isTaken, 30_000);
    expect(acknowledgedBy?.name).toBe('seat');
    for (const { page } of [wall, second])
      await page.locator(`[data-testid=alert-row][data-alert="${sos.id}"][data-state=acknowledged]`).waitFor();
    expect(second.toldAt(sos.id, 'acknowledged')).toBeDefined();
  }, 240_000);

  test('neither page had anything to complain about', () => {
    expect(walls.seat?.complaints).toEqual([]);
    expect(walls.second?.complaints).toEqual([]);
  });
}
