/** `npm run picture`: plays the demo, waits until the wall is at work, and writes docs/wall.png (1920 × 1080). */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { env } from 'node:process';
import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { runDemo } from '../demo/demo.ts';
import { freePort } from '../demo/free-port.ts';

const root = join(import.meta.dirname, '..');
const picture = join(root, 'docs/wall.png');
const size = { width: 1920, height: 1080 };
const largestBytes = 1_500_000;
const alertsWithinMs = 120_000;
const tilesWithinMs = 120_000;
const playingTiles = 4;

/** Runs the demo for as long as `use` takes. */
async function withDemo(use: (url: string, password: string) => Promise<void>): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'tianliang-picture-'));
  const stop = new AbortController();
  const [port, mqttPort] = [await freePort(0), await freePort(0)];
  const password = randomBytes(12).toString('hex');
  const ready = Promise.withResolvers<void>();
  const demo = runDemo({
    port,
    data,
    env: { ...env, TIANLIANG_DEMO_PASSWORD: password, TIANLIANG_DEMO_MQTT_PORT: `${mqttPort}` },
    print: (text) => (text.includes(`:${port}`) ? ready.resolve() : console.log(text)),
    signal: stop.signal,
  });
  try {
    await Promise.race([ready.promise, demo.then(() => Promise.reject(new Error('the demo has ended')))]);
    await use(`http://127.0.0.1:${port}`, password);
  } finally {
    stop.abort();
    await demo;
    await rm(data, { recursive: true, force: true });
  }
}

/** Logs in, waits for both alerts, selects the person on the road, and waits until its four pictures play and are fresh. */
async function setScene(page: Page, url: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('login-name').fill('seat');
  await page.getByTestId('login-password').fill(password);
  await page.getByTestId('login-submit').click();
  await page.locator('[data-map-ready=true]').waitFor({ timeout: alertsWithinMs });
  const row = (kind: string) => page.locator(`[data-testid=alert-row][data-kind=${kind}]`).first();
  await row('low-visibility').waitFor({ timeout: alertsWithinMs });
  await row('person-on-road').waitFor({ timeout: alertsWithinMs });
  await row('person-on-road').click();
  const fresh = page.locator('[data-testid=live-tile]:has([data-phase=playing] .age.fresh)');
  await fresh.nth(playingTiles - 1).waitFor({ timeout: tilesWithinMs });
  // The mouse leaves no hover on the wall; the map and the pictures settle.
  await page.mouse.move(size.width - 1, size.height - 1);
  await page.waitForTimeout(4_000);
  await fresh.nth(playingTiles - 1).waitFor({ timeout: tilesWithinMs });
}

/** The picture as it is, or with as many colours as still fit. */
async function fitted(png: Buffer): Promise<Buffer> {
  const plain = await sharp(png).png({ compressionLevel: 9, adaptiveFiltering: true }).toBuffer();
  if (plain.length <= largestBytes) return plain;
  const palette = await sharp(png).png({ palette: true, colours: 256, dither: 1, effort: 10 }).toBuffer();
  if (palette.length <= largestBytes) return palette;
  throw new Error(`the picture takes ${palette.length} bytes, more than ${largestBytes}`);
}

async function takePicture(url: string, password: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  });
  try {
    const page = await browser.newPage({ viewport: size, locale: 'zh-CN' });
    await setScene(page, url, password);
    const png = await fitted(await page.screenshot({ timeout: 60_000 }));
    await mkdir(join(root, 'docs'), { recursive: true });
    await writeFile(picture, png);
    console.log(`${relative(root, picture)}: ${size.width} × ${size.height}, ${Math.round(png.length / 1_000)} kB`);
  } finally {
    await browser.close();
  }
}

await withDemo(takePicture);
