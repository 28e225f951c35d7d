import { EventEmitter, once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { AlertDesk } from '../src/alerts/desk.ts';
import { Detection } from '../src/alerts/detection/detection.ts';
import type { CameraFrame, Detected } from '../src/alerts/detection/model.ts';
import { AlertTraces } from '../src/alerts/traces/alert-traces.ts';
import { readArguments } from '../src/cli/arguments.ts';
import { rulesRehearse } from '../src/cli/rules-rehearse.ts';
import { systemActor } from '../src/shared/actor.ts';
import { silentLog } from '../src/shared/log.ts';
import { openStore } from '../src/store/store.ts';
import { tempDir } from './helpers/temp-dir.ts';
import { greyPicture } from './helpers/yuv.ts';

const zeroMs = Date.now() - 3_600_000;
const polygon = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;
const size = { width: 32, height: 18 };
const person = { label: 'person', score: 0.61, box: { x: 0.5, y: 0.4, width: 0.05, height: 0.25 } };

/** How long somebody stands before each camera, in seconds from the second on. */
const stays: Readonly<Record<string, number>> = { long: 9, short: 4 };
const detect = async (frame: CameraFrame): Promise<Detected> => {
  const second = (frame.at.getTime() - zeroMs) / 1_000;
  return { frame, sightings: second >= 2 && second <= 2 + (stays[frame.camera] ?? 0) ? [person] : [] };
};

/** A house in which a long stay was confirmed and a short one dismissed; both are over. */
async function reviewedHouse() {
  const dir = await tempDir();
  const store = await openStore(join(dir.path, 'operations.sqlite'));
  const desk = new AlertDesk({ store, log: silentLog });
  const seriesOf = async () => [];
  const traces = new AlertTraces({ store, leastScore: 0.2, seriesOf, lookbackMs: () => 0, log: silentLog });
  desk.on('changed', (alert) => traces.changed(alert));
  const cameras = Object.keys(stays).map((id, index) => ({
    id,
    position: { lat: 27.3 + index, lon: 105.29 },
    detect: { zones: [{ id: 'shoulder', polygon }] },
  }));
  /** A picture comes when the one before it was looked at: on a slow machine none is dropped either. */
  const looks = new EventEmitter();
  await using detection = new Detection({
    cameras,
    detector: { detect },
    frames: async function* (camera, { signal }) {
      for (let ms = 0; ms <= 23_000; ms += 1_000) {
        const looked = once(looks, camera, { signal });
        yield { camera, at: new Date(zeroMs + ms), ...greyPicture(size.width, size.height, 0) };
        await looked;
      }
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
    observe: (seen) => desk.observe(seen),
    end: (key, at) => desk.end(key, at),
    saw: (detected) => {
      traces.saw(detected);
      looks.emit(detected.frame.camera);
    },
    log: silentLog,
  });
  detection.start();
  const ended = async () => (await desk.list()).items.filter(({ endedAt }) => endedAt !== undefined);
  await vi.waitFor(async () => expect(await ended()).toHaveLength(2), { timeout: 10_000, interval: 20 });
  await detection.close();
  await traces.close();
  const ids: Record<string, string> = {};
  for (const { id, camera = '' } of await ended()) {
    ids[camera] = id;
    if (camera === 'long') await desk.confirm(id, systemActor);
    else await desk.dismiss(id, systemActor, { reason: 'works' });
  }
  return {
    dir,
    desk,
    ids,
    async [Symbol.asyncDispose]() {
      await desk.close();
      await store.close();
      await dir[Symbol.asyncDispose]();
    },
  };
}

async function rehearse(dataDir: string, { dwell = 3, argv = [] as readonly string[] } = {}) {
  await using config = await tempDir();
  const entries = Object.keys(stays).map(
    (id) =>
      `  - { id: ${id}, source: "rtsp://10.0.0.1/${id}", position: { lat: 27.3, lon: 105.29 }, detect: { zones: [{ id: shoulder, dwell: ${dwell}, polygon: ${JSON.stringify(polygon)} }] } }`,
  );
  await writeFile(join(config.path, 'cameras.yaml'), `cameras:\n${entries.join('\n')}\n`);
  const { words, options, lists, flags } = readArguments(argv);
  const lines: string[] = [];
  const code = await rulesRehearse({
    configDir: config.path,
    dataDir,
    port: undefined,
    host: undefined,
    words,
    options,
    lists,
    flags,
    environment: {},
    print: (line) => lines.push(line),
    signal: AbortSignal.timeout(20_000),
  });
  return { code, text: lines.join('\n') };
}

test('reviewed alerts are played through changed rules while the house runs, and what is lost is named', async () => {
  await using house = await reviewedHouse();
  const { ids, desk } = house;
  const data = house.dir.path;

  expect(await desk.trace(ids.long ?? '')).toMatchObject({ type: 'camera', camera: 'long' });

  const asItWas = await rehearse(data);
  expect(asItWas.code).toBe(0);
  expect(asItWas.text).toContain('0 false a day, 0 true lost');

  const slower = await rehearse(data, { dwell: 6 });
  expect(slower.text).toContain('-1 false a day, 0 true lost');
  expect(slower.text).toMatch(/^person:long:shoulder +1 +0 +0 +0 +0$/m);
  expect(slower.text).toMatch(/^person:short:shoulder +0 +0 +0 +1 +-1$/m);

  const tooSlow = await rehearse(data, { dwell: 12 });
  expect(tooSlow.text).toContain('-1 false a day, 1 true lost');
  expect(tooSlow.text).toContain(`${ids.long}  person:long:shoulder`);

  const report = JSON.parse((await rehearse(data, { dwell: 12, argv: ['--json', '--since', '2h'] })).text);
  expect(report).toMatchObject({ cases: 2, untraced: 0, days: 1, lost: [{ id: ids.long }] });
  expect((await rehearse(data, { argv: ['--since', '10s'] })).text).toContain('no reviewed alert to rehearse');

  const file = join(data, 'cases.jsonl');
  await rehearse(data, { argv: ['--export', file] });
  await expect(rehearse(data, { argv: ['--export', file] })).rejects.toThrow(/is there already/);
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(2);
  const fromFile = await rehearse('/nowhere', { dwell: 12, argv: ['--cases', file] });
  expect(fromFile.text).toBe(tooSlow.text);
});

test('a line of a file that is no case is named', async () => {
  await using dir = await tempDir();
  const file = join(dir.path, 'cases.jsonl');
  await writeFile(file, '\n{"id":"x"}\n');
  await expect(rehearse(dir.path, { argv: ['--cases', file] })).rejects.toThrow(`${file}:2:1 key missing`);
});

test('a data directory without a database is a wrong word, and is left as it is', async () => {
  await expect(rehearse('/nowhere/at/all')).rejects.toThrow(/there is no database .*name its directory with --data/);
});
