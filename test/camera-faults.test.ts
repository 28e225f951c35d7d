import { expect, test } from 'vitest';
import { CameraFaults } from '../src/camera-faults.ts';
import { silentLog } from '../src/shared/log.ts';
import type { CameraEntry } from '../src/streams/config.ts';
import { resolveCameras } from '../src/streams/resolve-cameras.ts';
import { SelfTest } from '../src/streams/self-test/self-test.ts';
import { SelfTestConfig } from '../src/streams/self-test/self-test-config.ts';
import { openDesk } from './alerts/alert-fixtures.ts';
import { filled } from './helpers/filled.ts';

const position = { lat: 27.3, lon: 105.29 };

async function openHouse() {
  await using opened = new AsyncDisposableStack();
  const world = opened.use(await openDesk({ refreshMs: 0 }));
  const test = new SelfTest({
    cameras: [],
    config: filled(SelfTestConfig),
    streamClock: () => undefined,
    log: silentLog,
  });
  const picture = async (camera: string) => (camera === 'dark' ? undefined : Buffer.from('a picture'));
  const find = ({ position: at }: { position?: typeof position }) => ({
    ...(at && { position: at }),
    stake: 'K1432+120',
  });
  const faults = new CameraFaults({ desk: world.desk, test, picture, find, log: silentLog });
  opened.defer(() => faults.close());
  const begin = (entry: Partial<CameraEntry> & { id: string }, kind: 'moved' | 'black' | 'clock' = 'moved') => {
    const [camera = expect.unreachable()] = resolveCameras({ cameras: [{ source: 'rtsp://10.0.0.1/1', ...entry }] });
    test.emit('fault', {
      camera,
      kind,
      since: new Date(Date.now() - 185_000),
      detail: '镜头已不朝原处',
      value: 12,
      limit: 45,
      unit: '%',
    });
  };
  const left = opened.move();
  const alerts = async () => (await world.desk.list({ limit: 1_000 })).items;
  return { ...world, test, faults, begin, alerts, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

test('a fault is an alert with its place, its picture and what was measured, and ends when it is over', async () => {
  await using house = await openHouse();
  house.begin({ id: 'a', name: '隧道出口', position });
  await expect.poll(house.alerts).toMatchObject([
    {
      kind: 'camera-fault',
      severity: 'minor',
      title: '镜头移位',
      camera: 'a',
      position,
      stake: 'K1432+120',
      snapshot: true,
      reasons: [
        { text: '镜头已不朝原处', value: 12, limit: 45, unit: '%', source: '隧道出口' },
        { text: '已持续 3 min', value: 3 },
      ],
    },
  ]);
  house.begin({ id: 'a', name: '隧道出口', position });
  house.test.emit('over', 'a', 'moved');
  await expect.poll(async () => (await house.alerts())[0]?.endedAt).toEqual(expect.any(String));
  expect(await house.alerts()).toHaveLength(1);
});

test('an end that comes while the picture is taken comes after the alert', async () => {
  await using house = await openHouse();
  house.begin({ id: 'a', position });
  house.test.emit('over', 'a', 'moved');
  await expect.poll(async () => (await house.alerts())[0]?.endedAt).toEqual(expect.any(String));
});

test('no picture keeps no alert back, a clock is but a hint, and what is nowhere is on the wall only', async () => {
  await using house = await openHouse();
  house.begin({ id: 'dark', position }, 'black');
  house.begin({ id: 'late', position }, 'clock');
  house.begin({ id: 'nowhere' });
  await house.faults.close();
  const seen = (await house.alerts()).map(({ camera, severity, snapshot }) => [camera, severity, snapshot]);
  expect(seen.sort()).toEqual([
    ['dark', 'minor', false],
    ['late', 'info', true],
  ]);
});

test('a power cut that darkens a hundred cameras is a few alerts and one notice that says how many', async () => {
  await using house = await openHouse();
  for (let camera = 0; camera < 100; camera += 1) house.begin({ id: `c${camera}`, position }, 'black');
  await house.faults.close();
  await house.desk.close();
  const alerts = await house.alerts();
  expect(alerts).toHaveLength(21);
  expect(alerts.find(({ title }) => title.includes('上报过多'))?.title).toBe('画面异常 上报过多，已压下 80 条');
});

test('a fault that stood before a restart is the same alert after it', async () => {
  await using house = await openHouse();
  house.begin({ id: 'a', position });
  await expect.poll(house.alerts).toHaveLength(1);
  const [before] = await house.alerts();
  await using again = await openDesk({}, house.path);
  const faults = new CameraFaults({
    desk: again.desk,
    test: house.test,
    picture: async () => undefined,
    find: () => ({ position }),
    log: silentLog,
  });
  house.begin({ id: 'a', position });
  await faults.close();
  expect((await again.desk.list()).items.map(({ id }) => id)).toEqual([before?.id]);
});
