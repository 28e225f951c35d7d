import { expect, test } from 'vitest';
import type { Config } from '../src/config.ts';
import { RunningConfig } from '../src/running-config.ts';
import { systemActor } from '../src/shared/actor.ts';
import { ConfigError } from '../src/shared/config-error.ts';
import type { Log } from '../src/shared/log.ts';
import { silentLog } from '../src/shared/log.ts';
import { type CameraConfig, resolveCameras } from '../src/streams/resolve-cameras.ts';

const camera = (id: string, source = `rtsp://10.0.0.1/${id}`) => ({ id, source, password: 'canary-secret' });
const wrong = { file: 'cameras.yaml', line: 3, column: 5, path: 'cameras[0].id', message: 'expected an id' };
const rule = { id: 'visibility' } as never;

function siteOf(cameras: ReturnType<typeof camera>[], more: Partial<Config> = {}): Config {
  const tianliang = { devices: [], decoders: [], dialects: ['owntracks'], detector: {} };
  const files = { tianliang, units: [], rules: { rules: [] }, plans: [], roads: {}, areas: {}, land: {}, include: [] };
  return { ...files, cameras: resolveCameras({ cameras }), ...more } as unknown as Config;
}

/** A house whose files say what `files` holds; everything that happens is in `done`. */
function openHouse(
  files: { now: Config | Error },
  { ledgerDown = false, prepare = async () => {}, apply = async () => {} } = {},
) {
  const done: unknown[] = [];
  const ended: string[] = [];
  const reads = { count: 0 };
  const note = (level: string) => (_facts: object, message: string) => done.push(`${level}: ${message}`);
  const log = { ...silentLog, info: note('info'), warn: note('warn'), error: note('error') } as Log;
  const running = new RunningConfig({
    config: siteOf([camera('a'), camera('b')]),
    read: async () => {
      reads.count += 1;
      if (files.now instanceof Error) throw files.now;
      return files.now;
    },
    begin: async (...changes) => {
      if (ledgerDown) throw new Error('the ledger is down');
      for (const { actor, details } of changes) done.push([actor.name, details]);
      return async ({ result }) => void ended.push(result);
    },
    prepare: async () => await prepare(),
    apply: async ({ cameras }, what) => {
      await apply();
      done.push([cameras.map(({ id }: CameraConfig) => id), what]);
    },
    log,
  });
  return { running, done, ended, reads };
}

test('a valid change is recorded, then applied, then the files are what runs', async () => {
  const files = { now: siteOf([camera('a'), camera('c')]) };
  const { running, done } = openHouse(files);
  const plan = { added: ['c'], removed: ['b'], changed: [] };
  expect(await running.plan()).toEqual(plan);
  expect(done).toEqual([]);
  expect(await running.apply(systemActor)).toEqual(plan);
  expect(done).toMatchObject([
    ['system', { added: { count: 1, ids: ['c'] }, removed: { count: 1, ids: ['b'] }, rules: false }],
    [['a', 'c'], { cameras: true, rules: false }],
    'info: config applied',
  ]);
  expect(await running.plan()).toEqual({ added: [], removed: [], changed: [] });
  expect(JSON.stringify(done)).not.toContain('canary');
});

test('a file that is wrong is refused aloud, nothing changes, and the next good one is taken', async () => {
  const files: { now: Config | Error } = { now: new ConfigError([wrong]) };
  const { running, done } = openHouse(files);
  await running.reload();
  expect([done, running.health]).toEqual([['error: config refused, the former one keeps running'], 'refused']);
  await expect(running.plan()).rejects.toThrow('cameras.yaml:3:5 cameras[0].id expected an id');
  expect(running.config.cameras.map(({ id }) => id)).toEqual(['a', 'b']);
  files.now = siteOf([camera('a'), camera('b')], { rules: { rules: [rule] } });
  await running.reload();
  expect([done.length, running.health]).toEqual([4, 'ok']);
  expect(done[2]).toMatchObject([['a', 'b'], { cameras: false, rules: true }]);
});

test('what only a restart takes up is named until then, once in the log', async () => {
  const files = { now: siteOf([camera('a'), camera('b')], { units: [{ id: 'u1' }] as never }) };
  const { running, done } = openHouse(files);
  await running.reload();
  await running.reload();
  expect([done, running.health]).toEqual([['warn: config changed, restart needed'], 'restart for units.yaml']);
});

test('other devices and decoders are recorded by id and applied; the rest of their file waits for a restart', async () => {
  const device = (id: string, password: string) => ({ id, password, kind: 'sensor' });
  const tianliang = (devices: object[], more: object = {}) =>
    ({ devices, decoders: [], dialects: ['owntracks'], detector: {}, ...more }) as never;
  const cameras = [camera('a'), camera('b')];
  const files = {
    now: siteOf(cameras, { tianliang: tianliang([device('ws06', 'canary-1'), device('ws07', 'canary')]) }),
  };
  const { running, done } = openHouse(files);
  await running.reload();
  const added = { added: { count: 2, ids: ['ws06', 'ws07'] }, decoders: false, dialects: false };
  expect(done).toMatchObject([
    ['system', added],
    [['a', 'b'], { cameras: false, rules: false, devices: true }],
    'info: config applied',
  ]);
  const changed = tianliang([device('ws06', 'canary-2')], { decoders: [{ id: 'd' }], map: { zoom: 3 } });
  files.now = siteOf(cameras, { tianliang: changed });
  await running.reload();
  expect(done.slice(3)).toMatchObject([
    ['system', { removed: { ids: ['ws07'] }, changed: { ids: ['ws06'] }, decoders: true, dialects: false }],
    [['a', 'b'], { devices: true }],
    'info: config applied',
    'warn: config changed, restart needed',
  ]);
  expect(running.health).toBe('restart for tianliang.yaml');
  await running.reload();
  expect(done).toHaveLength(7);
  expect(JSON.stringify(done)).not.toContain('canary');
});

const watchedBy = (detector: object) =>
  siteOf([camera('a'), camera('b')], {
    tianliang: { devices: [], decoders: [], dialects: ['owntracks'], detector } as never,
  });

test('another detector is tried first, then recorded by its last name, then applied', async () => {
  const files = { now: watchedBy({ model: 'https://me:canary@models.example/a/best.json?key=canary', workers: 2 }) };
  const tried: string[] = [];
  const { running, done } = openHouse(files, { prepare: async () => void tried.push(`after ${done.length}`) });
  await running.reload();
  await running.reload();
  expect(tried).toEqual(['after 0']);
  expect(done).toMatchObject([
    ['system', { model: 'best.json', workers: 2 }],
    [['a', 'b'], { cameras: false, detector: true }],
    'info: config applied',
  ]);
  expect([running.health, JSON.stringify(done)]).toEqual(['ok', expect.not.stringContaining('canary')]);
});

test('a detector that cannot look is refused with all that came with it', async () => {
  const prepare = async () => {
    throw new ConfigError([{ ...wrong, path: 'detector.model' }]);
  };
  const files = { now: watchedBy({ model: 'corrupt.json' }) };
  const { running, done } = openHouse(files, { prepare });
  await running.reload();
  expect([done, running.health]).toEqual([['error: config refused, the former one keeps running'], 'refused']);
  files.now = siteOf([camera('a')]);
  await running.reload();
  expect([running.config.cameras.length, running.health]).toEqual([1, 'ok']);
});

test('without a row in the ledger nothing changes', async () => {
  const { running, done } = openHouse({ now: siteOf([camera('c')]) }, { ledgerDown: true });
  await expect(running.apply(systemActor)).rejects.toThrow('the ledger is down');
  expect([done, running.config.cameras.length]).toEqual([[], 2]);
});

test('a change that could not be made is told to have failed, one that was made not before it was', async () => {
  const files = { now: siteOf([camera('c')]) };
  const { running, ended } = openHouse(files);
  await running.apply(systemActor);
  expect(ended).toEqual(['ok']);
  const apply = () => Promise.reject(new Error('a port is taken'));
  const stuck = openHouse(files, { apply });
  await expect(stuck.running.apply(systemActor)).rejects.toThrow('a port is taken');
  expect(stuck.ended).toEqual(['failed']);
});

test('two changes at the same time are made one after the other', async () => {
  const { running } = openHouse({ now: siteOf([camera('c')]) });
  const [first, second] = await Promise.all([running.apply(systemActor), running.apply(systemActor)]);
  expect([first.added, second.added]).toEqual([['c'], []]);
});

test('ten who ask for the plan at once make the files be read once', async () => {
  const { running, reads } = openHouse({ now: siteOf([camera('c')]) });
  const plans = await Promise.all(Array.from({ length: 10 }, () => running.plan()));
  expect(plans.every(({ added }) => added[0] === 'c')).toBe(true);
  expect(reads.count).toBe(1);
});

test('another matrix and other roads are recorded and applied, each by itself', async () => {
  const cameras = [camera('a'), camera('b')];
  const roads = { type: 'FeatureCollection', features: [] } as never;
  const files = { now: siteOf(cameras, { responsibility: { rows: [{ department: '住建局' }] } as never }) };
  const { running, done } = openHouse(files);
  await running.reload();
  files.now = { ...files.now, roads };
  await running.reload();
  await running.reload();
  expect(done).toMatchObject([
    ['system', { rows: 1 }],
    [['a', 'b'], { responsibility: true, roads: false, cameras: false }],
    'info: config applied',
    ['system', { roads: 0 }],
    [['a', 'b'], { responsibility: false, roads: true, cameras: false }],
    'info: config applied',
  ]);
  expect([running.health, running.config.roads]).toEqual(['ok', roads]);
});

test('other plans take their place without a restart, with a row in the ledger', async () => {
  const plan = { id: 'ice', name: '结冰', match: {}, deadlines: {}, steps: [] };
  const files = { now: siteOf([camera('a'), camera('b')], { plans: [plan] }) };
  const { running, done } = openHouse(files);
  await running.apply(systemActor);
  expect(done).toMatchObject([
    ['system', { plans: { count: 1, ids: ['ice'] } }],
    [['a', 'b'], { cameras: false, plans: true }],
    'info: config applied',
  ]);
  expect(running.config.plans).toEqual([plan]);
  expect(running.health).toBe('ok');
});
