import { type GlassToGlass, glassToGlass, SentPictures } from './latency/glass-to-glass.ts';
import { makeNumberedClip } from './latency/numbered-clip.ts';
import { pageScript } from './latency/page-script.ts';
import { openPlayerBrowser } from './latency/player-browser.ts';
import { startPlayerSite } from './latency/site.ts';
import { digits, quantile, type Row } from './report.ts';
import { scratch } from './scratch.ts';

export interface LatencyBench {
  /** Of one measurement. */
  readonly seconds: number;
  readonly rounds: number;
}

/** Each way of watching, with its goal for p95. */
const ways = [
  { over: 'flv', what: 'WebSocket-FLV', goalMs: 500 },
  { over: 'whep', what: 'WebRTC', goalMs: 250 },
] as const;

/**
 * A real browser reads the number that the simulated camera draws in each picture, while somebody else watches the same
 * camera. No peer runs along: the goal stands in its place.
 */
export async function benchLatency({ seconds, rounds }: LatencyBench): Promise<Row[]> {
  await using directory = await scratch();
  const clip = await makeNumberedClip(directory.path);
  const sent = new SentPictures();
  await using site = await startPlayerSite({
    directory: directory.path,
    script: await pageScript(),
    streams: { '/main': { clip, onPicture: sent.onPicture } },
    cameras: (urlOf) => [{ id: 'camera', source: urlOf('/main') }],
  });
  await using browser = await openPlayerBrowser(site.url);
  const stopWatching = site.video.streams.feed('camera', () => {});
  const rows: Row[] = [];
  for (const { over, what, goalMs } of ways) {
    const seen: GlassToGlass[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await browser.play(over, over === 'flv' ? site.flvUrl('camera') : site.whepUrl('camera'));
      seen.push(await glassToGlass(browser, sent, seconds));
      await browser.stop();
    }
    rows.push(...rowsOf(what, goalMs, seen));
  }
  stopWatching();
  return rows;
}

function rowsOf(what: string, goalMs: number, seen: readonly GlassToGlass[]): Row[] {
  const latencies = seen.flatMap(({ latenciesMs }) => latenciesMs);
  const first = seen.map(({ firstMs }) => firstMs);
  const [p50, p95] = [quantile(latencies, 0.5), quantile(latencies, 0.95)];
  return [
    {
      what: `latency, glass to glass by ${what}, p50 / p95 of ${latencies.length} pictures; the goal`,
      ours: `${digits(p50)} / ${digits(p95)} ms`,
      peer: `≤ ${goalMs} ms`,
      ratio: `${digits(p95 / goalMs)}×`,
    },
    {
      what: `latency: from asking to the first picture in a browser by ${what}, camera running, p50 / p95`,
      ours: `${digits(quantile(first, 0.5))} / ${digits(quantile(first, 0.95))} ms`,
      peer: '–',
      ratio: '–',
    },
  ];
}
