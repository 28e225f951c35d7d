import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { calibrate } from '../../../src/gis/calibration.ts';
import { distanceMeters } from '../../../src/gis/distance.ts';
import { groundPoint } from '../../../src/gis/homography.ts';
import type { GeoPoint } from '../../../src/gis/point.ts';
import { geoOf, type Pinhole, pixelOf, type Spot } from '../../gis/pinhole-camera.ts';
import type { DemoRun } from '../../helpers/demo-run.ts';
import { launchBrowser, openWallPage, type WallPage } from '../../helpers/wall-browser.ts';

const id = 'k1432-120';
/** As the page opens its map. */
const zoom = 16.5;
/** Metres ahead and to the right: within the picture of the camera below. */
const spots: readonly Spot[] = [
  [22, -5],
  [22, 5],
  [35, -8],
  [35, 8],
  [60, -10],
  [60, 10],
  [110, -14],
  [110, 14],
];

/** Where a point is on a map that has not been moved, in pixels from its middle (Web Mercator, tiles of 512 px). */
function offsetOf(middle: GeoPoint, { lat, lon }: GeoPoint) {
  const world = 512 * 2 ** zoom;
  const y = (degrees: number) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));
  return { x: ((lon - middle.lon) / 360) * world, y: ((y(middle.lat) - y(lat)) / (2 * Math.PI)) * world };
}

/** The page that calibrates a camera, as an engineer has it. */
export function calibrateTests(demo: () => DemoRun): void {
  let browser: Browser | undefined;
  let wall: WallPage | undefined;
  const page = () => wall?.page ?? expect.fail('nobody is logged in');

  beforeAll(async () => {
    browser = await launchBrowser();
    wall = await openWallPage(browser, 'wall');
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
  }, 30_000);

  async function click(testId: string, place: { x: number; y: number }, from: 'corner' | 'middle') {
    const box = (await page().getByTestId(testId).boundingBox()) ?? expect.fail(`${testId} has no place`);
    const middle = from === 'middle' ? { x: box.x + box.width / 2, y: box.y + box.height / 2 } : undefined;
    const at = middle ?? { x: box.x, y: box.y };
    const scale = middle ? { x: 1, y: 1 } : { x: box.width, y: box.height };
    await page().mouse.click(at.x + place.x * scale.x, at.y + place.y * scale.y);
  }

  test('an engineer finds the page from the wall; it shows the picture and the map', async () => {
    await wall?.logIn(demo().url, 'engineer', demo().password);
    await page().getByTestId('nav-calibrate').click();
    await page().getByTestId('calibrate-camera').selectOption(id);
    await page().waitForURL(/#calibrate\/k1432-120$/);
    await page().locator('[data-testid=calibrate-map][data-map-ready=true]').waitFor();
    const width = () => page().evaluate<number>("document.querySelector('.picture img').naturalWidth");
    await expect.poll(width, { timeout: 60_000 }).toBeGreaterThan(600);
  }, 240_000);

  test('points clicked here and there give a view to paste, and the pointer its place', async () => {
    const { position } = await (await demo().login('engineer')).get<{ position: GeoPoint }>(`/cameras/${id}`);
    const pole: Pinhole = { position, heightMeters: 9, pitch: 0.14, bearing: (44 * Math.PI) / 180, focal: 1_700 };
    for (const [index, spot] of spots.entries()) {
      const [x, y] = pixelOf(pole, spot);
      await click('calibrate-picture', { x, y }, 'corner');
      await click('calibrate-map', offsetOf(position, geoOf(pole, spot)), 'middle');
      await expect.poll(() => page().getByTestId('calibrate-pair').count()).toBe(index + 1);
    }
    expect(await page().getByTestId('calibrate-verdict').textContent()).toMatch(/^最大偏差 \d\.\d\d m$/);
    const written = parse(`${await page().getByTestId('calibrate-yaml').textContent()}`);
    expect(written.view.calibration).toHaveLength(spots.length);
    const calibration = calibrate(written.view.calibration);
    if (calibration.type === 'refused') throw new Error(calibration.reason);
    const found = groundPoint(calibration.homography, pixelOf(pole, [50, 0]));
    expect(found && distanceMeters(found, geoOf(pole, [50, 0]))).toBeLessThan(2);

    const [x, y] = pixelOf(pole, [50, 0]);
    const box = (await page().getByTestId('calibrate-picture').boundingBox()) ?? expect.fail('no picture');
    await page().mouse.move(box.x + x * box.width, box.y + y * box.height);
    expect(await page().getByTestId('calibrate-pointed').textContent()).toMatch(/^27\.\d+, 105\.\d+±\d\.\d m$/);
  }, 240_000);

  test('the page had nothing to complain about', () => {
    expect(wall?.complaints).toEqual([]);
  });
}
