import { afterAll, beforeAll, expect, test } from 'vitest';
import { glassToGlass, SentPictures } from '../../bench/latency/glass-to-glass.ts';
import { makeNumberedClip } from '../../bench/latency/numbered-clip.ts';
import { pageScript } from '../../bench/latency/page-script.ts';
import { openPlayerBrowser, type PlayerBrowser } from '../../bench/latency/player-browser.ts';
import { type PlayerSite, startPlayerSite } from '../../bench/latency/site.ts';
import { quantile } from '../../bench/report.ts';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A real browser plays every output with the wall's own players. */
const left = new AsyncDisposableStack();
const sent = new SentPictures();
let opened: { readonly site: PlayerSite; readonly browser: PlayerBrowser } | undefined;
const running = () => opened ?? expect.fail('nothing runs');

beforeAll(async () => {
  const { path: directory } = left.use(await tempDir());
  const [h264, h265] = [await makeNumberedClip(directory, 'h264'), await makeNumberedClip(directory, 'h265')];
  const offered = { streams: { '/main': { clip: h264, sound: 'aac' } }, odd: { micOff: true } } as const;
  const micOff = left.use(await startRtspServer(offered));
  const site = left.use(
    await startPlayerSite({
      directory,
      script: await pageScript(),
      streams: {
        '/main': { clip: h264, onPicture: sent.onPicture },
        '/small': { clip: h264 },
        '/h265': { clip: h265 },
        '/recorded': { clip: h264 },
        '/aac': { clip: h264, sound: 'aac' },
        '/pcma': { clip: h264, sound: 'pcma' },
      },
      cameras: (urlOf) => [
        { id: 'main', source: urlOf('/main') },
        { id: 'two', source: urlOf('/h265'), substream: urlOf('/small') },
        { id: 'h265', source: urlOf('/h265'), record: true },
        { id: 'recorded', source: urlOf('/recorded'), record: true },
        { id: 'aac', source: urlOf('/aac') },
        { id: 'pcma', source: urlOf('/pcma') },
        { id: 'mic-off', source: micOff.url },
      ],
    }),
  );
  opened = { site, browser: left.use(await openPlayerBrowser(site.url)) };
}, 180_000);

afterAll(() => left.disposeAsync(), 60_000);

interface Output {
  readonly what: string;
  readonly over: 'flv' | 'whep';
  readonly url: (site: PlayerSite) => string | Promise<string>;
  /** It is to be heard too. */
  readonly sound?: boolean;
}

/** From the first moment on that is on disk. */
async function recordedUrl(site: PlayerSite, camera = 'recorded', more = ''): Promise<string> {
  const firstOnDisk = async () => {
    const span = { from: new Date(Date.now() - 600_000), to: new Date() };
    const { items } = await site.video.recorder.timeline({ camera, ...span });
    return items.find(({ kind }) => kind === 'recording')?.from;
  };
  await expect.poll(firstOnDisk, { timeout: 60_000, interval: 500 }).toBeDefined();
  return site.flvUrl(camera, `from=${encodeURIComponent((await firstOnDisk())?.toISOString() ?? '')}${more}`);
}

/** What a browser is shown; each row is played by Chromium until numbers it reads in the pictures rise. */
const outputs: readonly Output[] = [
  { what: 'H.264 by WebSocket-FLV', over: 'flv', url: (site) => site.flvUrl('main', 'audio=0') },
  { what: 'H.264 by HTTP-FLV', over: 'flv', url: (site) => site.flvUrl('main', 'audio=0').replace(/^ws/, 'http') },
  { what: 'the sub stream, H.264 beside H.265', over: 'flv', url: (site) => site.flvUrl('two', 'profile=sub&audio=0') },
  { what: 'H.265 as H.264', over: 'flv', url: (site) => site.flvUrl('h265', 'codec=h264&audio=0') },
  { what: 'AAC beside H.264', over: 'flv', url: (site) => site.flvUrl('aac'), sound: true },
  { what: 'G.711 as AAC beside H.264', over: 'flv', url: (site) => site.flvUrl('pcma'), sound: true },
  { what: 'sound that is offered and never comes', over: 'flv', url: (site) => site.flvUrl('mic-off'), sound: true },
  { what: 'what was recorded', over: 'flv', url: (site) => recordedUrl(site) },
  {
    what: 'what was recorded in H.265, as H.264',
    over: 'flv',
    url: (site) => recordedUrl(site, 'h265', '&codec=h264'),
  },
  { what: 'H.264 by WebRTC', over: 'whep', url: (site) => site.whepUrl('main') },
];

test.each(outputs)(
  '$what plays: the numbers drawn in its pictures are read, and rise',
  async ({ over, url, sound = false }) => {
    const { site, browser } = running();
    await browser.play(over, await url(site), { hasAudio: sound });
    const count = async () => (await browser.played()).readings.length;
    await expect.poll(count, { timeout: 60_000, interval: 250 }).toBeGreaterThan(40);
    const { readings, ended, width, audioBytes } = await browser.played();
    await browser.stop();
    const numbers = readings.map(({ number }) => number);
    const steps = numbers.slice(1).map((number, index) => (number - (numbers[index] ?? 0) + 256) % 256);
    expect({ ended, width, heard: audioBytes > 0 }).toEqual({ ended: undefined, width: 640, heard: sound });
    // Forward by a picture or a few, also over the end of the loop: none comes back, none stands still.
    expect(steps.filter((step) => step < 1 || step > 100)).toEqual([]);
  },
);

test('H.265 as it is does not play here, and the player says that it is the codec', async () => {
  const { site, browser } = running();
  await browser.play('flv', site.flvUrl('h265', 'audio=0'));
  await expect.poll(async () => (await browser.played()).ended, { timeout: 60_000 }).toBe('codec');
  await browser.stop();
});

test.each(outputs.filter(({ what }) => what.startsWith('H.264 by W')))(
  '$what: glass to glass is measured',
  async ({ over, url }) => {
    const { site, browser } = running();
    await browser.play(over, await url(site));
    const { latenciesMs } = await glassToGlass(browser, sent, 2);
    await browser.stop();
    expect(latenciesMs.length).toBeGreaterThan(10);
    // That it can be read; how short it is, `npm run bench -- latency` says.
    expect(quantile(latenciesMs, 0)).toBeGreaterThan(0);
    expect(quantile(latenciesMs, 0.5)).toBeLessThan(5_000);
  },
);
