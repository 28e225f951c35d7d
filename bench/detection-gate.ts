import { setTimeout as delay } from 'node:timers/promises';
import { makeCalmScene, movingSeconds, sceneSeconds } from './detection/calm-scene.ts';
import type { GatedWatch, WatchFacts } from './detection/gated-watch.ts';
import { measureUse } from './process-use.ts';
import { type Program, startProgram } from './program.ts';
import { digits, type Row } from './report.ts';
import { scratch } from './scratch.ts';

export interface DetectionGateBench {
  readonly cameras: number;
  /** How long each side is measured, twice; a whole scene when it is to be fair. */
  readonly seconds: number;
}

interface Watched {
  /** On processors: all of it, and of that in the decoders. */
  readonly cpuMs: number;
  readonly decodingMs: number;
  /** Carried: those a busy machine dropped are not. */
  readonly pictures: number;
  readonly looks: number;
  readonly lookMs: number;
  readonly gateMs: number;
  readonly alerts: number;
}

/** The first pictures are looked at whole. */
const warmUpMs = 8_000;

/**
 * What watching costs on a scene that moves a tenth of the time, from the camera's packets to the verdict, with the gate and
 * without it in the same run. Counted in time on processors, so that a machine that does other things, too, counts the same;
 * in an order in which one that becomes slower or faster meanwhile does so for both.
 */
export async function benchDetectionGate({ cameras, seconds }: DetectionGateBench): Promise<Row[]> {
  await using directory = await scratch();
  const clip = await makeCalmScene(directory.path);
  const staggerMs = (sceneSeconds * 1_000) / cameras / 4;
  const options = { clip, cameras, staggerMs };
  const { program, ready } = await startProgram<{ urls: string[] }>('detection/numbered-cameras.ts', options);
  await using _cameras = program;
  const sides: Record<'gated' | 'ungated', Watched[]> = { gated: [], ungated: [] };
  for (const side of ['gated', 'ungated', 'ungated', 'gated'] as const)
    sides[side].push(await watch({ urls: ready.urls, isGated: side === 'gated' }, seconds));
  return rowsOf({ gated: summed(sides.gated), ungated: summed(sides.ungated) });
}

async function watch(options: GatedWatch, seconds: number): Promise<Watched> {
  const { program } = await startProgram('detection/gated-watch.ts', options);
  await using watching = program;
  await untilWatched(watching, options.urls.length);
  await delay(warmUpMs);
  const before = await watching.ask<WatchFacts>({});
  const [all, decoding] = await Promise.all([
    measureUse([before.pid, ...before.decoders], seconds),
    measureUse(before.decoders, seconds),
  ]);
  const after = await watching.ask<WatchFacts>({ time: true });
  const looks = after.looks - before.looks;
  return {
    cpuMs: all.cpuPercent * 10 * seconds,
    decodingMs: decoding.cpuPercent * 10 * seconds,
    pictures: after.pictures - before.pictures - (after.dropped - before.dropped),
    looks,
    lookMs: (after.lookMs - before.lookMs) / looks,
    gateMs: after.gateMs,
    alerts: after.alerts - before.alerts,
  };
}

function summed(rounds: readonly Watched[]): Watched {
  const sum = (of: (round: Watched) => number) => rounds.reduce((before, round) => before + of(round), 0);
  const looks = sum((round) => round.looks);
  return {
    cpuMs: sum((round) => round.cpuMs),
    decodingMs: sum((round) => round.decodingMs),
    pictures: sum((round) => round.pictures),
    looks,
    lookMs: sum((round) => round.lookMs * round.looks) / looks,
    gateMs: sum((round) => round.gateMs) / rounds.length,
    alerts: sum((round) => round.alerts),
  };
}

/** Every camera has its decoder, and each has given a picture or two. */
async function untilWatched(watching: Program, cameras: number): Promise<void> {
  for (let waited = 0; waited < 60; waited += 1) {
    const { decoders, pictures } = await watching.ask<WatchFacts>({});
    if (decoders.length === cameras && pictures >= 2 * cameras) return;
    await delay(1_000);
  }
  throw new Error('the cameras gave no pictures for a minute');
}

interface Both {
  readonly gated: Watched;
  readonly ungated: Watched;
}

function rowsOf({ gated, ungated }: Both): Row[] {
  const perPicture = ({ cpuMs, pictures }: Watched) => cpuMs / pictures;
  const carried = (watched: Watched) => 1_000 / perPicture(watched);
  const share = ({ looks, pictures }: Watched) => `${digits((100 * looks) / pictures)} %`;
  const moves = `a scene that moves ${movingSeconds} s of ${sceneSeconds}`;
  return [
    {
      what: `detection gate: cameras at 1 picture a second that one core carries, ${moves}; without the gate`,
      ours: digits(carried(gated)),
      peer: digits(carried(ungated)),
      ratio: `${digits(carried(gated) / carried(ungated))}×`,
    },
    {
      what: 'detection gate: pictures that the model looked at; without the gate',
      ours: share(gated),
      peer: share(ungated),
      ratio: `${digits(gated.looks / gated.pictures / (ungated.looks / ungated.pictures))}×`,
    },
    {
      what: 'detection gate: somebody on the shoulder told, once a scene and camera; without the gate',
      ours: String(gated.alerts),
      peer: String(ungated.alerts),
      ratio: `${digits(gated.alerts / ungated.alerts)}×`,
    },
    {
      what: 'detection gate: CPU a picture, all of it; without the gate',
      ours: `${digits(perPicture(gated))} ms`,
      peer: `${digits(perPicture(ungated))} ms`,
      ratio: `${digits(perPicture(gated) / perPicture(ungated))}×`,
    },
    {
      what: 'detection gate: of that decoding / the gate; a look of the model',
      ours: `${digits(gated.decodingMs / gated.pictures)} / ${digits(gated.gateMs)} ms`,
      peer: `${digits(ungated.lookMs)} ms`,
      ratio: '–',
    },
  ];
}
