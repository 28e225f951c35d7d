import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { families, familyOf } from '../src/alerts/detection/labels.ts';
import { type ClipTruth, footageTruth, truthAt } from './detection/ground-truth.ts';
import { type Look, OurDetector, score } from './detection/our-detector.ts';
import { precisionOf, recallOf, sumOf, type Tally, tallyOf } from './detection/tally.ts';
import { walkerTruths } from './detection/walker-truth.ts';
import { type Program, startProgram } from './program.ts';
import { compareLatencies, digits, type Row } from './report.ts';

/** The footage of real scenes stays outside of the project. */
const footage = fileURLToPath(new URL('../../shared/footage/', import.meta.url));
const demoClips = fileURLToPath(new URL('../demo/clips/', import.meta.url));

/** What somebody has drawn, and where the clip lies. */
interface Scene {
  readonly truth: ClipTruth;
  readonly path: string;
  /** What was drawn of it, whenever it is there: of other families nothing is known. */
  readonly drawn: readonly string[];
}

export interface DetectionBench {
  /** How often each clip is seen, each time with another first picture. */
  readonly rounds: number;
}

interface Detectors extends DetectionBench {
  readonly ours: OurDetector;
  readonly peer: Program;
}

/**
 * Precision and recall per clip and class of what the rules see (model and tracker at `detector.score`), at two pictures a
 * second, each round with another first picture; against the object detection of @vladmandic/human, which has the same
 * weights, on the same pictures at the same score.
 */
export async function benchDetection({ rounds }: DetectionBench): Promise<Row[]> {
  await using ours = new OurDetector();
  ours.start();
  const { program: peer } = await startProgram('detection/human-program.ts', { score });
  await using _peer = peer;
  const rows: Row[] = [];
  const times: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  for (const scene of await scenes()) rows.push(...(await benchScene(scene, { ours, peer, rounds }, times)));
  const what = 'detection: a picture, p50 / p99';
  return [...rows, compareLatencies({ what, unit: 'ms', ours: times.ours, peer: times.peer })];
}

async function scenes(): Promise<Scene[]> {
  const walks = walkerTruths.map((truth) => ({
    truth,
    path: join(demoClips, `${truth.name}.mp4`),
    drawn: ['person'],
  }));
  if (!existsSync(footage)) {
    console.error('the footage of real scenes is not in ../shared/footage: only the clips of the demo are looked at');
    return walks;
  }
  const real = await footageTruth();
  return [...real.map((truth) => ({ truth, path: join(footage, `${truth.name}.mp4`), drawn: families })), ...walks];
}

async function benchScene(
  { truth, path, drawn }: Scene,
  { ours, peer, rounds }: Detectors,
  times: { readonly ours: number[]; readonly peer: number[] },
): Promise<Row[]> {
  const clip = { ...truth, path };
  const step = Math.round(truth.picturesPerSecond / 2);
  const looks: { ours: Look[]; peer: Look[] } = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round += 1) {
    const beat = { step, from: Math.round((round * step) / rounds) };
    looks.ours.push(...(await ours.looks(clip, beat)));
    looks.peer.push(...(await peer.ask<{ looks: Look[] }>({ clip, beat })).looks);
  }
  times.ours.push(...looks.ours.map(({ ms }) => ms));
  times.peer.push(...looks.peer.map(({ ms }) => ms));
  return drawn.flatMap((family) => rowOf(truth, family, looks) ?? []);
}

/** Undefined when neither anybody drew nor anybody found any of the family. */
function rowOf(
  truth: ClipTruth,
  family: string,
  looks: { readonly ours: readonly Look[]; readonly peer: readonly Look[] },
): Row | undefined {
  const tally = (all: readonly Look[]) =>
    sumOf(all.map(({ picture, seen }) => tallyOf(family, seen, truthAt(truth, picture))));
  const [our, their] = [tally(looks.ours), tally(looks.peer)];
  const asked = our.found + our.missed;
  const isDrawn = truth.things.some(({ label }) => familyOf(label) === family);
  if (!isDrawn && our.wrong + their.wrong === 0) return undefined;
  return {
    what: `detection: ${truth.name}, ${family}, ${asked} to find in ${looks.ours.length} pictures, precision / recall (wrong)`,
    ours: written(our),
    peer: written(their),
    ratio: `${ratioOf(precisionOf(our), precisionOf(their))} / ${ratioOf(recallOf(our), recallOf(their))}`,
  };
}

const written = (tally: Tally) => `${precisionOf(tally).toFixed(2)} / ${recallOf(tally).toFixed(2)} (${tally.wrong})`;

const ratioOf = (ours: number, peer: number) => (peer > 0 ? `${digits(ours / peer)}×` : '–');
