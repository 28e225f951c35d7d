/** Looks at clips with the detector that ships and writes down what it saw: `node test/alerts/rehearsal/record-corpus.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { defaultModelPath } from '../../../src/alerts/detection/default-model.ts';
import { DetectorPool } from '../../../src/alerts/detection/detector-pool.ts';
import { lookOf } from '../../../src/alerts/detection/recent-sightings.ts';
import { caseLine } from '../../../src/alerts/rehearsal/case-file.ts';
import type { RehearsalCase } from '../../../src/alerts/rehearsal/rehearsal-case.ts';
import { cameraTrace } from '../../../src/alerts/traces/open-trace.ts';
import type { CameraTrace } from '../../../src/alerts/traces/trace.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { clipFrames, demoClip } from '../detection/clip-frames.ts';

interface Clip {
  readonly name: string;
  readonly path: string;
  readonly camera: string;
  readonly fps: number;
  readonly fromSeconds?: number;
  readonly seconds?: number;
  /** What each rule has to make of it. */
  readonly cases: readonly Pick<RehearsalCase, 'key' | 'kind' | 'state' | 'title'>[];
}

const footage = (name: string) => fileURLToPath(new URL(`../../../../shared/footage/${name}.mp4`, import.meta.url));
const shoulder = { key: 'person:motorway:hard-shoulder', kind: 'person-on-road' } as const;
const nobody = { ...shoulder, state: 'dismissed', title: '硬路肩无人' } as const;
/** Ten in the morning in China: the dates of a clip mean nothing. */
const zero = Date.parse('2026-11-26T02:00:00.000Z');
const leastScore = 0.2;

const clips: readonly Clip[] = [
  {
    name: 'pedestrian',
    path: demoClip('pedestrian'),
    camera: 'motorway',
    fps: 1,
    fromSeconds: 8,
    seconds: 9,
    cases: [{ ...shoulder, state: 'confirmed', title: '行人在硬路肩行走' }],
  },
  ...['traffic', 'fog'].map((name) => ({
    name,
    path: demoClip(name),
    camera: 'motorway',
    fps: 1,
    seconds: 5,
    cases: [nobody],
  })),
  {
    name: 'person-bicycle-car',
    path: footage('person-bicycle-car'),
    camera: 'lot',
    fps: 3,
    cases: [
      { key: 'person:lot:on-foot', kind: 'person-in-zone', state: 'confirmed', title: '行人推车' },
      { key: 'crowd:lot:gathering', kind: 'crowd', state: 'dismissed', title: '两人不是聚集' },
    ],
  },
  {
    name: 'car-only',
    path: footage('car-only'),
    camera: 'lot',
    fps: 1,
    seconds: 13,
    cases: [
      { key: 'person:lot:on-foot', kind: 'person-in-zone', state: 'dismissed', title: '只有车辆' },
      { key: 'stopped:lot:standing', kind: 'vehicle-stopped', state: 'dismissed', title: '车辆驶过' },
    ],
  },
  {
    name: 'store-aisle',
    path: footage('store-aisle'),
    camera: 'aisle',
    fps: 2,
    cases: [
      { key: 'person:aisle:closed', kind: 'person-in-zone', state: 'confirmed', title: '通道内有人' },
      { key: 'crowd:aisle:gathering', kind: 'crowd', state: 'dismissed', title: '三人不是聚集' },
    ],
  },
];

async function traceOf(pool: DetectorPool, { path, camera, ...reading }: Clip): Promise<CameraTrace> {
  const looks = [];
  for await (const { second, ...frame } of clipFrames(path, reading)) {
    const at = new Date(zero + second * 1_000);
    looks.push(lookOf(await pool.detect({ ...frame, at })));
  }
  const trace = cameraTrace({ alert: '', camera, raisedAt: zero, leastScore, looks });
  if (!trace) throw new Error(`nothing was read of ${path}`);
  return trace;
}

const pool = new DetectorPool({
  model: defaultModelPath(),
  workers: 1,
  minScore: leastScore,
  frameMs: 60_000,
  waitMs: 120_000,
  log: silentLog,
});
pool.start();
const lines: string[] = [];
for (const clip of clips) {
  const trace = await traceOf(pool, clip);
  for (const one of clip.cases)
    lines.push(caseLine({ id: `${clip.name}-${one.key.split(':')[0]}`, at: trace.from, ...one, trace }));
}
await pool.close();
await writeFile(new URL('./corpus/cases.jsonl', import.meta.url), lines.join(''));
