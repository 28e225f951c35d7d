/** What exists: every long-lived thing of the command center, built and given what it needs of the others. */
import { join } from 'node:path';
import type { Access } from './access/access.ts';
import { type AlertDuty, buildDuty } from './alert-duty.ts';
import { WarningFeeds } from './alerts/cap/warning-feeds.ts';
import { sensorRulesOf } from './alerts/config.ts';
import { AlertDesk } from './alerts/desk.ts';
import { Detection } from './alerts/detection/detection.ts';
import { RunningDetector } from './alerts/detection/running-detector.ts';
import { deskLimitsOf } from './alerts/duty/desk-config.ts';
import type { Evidence } from './alerts/evidence/evidence.ts';
import { SensorRules } from './alerts/rules/sensor-rules.ts';
import { SilenceWatch } from './alerts/rules/silence-watch.ts';
import { AlertTraces } from './alerts/traces/alert-traces.ts';
import { applyConfig, type Changing, leastScoreOf, lookingOf, prepareDetector } from './apply-config.ts';
import { CameraFaults } from './camera-faults.ts';
import { CameraGrounds } from './camera-grounds.ts';
import { buildClosedLoop, type ClosedLoop } from './closed-loop.ts';
import type { Config } from './config.ts';
import { UnitBoard } from './dispatch/unit-board.ts';
import { buildAccess } from './doorkeeping.ts';
import { buildEvidence } from './evidence-house.ts';
import type { Areas } from './gis/areas.ts';
import { toWgs84 } from './gis/datum.ts';
import type { GeoPoint } from './gis/point.ts';
import { Ground } from './ground.ts';
import { Ingest } from './ingest/ingest.ts';
import { LiveHub } from './live/hub.ts';
import { takeMessage, tellDesk, watchedSensors } from './message-effects.ts';
import { type Finder, isSensor, lastFix, placedCamera, placedSensor, watchedCameras } from './placing.ts';
import { detectorHealth } from './readiness.ts';
import { RunningConfig } from './running-config.ts';
import { lookbackMs, seriesAround } from './sensor-series.ts';
import type { BeginDeed } from './shared/deed.ts';
import type { Log } from './shared/log.ts';
import { eventsSince, headSeq } from './store/events-repository.ts';
import { openStore, type Store } from './store/store.ts';
import { faultPicture } from './streams/self-test/fault-picture.ts';
import { Video } from './streams/video.ts';
import { buildTerminals, type Terminals } from './terminals.ts';
import { weathered } from './weather-near.ts';
import { WeatherSight } from './weather-sight.ts';

export interface HouseOptions {
  readonly config: Config;
  /** Reads the configuration anew; fails with `ConfigError` when it is not valid. */
  readonly readConfig: () => Promise<Config>;
  /** Everything that must survive is below it. */
  readonly dataDir: string;
  readonly ffmpegPath: string;
}

/** What stands on its own. */
interface Core extends Terminals, ClosedLoop {
  readonly store: Store;
  /** Before what no transaction can take back. */
  readonly begin: BeginDeed;
  readonly access: Access;
  readonly desk: AlertDesk;
  readonly rules: SensorRules;
  readonly video: Video;
  readonly ingest: Ingest;
  readonly units: UnitBoard;
  readonly warnings: WarningFeeds;
  readonly ground: Ground;
  readonly find: Finder;
  /** Where the map opens: all that is known of a caller who has never said where it is. */
  readonly center: GeoPoint;
}

export interface House extends Core {
  readonly live: LiveHub;
  readonly duty: AlertDuty;
  readonly detector: RunningDetector;
  readonly watching: Detection;
  readonly grounds: CameraGrounds;
  readonly weather: WeatherSight;
  readonly faults: CameraFaults;
  readonly traces: AlertTraces;
  readonly evidence: Evidence;
  readonly silence: SilenceWatch;
  readonly running: RunningConfig;
}

/** Nothing runs yet, and nothing is open but the database. */
export async function buildHouse(options: HouseOptions, log: Log): Promise<House> {
  const store = await openStore(join(options.dataDir, 'operations.sqlite'));
  const core = buildCore({ ...options, access: await buildAccess(options, store, log) }, store, log);
  const traces = buildTraces(core, options, log);
  const detection = buildDetection({ ...core, traces }, options, log);
  const sight = buildSight(core, options, log);
  const running = buildRunning({ ...core, ...detection, ...sight, traces }, options, log);
  const silence = buildSilence(core, log);
  const live = buildLive({ ...core, ...detection }, log);
  const duty = buildDuty({ ...core, config: options.config.tianliang.desk, live }, log);
  const evidence = buildEvidence(core, options, log);
  return { ...core, ...detection, ...sight, traces, evidence, silence, running, live, duty };
}

type CoreOptions = HouseOptions & Pick<Core, 'access'>;

function buildCore({ config, dataDir, ffmpegPath, access }: CoreOptions, store: Store, log: Log): Core {
  const { tianliang, cameras, units } = config;
  const ground = new Ground(config.roads, config.areas);
  const { find } = ground;
  const ingest: Ingest = new Ingest({
    ...tianliang,
    dataDirectory: dataDir,
    onMessage: (message) => {
      const { dispatcher, sos } = core.incidents;
      return takeMessage({ ...core, registry: ingest.registry, dispatcher, sos }, message);
    },
    log: log.child({ slice: 'ingest' }),
  });
  const board = new UnitBoard({
    units,
    find,
    latest: async () => ingest.registry.list().flatMap(lastFix),
    log: log.child({ slice: 'dispatch' }),
  });
  const desk = new AlertDesk({ store, log: log.child({ slice: 'alerts' }), limits: deskLimitsOf(tianliang.desk) });
  const terminals = buildTerminals({ config, store, board, ingest, log });
  const { begin } = access.deeds;
  const loop = { config, store, desk, board, ground, ingest, begin, dataDir, ...terminals };
  const core: Core = {
    store,
    begin,
    access,
    desk,
    rules: new SensorRules(sensorRulesOf(config.rules)),
    video: new Video({
      ...{ store, ffmpegPath, config: tianliang.video, dataDirectory: dataDir, log: log.child({ slice: 'streams' }) },
      cameras: cameras.map((camera) => placedCamera(camera, find)),
    }),
    ingest,
    units: board,
    ...terminals,
    ...buildClosedLoop({ ...loop, video: () => core.video }, log),
    warnings: buildWarnings({ config, desk, store }, ground.areas, log),
    ground,
    find,
    center: toWgs84(tianliang.map.center),
  };
  return core;
}

function buildWarnings(
  { config, desk, store }: Pick<Core, 'desk' | 'store'> & Pick<HouseOptions, 'config'>,
  areas: Areas,
  log: Log,
) {
  return new WarningFeeds({
    config: config.tianliang.warnings,
    areas,
    store,
    observe: (observation) => desk.observe(observation),
    end: (key, at) => desk.end(key, at),
    log: log.child({ slice: 'warnings' }),
  });
}

function buildLive(house: Core & Pick<House, 'detector'>, log: Log): LiveHub {
  const { store, desk, units, incidents, video, ingest, find, detector } = house;
  return new LiveHub({
    snapshot: {
      alerts: (actor) => desk.open(actor),
      incidents: (actor) => incidents.book.open(actor),
      units: async () => units.list(),
      silences: (actor) => desk.silences.running(actor),
      assignments: (actor) => incidents.book.ownAssignments(actor),
      health: async () => [detectorHealth(detector)],
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

function buildTraces({ store, ingest, rules }: Core, { config }: HouseOptions, log: Log): AlertTraces {
  const { registry } = ingest;
  return new AlertTraces({
    store,
    leastScore: leastScoreOf(config.tianliang.detector),
    seriesOf: (span) => seriesAround({ registry, query: (query) => ingest.query(query), rules: rules.rules }, span),
    lookbackMs: () => lookbackMs(rules.rules),
    log: log.child({ slice: 'alerts' }),
  });
}

function buildDetection(house: Core & Pick<House, 'traces'>, { config, dataDir }: HouseOptions, log: Log) {
  const { desk, video, ingest, find, traces } = house;
  const { workers } = config.tianliang.detector;
  const detectionLog = log.child({ slice: 'detection' });
  const detector = new RunningDetector({ config: config.tianliang.detector, dataDir, log: detectionLog });
  const grounds = new CameraGrounds(config.cameras, find);
  const watching = new Detection({
    cameras: watchedCameras(config.cameras, workers, find),
    ...lookingOf(config.tianliang.detector),
    detector,
    frames: (camera, wanted) => video.streams.frames(camera, wanted),
    observe: (seen) => desk.observe(weathered(grounds.placed(seen), () => ingest.registry.list())),
    end: (key, at) => desk.end(key, at),
    saw: (detected) => traces.saw(detected),
    log: detectionLog,
  });
  return { detector, watching, grounds };
}

/** What cameras can see, and what is told of those that cannot. */
function buildSight({ desk, video, find }: Core, { config }: HouseOptions, log: Log) {
  const { selfTest: test, streams } = video;
  const weather = new WeatherSight({
    reachMeters: config.tianliang.video.selfTest.stationKm * 1_000,
    tell: (camera, visibility) => test.weather(camera, visibility),
  });
  weather.configure(streams.configs());
  const picture = async (camera: string) =>
    streams.status(camera)?.state.phase === 'live' ? faultPicture(() => streams.snapshot(camera)) : undefined;
  const faults = new CameraFaults({ desk, test, picture, find, log: log.child({ slice: 'alerts' }) });
  return { weather, faults };
}

function buildSilence({ desk, rules, ingest, find }: Core, log: Log): SilenceWatch {
  return new SilenceWatch({
    rules,
    sensors: () => watchedSensors({ registry: ingest.registry, find }),
    tell: (outcomes) => tellDesk(desk, outcomes),
    isHearing: () => ingest.isHearing,
    log: log.child({ slice: 'alerts' }),
  });
}

/** Changes what the files may change while all runs. */
function buildRunning(
  house: Changing & Pick<House, 'begin'>,
  { config, readConfig }: HouseOptions,
  log: Log,
): RunningConfig {
  const { begin, detector } = house;
  return new RunningConfig({
    config,
    read: readConfig,
    begin,
    prepare: (wanted) => prepareDetector(detector, wanted),
    apply: (wanted, what) => applyConfig(house, wanted, what),
    log: log.child({ slice: 'config' }),
  });
}
