/** The system on one page: what exists, what flows where, in which order it starts and stops. */
import { join } from 'node:path';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { Access } from './access/access.ts';
import { accountsPlugin } from './access/accounts/plugin.ts';
import { authPlugin } from './access/auth/plugin.ts';
import { ledgerPlugin } from './access/ledger/plugin.ts';
import { accessPlugin } from './access/plugin.ts';
import { AlertFootage } from './alert-footage.ts';
import { sensorRulesOf } from './alerts/config.ts';
import { AlertDesk } from './alerts/desk.ts';
import { defaultModelPath } from './alerts/detection/default-model.ts';
import { Detection } from './alerts/detection/detection.ts';
import { DetectorPool } from './alerts/detection/detector-pool.ts';
import { alertsPlugin } from './alerts/plugin.ts';
import { SensorRules } from './alerts/rules/sensor-rules.ts';
import type { Config } from './config.ts';
import { dispatchPlugin } from './dispatch/plugin.ts';
import { UnitBoard } from './dispatch/unit-board.ts';
import { UnitTracks } from './dispatch/unit-tracks.ts';
import { Areas } from './gis/areas.ts';
import { toWgs84 } from './gis/datum.ts';
import { placeOf, type Whereabouts } from './gis/place.ts';
import { gisPlugin } from './gis/plugin.ts';
import type { GeoPoint } from './gis/point.ts';
import { Roads } from './gis/roads.ts';
import { answerFrameworkError, httpPlugin } from './http/plugin.ts';
import { serverLimits } from './http/server-limits.ts';
import { Ingest } from './ingest/ingest.ts';
import { ingestPlugin } from './ingest/plugin.ts';
import { LiveHub } from './live/hub.ts';
import { livePlugin } from './live/plugin.ts';
import { takeMessage } from './message-effects.ts';
import { measureHouse } from './metrics.ts';
import { type Finder, isSensor, lastFix, placedCamera, placedSensor, watchedCameras } from './placing.ts';
import { readinessOf } from './readiness.ts';
import { RunningConfig } from './running-config.ts';
import type { Actor } from './shared/actor.ts';
import { ErrorTally } from './shared/error-tally.ts';
import type { Log } from './shared/log.ts';
import { eventsSince, headSeq } from './store/events-repository.ts';
import { appendLedger, type LedgerEntry } from './store/ledger-repository.ts';
import { openStore, type Store } from './store/store.ts';
import { videoApiPlugin, videoPlugin } from './streams/plugin.ts';
import { Video } from './streams/video.ts';

export interface AppOptions {
  readonly config: Config;
  /** Reads the configuration anew; fails with `ConfigError` when it is not valid. */
  readonly readConfig: () => Promise<Config>;
  /** Everything that must survive is below it. */
  readonly dataDir: string;
  readonly version: string;
  readonly ffmpegPath: string;
  /** The built wall. */
  readonly wall: string;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly logLevel: string;
}

export interface App {
  readonly http: FastifyInstance;
  readonly access: Access;
  readonly ingest: Ingest;
  readonly running: RunningConfig;
}

/** What stands on its own. */
interface Core {
  readonly store: Store;
  readonly record: (entry: LedgerEntry) => Promise<unknown>;
  readonly access: Access;
  readonly desk: AlertDesk;
  readonly rules: SensorRules;
  readonly video: Video;
  readonly ingest: Ingest;
  readonly units: UnitBoard;
  readonly find: Finder;
  /** Where the map opens: all that is known of a caller who has never said where it is. */
  readonly center: GeoPoint;
}

/** What exists. */
interface House extends Core {
  readonly live: LiveHub;
  readonly detector: DetectorPool;
  readonly watching: Detection;
  readonly running: RunningConfig;
}

/** Builds the command center. Nothing runs before `http.listen` or `http.ready`; `http.close` ends all of it. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, dataDir, tls, logLevel } = options;
  const { proxies } = config.tianliang.server;
  const http = Fastify({
    ...serverLimits,
    logger: { level: logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: proxies.length > 0 && [...proxies],
    frameworkErrors: answerFrameworkError,
    ...(tls && { https: tls }),
  });
  const store = await openStore(join(dataDir, 'operations.sqlite'));
  const core = buildCore(options, store, http.log);
  const detection = buildDetection(core, options, http.log);
  const running = buildRunning({ ...core, ...detection }, options, http.log);
  const house = { ...core, ...detection, running, live: buildLive(core, http.log) };
  joinEvents(house, http.log);
  await registerRoot(http, house, options);
  await registerSinks(http, house, config);
  await registerSources(http, house);
  return { http, access: house.access, ingest: house.ingest, running };
}

/** Constructors only store: nothing is connected yet, and nothing open but the database. */
function buildCore({ config, dataDir, ffmpegPath }: AppOptions, store: Store, log: Log): Core {
  const { tianliang, cameras, units } = config;
  const ground = { roads: new Roads(config.roads), areas: new Areas(config.areas) };
  const find = (given: Whereabouts) => placeOf(ground, given);
  const placed = cameras.map((camera) => placedCamera(camera, find));
  const ingest: Ingest = new Ingest({
    ...tianliang,
    dataDirectory: dataDir,
    onMessage: (message) => takeMessage({ ...core, registry: ingest.registry }, message),
    log: log.child({ slice: 'ingest' }),
  });
  const core: Core = {
    store,
    record: (entry) => store.transaction((tx) => appendLedger(tx, entry)),
    access: new Access({ store, log: log.child({ slice: 'access' }) }),
    desk: new AlertDesk({ store, log: log.child({ slice: 'alerts' }) }),
    rules: new SensorRules(sensorRulesOf(config.rules)),
    video: new Video({
      cameras: placed,
      config: tianliang.video,
      store,
      dataDirectory: dataDir,
      ffmpegPath,
      log: log.child({ slice: 'streams' }),
    }),
    ingest,
    units: new UnitBoard({
      units,
      find,
      latest: async () => ingest.registry.list().flatMap(lastFix),
      log: log.child({ slice: 'dispatch' }),
    }),
    find,
    center: toWgs84(tianliang.map.center),
  };
  return core;
}

function buildLive({ store, desk, units, video, ingest, find }: Core, log: Log): LiveHub {
  return new LiveHub({
    snapshot: {
      alerts: (actor) => desk.open(actor),
      units: async () => units.list(),
      cameras: async () => video.streams.list(),
      sensors: async () =>
        ingest.registry
          .list()
          .filter(isSensor)
          .map((sensor) => placedSensor(sensor, find)),
    },
    eventsSince: (seq, topics, limit) => eventsSince(store.db, { seq, topics, limit }),
    headSeq: () => headSeq(store.db),
    log: log.child({ slice: 'live' }),
  });
}

function buildDetection({ desk, video, find }: Core, { config }: AppOptions, log: Log) {
  const { model = defaultModelPath(), workers, score } = config.tianliang.detector;
  const detectionLog = log.child({ slice: 'detection' });
  const detector = new DetectorPool({ model, workers, minScore: score / 2, log: detectionLog });
  const watching = new Detection({
    cameras: watchedCameras(config.cameras, workers, find),
    minScore: score,
    detector,
    frames: (camera, wanted) => video.streams.frames(camera, wanted),
    observe: (observation) => desk.observe(observation),
    end: (key, at) => desk.end(key, at),
    log: detectionLog,
  });
  return { detector, watching };
}

type Changing = Pick<House, 'record' | 'video' | 'rules' | 'find' | 'detector' | 'watching'>;

/** Changes what the files may change while all runs. */
function buildRunning(house: Changing, { config, readConfig }: AppOptions, log: Log): RunningConfig {
  const { record, video, rules, find, detector, watching } = house;
  return new RunningConfig({
    config,
    read: readConfig,
    record,
    apply: async ({ cameras, rules: wanted }, what) => {
      if (what.rules) rules.configure(sensorRulesOf(wanted));
      if (!what.cameras) return;
      await video.configure(cameras.map((camera) => placedCamera(camera, find)));
      await watching.configure(watchedCameras(cameras, config.tianliang.detector.workers, find));
      if (watching.size > 0) detector.start();
    },
    log: log.child({ slice: 'config' }),
  });
}

/** What flows where, once it is decided and stored. */
function joinEvents({ desk, video, units, ingest, live, detector, find }: House, log: Log): void {
  const unsent = new ErrorTally((count, err) => log.warn({ count, err }, 'alerts not published on MQTT'));
  desk.on('changed', (alert) => {
    live.publish(alert);
    const message = JSON.stringify(alert);
    const topic = `tianliang/alerts/${alert.id}`;
    ingest.publish(topic, message, { qos: 1, retain: false }).catch((error) => unsent.add(error));
  });
  video.streams.on('state', (camera) => live.changed('cameras', camera));
  video.streams.on('removed', (camera) => live.removed('cameras', camera));
  units.on('changed', (unit) => live.changed('units', unit));
  ingest.registry.on('changed', (device) => {
    if (isSensor(device)) live.changed('sensors', placedSensor(device, find));
  });
  detector.on('blind', (err) => log.error({ err }, 'detector blind'));
  detector.on('sight', () => log.info({}, 'detector sees again'));
}

async function registerRoot(http: FastifyInstance, house: House, options: AppOptions): Promise<void> {
  const { access, store } = house;
  const { config, version, wall } = options;
  http.addHook('onClose', () => store.close());
  await http.register(websocket, {
    options: { maxPayload: 65_536 },
    // Its own way of closing says no code; a seat should hear that the server is going away (RFC 6455 §7.4.1).
    preClose: (done) => {
      for (const client of http.websocketServer.clients) client.close(1001);
      done();
    },
  });
  await http.register(accessPlugin, { access, origins: config.tianliang.server.origins });
  await http.register(httpPlugin, {
    version,
    wall,
    readiness: async () => readinessOf(house),
    metrics: (registry) => measureHouse(registry, { ...house, ...house.video }),
  });
}

const api = { prefix: '/api/v1' } as const;

/** Fastify makes them ready in this order and closes them in the reverse one: intake stops first. */
async function registerSinks(http: FastifyInstance, house: House, config: Config): Promise<void> {
  const { access, desk, units, ingest, live } = house;
  const { actorOf, sessionEnded } = access;
  await http.register(livePlugin, { hub: live, actorOf, sessionEnded });
  await http.register(authPlugin, { ...api, access });
  await http.register(accountsPlugin, { ...api, access });
  await http.register(ledgerPlugin, { ...api, access });
  await http.register(gisPlugin, { ...api, ...config, map: config.tianliang.map });
  const tracks = new UnitTracks((query) => ingest.query(query));
  await http.register(dispatchPlugin, { ...api, units, tracks, actorOf });
  const footage = new AlertFootage({ ...house, ...house.video, log: http.log });
  desk.on('changed', (alert) => footage.keep(alert));
  await http.register(alertsPlugin, { ...api, desk, actorOf, clip: (alert, actor) => footage.clip(alert, actor) });
}

async function registerSources(http: FastifyInstance, house: House): Promise<void> {
  const { access, video, ingest, record, running } = house;
  const { actorOf, issueTicket, redeemTicket, sessionEnded } = access;
  const unwritten = new ErrorTally((count, err) => http.log.error({ count, err }, 'watching not recorded'));
  await http.register(videoPlugin, {
    video,
    actorOf: access.knownActorOf,
    redeemTicket,
    sessionEnded,
    record: (entry) => void record(entry).catch((error) => unwritten.add(error)),
  });
  const site = { plan: () => running.plan(), apply: (actor: Actor) => running.apply(actor) };
  await http.register(videoApiPlugin, { ...api, video, actorOf, issueTicket, record, site });
  await http.register(ingestPlugin, { ...api, ingest, actorOf });
  runSources(http, house);
}

/** Started last and ended first. */
function runSources(http: FastifyInstance, { video, ingest, units, detector, watching }: House): void {
  http.addHook('onReady', async () => {
    video.start();
    // A worker holds a core's worth of model: none without a camera to watch.
    if (watching.size > 0) detector.start();
    watching.start();
    await ingest.start();
    units.start();
  });
  http.addHook('onClose', async () => {
    await ingest.close();
    await units.close();
    await watching.close();
    await detector.close();
  });
}
