import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import type { Alert } from '../../../src/alerts/alert.ts';
import { warningsPlugin } from '../../../src/alerts/cap/plugin.ts';
import { WarningFeeds } from '../../../src/alerts/cap/warning-feeds.ts';
import { type FeedConfig, WarningsConfig } from '../../../src/alerts/cap/warnings-config.ts';
import type { Areas } from '../../../src/gis/areas.ts';
import type { Actor } from '../../../src/shared/actor.ts';
import { checkValue } from '../../../src/shared/check-value.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { openDesk, seat } from '../alert-fixtures.ts';
import { atomXml, type CapAlert, capXml, outline, referenceTo } from './cap-documents.ts';
import { manyAreas, westAndEast } from './weather-areas.ts';
import { saying, startWeatherServer, tagged } from './weather-server.ts';

const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
const within = { timeout: 15_000, interval: 20 };

/** Sent an hour ago, in force for two more. */
const fogWarning = (more: Partial<CapAlert> = {}): CapAlert => ({
  identifier: 'fog-1',
  sent: minutesFromNow(-60),
  infos: [{ headline: '毕节市气象台发布大雾橙色预警信号', expires: minutesFromNow(120) }],
  ...more,
});

interface Site {
  readonly feeds?: readonly Partial<FeedConfig>[];
  readonly hosts?: readonly string[];
  readonly areas?: Areas;
  readonly areaCodes?: Readonly<Record<string, string>>;
}

type Desk = Awaited<ReturnType<typeof openDesk>>;

/** Feeds on a desk, read as often as can be. */
function runFeeds({ desk, store }: Desk, { feeds = [], hosts = [], areas = westAndEast, areaCodes = {} }: Site) {
  const wanted = { feeds: feeds.map((feed) => ({ id: 'cma', every: '10s', ...feed })), hosts, areaCodes };
  const checked = checkValue(WarningsConfig, wanted);
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues));
  const warnings = new WarningFeeds({
    config: checked.value,
    areas,
    store,
    observe: (observation) => desk.observe(observation),
    end: (key, at) => desk.end(key, at),
    log: silentLog,
    lookMs: 20,
  });
  warnings.start();
  return warnings;
}

const alertsOf = async ({ desk }: Desk): Promise<Alert[]> => (await desk.list()).items;
const endsOf = async (desk: Desk) => (await alertsOf(desk)).map(({ endedAt }) => endedAt !== undefined);

async function feedFile() {
  const dir = await tempDir();
  const file = join(dir.path, 'warnings.xml');
  return { ...dir, file, write: (alert: CapAlert) => writeFile(file, capXml(alert)) };
}

test('a warning in a file raises one alert, with its place and why', async () => {
  await using desk = await openDesk();
  await using feed = await feedFile();
  await feed.write(fogWarning());
  await using warnings = runFeeds(desk, { feeds: [{ file: feed.file }] });
  await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  const [alert] = await alertsOf(desk);
  expect(alert).toMatchObject({
    kind: 'weather-warning',
    severity: 'major',
    state: 'raised',
    area: 'west',
    title: '大雾橙色预警',
  });
  expect(westAndEast.areaOf(alert?.position ?? { lat: 0, lon: 0 })).toBe('west');
  expect(alert?.reasons.map(({ text }) => text)).toEqual([
    '大雾：毕节市气象台发布大雾橙色预警信号',
    '等级 严重，紧迫 即将，把握 很可能',
    expect.stringMatching(/^有效 \d\d-\d\d \d\d:\d\d 至 \d\d-\d\d \d\d:\d\d$/),
  ]);
  expect(warnings.health()).toEqual([{ name: 'warnings.cma', status: 'ok' }]);
  expect(warnings.counts).toEqual({ message: 1, ignored: 0, refused: 0 });
});

test('an update goes on with the alert, a cancel ends it, and both are heard after a restart too', async () => {
  await using desk = await openDesk();
  await using feed = await feedFile();
  const site = { feeds: [{ file: feed.file }] };
  const first = fogWarning();
  await feed.write(first);
  {
    await using _ = runFeeds(desk, site);
    await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  }
  const second = fogWarning({
    identifier: 'fog-2',
    sent: minutesFromNow(-30),
    msgType: 'Update',
    references: referenceTo(first),
    infos: [{ severity: 'Extreme', headline: '毕节市气象台发布大雾红色预警信号', expires: minutesFromNow(60) }],
  });
  await feed.write(second);
  {
    await using _ = runFeeds(desk, site);
    await expect.poll(async () => (await alertsOf(desk))[0]?.title, within).toBe('大雾红色预警');
    expect(await alertsOf(desk)).toMatchObject([{ severity: 'critical' }]);
  }
  // It speaks of the update alone: that this is the first warning is known from before.
  const last = { msgType: 'Cancel', references: referenceTo(second), infos: [] };
  await feed.write(fogWarning({ identifier: 'fog-3', sent: minutesFromNow(-10), ...last }));
  await using _ = runFeeds(desk, site);
  await expect.poll(() => endsOf(desk), within).toEqual([true]);
});

test('an update that is less severe is heard as well, though the desk rests between two looks', async () => {
  await using desk = await openDesk({ refreshMs: 500 });
  await using server = await startWeatherServer();
  const first = fogWarning();
  const references = referenceTo(first);
  const infos = [{ severity: 'Moderate', headline: '毕节市气象台发布大雾黄色预警信号' }];
  const second = fogWarning({ identifier: 'fog-2', sent: minutesFromNow(-5), msgType: 'Update', references, infos });
  server.answers.set('/one', saying(capXml(first)));
  await using _ = runFeeds(desk, {
    feeds: ['one', 'two'].map((id) => ({ id, url: `${server.url}/${id}` })),
    hosts: [server.host],
  });
  await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  server.answers.set('/two', saying(capXml(second)));
  const title = async () => (await alertsOf(desk))[0]?.title;
  await expect.poll(title, { ...within, timeout: 25_000 }).toBe('大雾黄色预警');
  expect(await alertsOf(desk)).toMatchObject([{ severity: 'minor', state: 'raised' }]);
});

test('a seat that took a warning has it before it again when an update is more severe', async () => {
  await using desk = await openDesk();
  await using feed = await feedFile();
  const site = { feeds: [{ file: feed.file }] };
  const first = fogWarning();
  await feed.write(first);
  {
    await using _ = runFeeds(desk, site);
    await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  }
  const [{ id = '' } = {}] = await alertsOf(desk);
  await desk.desk.acknowledge(id, seat);
  const infos = [{ severity: 'Extreme', headline: '毕节市气象台发布大雾红色预警信号', expires: minutesFromNow(60) }];
  const update = { identifier: 'fog-2', sent: minutesFromNow(-5), msgType: 'Update', references: referenceTo(first) };
  await feed.write(fogWarning({ ...update, infos }));
  await using _ = runFeeds(desk, site);
  await expect.poll(async () => (await alertsOf(desk))[0]?.severity, within).toBe('critical');
  expect(await alertsOf(desk)).toMatchObject([{ id, state: 'raised', title: '大雾红色预警' }]);
});

test('a restart raises nothing twice, and ends what has expired meanwhile though the feed is gone', async () => {
  await using desk = await openDesk();
  await using feed = await feedFile();
  const soon = { expires: new Date(Date.now() + 6_000).toISOString() };
  await feed.write(fogWarning({ infos: [soon] }));
  {
    await using _ = runFeeds(desk, { feeds: [{ file: feed.file }] });
    await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  }
  await using _ = runFeeds(desk, {});
  await expect.poll(() => endsOf(desk), within).toEqual([true]);
});

test('after a restart the alert that people had closed is still the same one', async () => {
  await using desk = await openDesk({ refreshMs: 0 });
  await using feed = await feedFile();
  await feed.write(fogWarning());
  const site = { feeds: [{ file: feed.file }] };
  {
    await using _ = runFeeds(desk, site);
    await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  }
  const [alert] = await alertsOf(desk);
  await desk.desk.confirm(alert?.id ?? '', seat);
  const [{ version = 0 } = {}] = await alertsOf(desk);
  await using _ = runFeeds(desk, site);
  await expect.poll(async () => (await alertsOf(desk))[0]?.version, within).toBeGreaterThan(version);
  expect(await alertsOf(desk)).toMatchObject([{ id: alert?.id, state: 'confirmed' }]);
});

test('a warning waits for its onset, and one that is over or a test raises nothing', async () => {
  await using server = await startWeatherServer();
  await using desk = await openDesk();
  const onset = new Date(Date.now() + 1_500);
  const links = {
    past: fogWarning({ identifier: 'past', infos: [{ expires: minutesFromNow(-1) }] }),
    trial: fogWarning({ identifier: 'trial', status: 'Test' }),
    later: fogWarning({ identifier: 'later', infos: [{ onset: onset.toISOString(), expires: minutesFromNow(60) }] }),
  };
  server.answers.set('/feed', saying(atomXml(Object.keys(links))));
  for (const [path, alert] of Object.entries(links)) server.answers.set(`/${path}`, saying(capXml(alert)));
  await using warnings = runFeeds(desk, { feeds: [{ url: `${server.url}/feed` }], hosts: [server.host] });
  await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  const [alert] = await alertsOf(desk);
  expect(Date.parse(alert?.at ?? '')).toBeGreaterThanOrEqual(onset.getTime());
  expect(warnings.counts).toEqual({ message: 2, ignored: 1, refused: 0 });
});

test('each of our areas has its own alert, and one that an update leaves out has none any more', async () => {
  await using desk = await openDesk();
  await using feed = await feedFile();
  const site = { feeds: [{ file: feed.file, areaCodes: { '520500': 'east' } }] };
  const first = fogWarning({ infos: [{ area: '<areaDesc>x</areaDesc><circle>27.3,105.3 5</circle>' }] });
  await feed.write(first);
  {
    await using _ = runFeeds(desk, site);
    await expect
      .poll(async () => (await alertsOf(desk)).map(({ area }) => area).toSorted(), within)
      .toEqual(['east', 'west']);
  }
  const code = '<areaDesc>x</areaDesc><geocode><valueName>adcode</valueName><value>520500</value></geocode>';
  const changes = { identifier: 'fog-2', sent: minutesFromNow(-5), msgType: 'Update', references: referenceTo(first) };
  await feed.write(fogWarning({ ...changes, infos: [{ area: code }] }));
  await using _ = runFeeds(desk, site);
  const ended = async () => (await alertsOf(desk)).filter(({ endedAt }) => endedAt).map(({ area }) => area);
  await expect.poll(ended, within).toEqual(['west']);
  expect(await alertsOf(desk)).toHaveLength(2);
});

test('a warning of a hundred areas raises them all, and no flood', async () => {
  await using desk = await openDesk();
  await using feed = await feedFile();
  await feed.write(fogWarning({ infos: [{ area: outline('27,104 27,107 28,107 28,104 27,104') }] }));
  await using _ = runFeeds(desk, { feeds: [{ file: feed.file }], areas: manyAreas(100) });
  await expect.poll(async () => (await desk.desk.list({ limit: 200 })).items.length, within).toBe(100);
  const { items } = await desk.desk.list({ limit: 200 });
  expect(new Set(items.map(({ area }) => area)).size).toBe(100);
});

test('a feed that fails is degraded with why and since when, the others go on, and well again it says so', async () => {
  await using server = await startWeatherServer();
  await using desk = await openDesk();
  server.answers.set('/good', saying(capXml(fogWarning())));
  server.answers.set('/bad', (_, response) => void response.writeHead(503).end());
  const feeds = [
    { id: 'bad', url: `${server.url}/bad` },
    { id: 'good', url: `${server.url}/good` },
    { id: 'gone', file: '/nowhere/warnings.xml' },
  ];
  await using warnings = runFeeds(desk, { feeds, hosts: [server.host] });
  const health = () => Object.fromEntries(warnings.health().map(({ name, status }) => [name, status]));
  await expect.poll(() => Object.values(health()).includes('starting'), within).toBe(false);
  expect(health()).toEqual({
    'warnings.bad': expect.stringMatching(/^degraded since \S+Z: it answers HTTP 503$/),
    'warnings.good': 'ok',
    'warnings.gone': expect.stringMatching(/: it cannot be read \(ENOENT\)$/),
  });
  await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  server.answers.set('/bad', saying(atomXml([])));
  await expect.poll(() => health()['warnings.bad'], { ...within, timeout: 25_000 }).toBe('ok');
});

test('what the desk could not take is told again', async () => {
  await using desk = await openDesk();
  await using feed = await feedFile();
  await feed.write(fogWarning());
  const checked = checkValue(WarningsConfig, { feeds: [{ id: 'cma', file: feed.file }] });
  if (!checked.ok) throw new Error('not valid');
  let refusals = 3;
  await using warnings = new WarningFeeds({
    config: checked.value,
    areas: westAndEast,
    store: desk.store,
    observe: async (observation) => {
      refusals -= 1;
      if (refusals >= 0) throw new Error('the disk is full');
      return await desk.desk.observe(observation);
    },
    end: async () => undefined,
    log: silentLog,
    lookMs: 20,
  });
  warnings.start();
  await expect.poll(() => alertsOf(desk), within).toHaveLength(1);
  expect(refusals).toBe(-1);
});

test('closing does not wait for a server that is silent, and nothing is told afterwards', async () => {
  await using server = await startWeatherServer();
  await using desk = await openDesk();
  const asked = Promise.withResolvers<void>();
  server.answers.set('/feed', () => asked.resolve());
  const warnings = runFeeds(desk, { feeds: [{ url: `${server.url}/feed` }], hosts: [server.host] });
  await asked.promise;
  const began = performance.now();
  await warnings.close();
  await warnings.close();
  expect(performance.now() - began).toBeLessThan(8_000);
  expect(await alertsOf(desk)).toEqual([]);
});

test('the map is told the ground of warnings in force, to who may see the area', async () => {
  await using server = await startWeatherServer();
  await using desk = await openDesk();
  server.answers.set('/feed', tagged(capXml(fogWarning()), '"1"'));
  const warnings = runFeeds(desk, { feeds: [{ url: `${server.url}/feed` }], hosts: [server.host] });
  await using stack = new AsyncDisposableStack();
  const app = Fastify();
  stack.defer(() => app.close());
  stack.use(warnings);
  let actor: Actor = seat;
  const declared: unknown[] = [];
  app.addHook('onRoute', ({ config }) => void declared.push(config?.access));
  await app.register(warningsPlugin, { warnings, actorOf: () => actor });
  const features = async () => (await app.inject('/warnings.geojson')).json().features;
  await expect.poll(features, within).toHaveLength(1);
  expect(await features()).toMatchObject([
    {
      properties: { event: '大雾', severity: 'major', headline: '毕节市气象台发布大雾橙色预警信号' },
      geometry: { type: 'Polygon' },
    },
  ]);
  expect((await app.inject('/warnings.geojson')).headers['content-type']).toContain('application/geo+json');
  actor = { ...seat, areas: ['east'] };
  expect(await features()).toEqual([]);
  expect(new Set(declared)).toEqual(new Set(['any']));
});
