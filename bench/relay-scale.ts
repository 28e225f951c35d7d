import { setTimeout as delay } from 'node:timers/promises';
import { measureUse, type ProcessUse } from './process-use.ts';
import { type Program, startProgram } from './program.ts';
import { clipBitrate, makeClip } from './relay/clip.ts';
import type { FirstPictures, Received } from './relay/viewers.ts';
import { digits, type Row } from './report.ts';
import { scratch } from './scratch.ts';

export interface ScaleBench {
  readonly steps: readonly ScaleStep[];
  /** Of one measurement. */
  readonly seconds: number;
}

export interface ScaleStep {
  readonly cameras: number;
  readonly viewersEach: number;
}

interface Measured extends ProcessUse, ScaleStep {
  readonly deliveredPercent: number;
}

/** What our relay alone takes as cameras and viewers grow: a stream must not cost more among many. */
export async function benchRelayScale({ steps, seconds }: ScaleBench): Promise<Row[]> {
  await using directory = await scratch();
  const clip = await makeClip(directory.path);
  const measured: Measured[] = [];
  for (const step of steps) measured.push(await measure(clip, step, seconds));
  return measured.map(rowOf);
}

async function measure(clip: string, step: ScaleStep, seconds: number): Promise<Measured> {
  const { cameras, viewersEach } = step;
  const { program: source, ready } = await startProgram<{ urls: string[] }>('relay/cameras.ts', { clip, cameras });
  await using _source = source;
  const { program: viewers } = await startProgram('relay/viewers.ts', {});
  await using _viewers = viewers;
  const { program: relay, ready: ours } = await startProgram<{ viewUrls: string[] }>('relay/our-relay.ts', ready);
  await using _relay = relay;
  const urls = ours.viewUrls.flatMap((url) => Array<string>(viewersEach).fill(url));
  await viewers.ask<FirstPictures>({ type: 'join', urls });
  await delay(2_000);
  const [use, got] = await Promise.all([measureUse([relay.pid], seconds), count(viewers, seconds)]);
  return { ...step, ...use, deliveredPercent: (100 * got) / (urls.length * clipBitrate) };
}

async function count(viewers: Program, seconds: number): Promise<number> {
  const { bitrates } = await viewers.ask<Received>({ type: 'count', seconds });
  return bitrates.reduce((sum, one) => sum + one, 0);
}

function rowOf({ cameras, viewersEach, cpuPercent, memoryMiB, deliveredPercent }: Measured): Row {
  const streams = cameras * viewersEach;
  return {
    what: `relay alone, ${cameras} × ${viewersEach} viewers, ${digits(deliveredPercent)} % delivered: CPU, a stream, memory`,
    ours: `${digits(cpuPercent)} %, ${digits(cpuPercent / streams)} %, ${digits(memoryMiB)} MiB`,
    peer: '–',
    ratio: '–',
  };
}
