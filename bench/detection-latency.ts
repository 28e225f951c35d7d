import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { Alert } from '../src/alerts/alert.ts';
import type { SentAnswer, SentPicture } from './detection/numbered-cameras.ts';
import { makeNumberedPass, numberIn, passSeconds } from './detection/numbered-pass.ts';
import { startWatchedSite, type WatchedSite } from './detection/watched-site.ts';
import { type Program, sharedClockMs, startProgram } from './program.ts';
import { digits, quantile, type Row } from './report.ts';
import { scratch } from './scratch.ts';

export interface DetectionLatencyBench {
  readonly cameras: number;
  /** Seconds between two looks at a camera. */
  readonly every: number;
  readonly workers: number;
  /** Fails with fewer. */
  readonly leastAlerts: number;
}

const goalMs = 1_000;

interface Heard {
  readonly alert: Alert;
  /** When the seat was told, by the shared clock. */
  readonly toldAt: number;
}

/**
 * From the picture that a camera sends to the alert at a seat, everything real in between. Which picture it was stands in
 * the alert's own snapshot. No peer runs along: the goal stands in its place.
 */
export async function benchDetectionLatency(bench: DetectionLatencyBench): Promise<Row[]> {
  const { cameras, every, workers, leastAlerts } = bench;
  await using directory = await scratch();
  const clip = await makeNumberedPass(directory.path);
  const staggerMs = (passSeconds * 1_000) / cameras;
  const { program, ready } = await startProgram<{ urls: string[] }>('detection/numbered-cameras.ts', {
    clip,
    cameras,
    staggerMs,
  });
  await using _cameras = program;
  await using site = await startWatchedSite({ directory: directory.path, urls: ready.urls, every, workers });
  const heard = await listen(site, (passSeconds * 2 + 5) * 1_000);
  const latencies = await latenciesOf(heard, site, program);
  if (latencies.length < leastAlerts) throw new Error(`only ${latencies.length} alerts came`);
  const p95 = quantile(latencies, 0.95);
  return [
    {
      what: `detection: picture sent → alert at a seat, ${cameras} cameras looked at every ${every} s by ${workers} workers, p50 / p95 / most of ${latencies.length} alerts; the goal of p95`,
      ours: `${[quantile(latencies, 0.5), p95, quantile(latencies, 1)].map(digits).join(' / ')} ms`,
      peer: `≤ ${digits(goalMs)} ms`,
      ratio: `${digits(p95 / goalMs)}×`,
    },
  ];
}

/** Each alert as a seat is told of it the first time. */
async function listen({ url, headers }: WatchedSite, forMs: number): Promise<Heard[]> {
  const heard = new Map<string, Heard>();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers });
  socket.on('message', (data) => {
    const toldAt = sharedClockMs();
    const message: { type: string; topic?: string; data?: Alert } = JSON.parse(String(data));
    const { type, topic, data: alert } = message;
    if (type === 'event' && topic === 'alerts' && alert && !heard.has(alert.id)) heard.set(alert.id, { alert, toldAt });
  });
  await once(socket, 'open', { signal: AbortSignal.timeout(10_000) });
  socket.send(JSON.stringify({ type: 'subscribe', topics: ['alerts'] }));
  await delay(forMs);
  socket.close();
  return [...heard.values()].filter(({ alert }) => alert.kind === 'person-on-road');
}

async function latenciesOf(heard: readonly Heard[], site: WatchedSite, cameras: Program): Promise<number[]> {
  const { sent } = await cameras.ask<SentAnswer>({});
  const latencies: number[] = [];
  for (const { alert, toldAt } of heard) {
    const answer = await fetch(`${site.url}/api/v1/alerts/${alert.id}/snapshot.jpg`, { headers: site.headers });
    const number = await numberIn(new Uint8Array(await answer.arrayBuffer()));
    const camera = Number(alert.camera?.replace('camera-', ''));
    const sentAt = lastSent(sent[camera] ?? [], number, toldAt);
    if (sentAt === undefined) throw new Error(`the picture of the alert ${alert.id} was never sent`);
    latencies.push(toldAt - sentAt);
  }
  return latencies;
}

/** A clip goes round: its picture of that number that was sent last before then. */
function lastSent(sent: readonly SentPicture[], number: number | undefined, before: number): number | undefined {
  return sent.findLast((picture) => picture.number === number && picture.at <= before)?.at;
}
