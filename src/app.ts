/** The system on one page: what exists (`house.ts` builds it), what flows where, in which order it starts and stops. */
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import type { Access } from './access/access.ts';
import { accountsPlugin } from './access/accounts/plugin.ts';
import { authPlugin } from './access/auth/plugin.ts';
import { ledgerPlugin } from './access/ledger/plugin.ts';
import { oidcPlugin } from './access/oidc/plugin.ts';
import { accessPlugin } from './access/plugin.ts';
import { secondFactorPlugin } from './access/second-factor/plugin.ts';
import { tokensPlugin } from './access/tokens/plugin.ts';
import { watchesPlugin } from './access/watches/plugin.ts';
import { AlertFootage } from './alert-footage.ts';
import { warningsPlugin } from './alerts/cap/plugin.ts';
import { dutyPlugin } from './alerts/duty/plugin.ts';
import { evidencePlugin } from './alerts/evidence/plugin.ts';
import { AlertFeed } from './alerts/feed/alert-feed.ts';
import { alertFeedPlugin } from './alerts/feed/plugin.ts';
import { alertsPlugin } from './alerts/plugin.ts';
import type { Config } from './config.ts';
import { pushPlugin } from './dispatch/channels/push/plugin.ts';
import { assignmentViews } from './dispatch/incidents/assignment-view.ts';
import { incidentFeedPlugin } from './dispatch/incidents/feed/plugin.ts';
import { incidentsPlugin } from './dispatch/incidents/plugin.ts';
import { patrolPlugin } from './dispatch/patrol/plugin.ts';
import { plansPlugin } from './dispatch/plans/plugin.ts';
import { dispatchPlugin } from './dispatch/plugin.ts';
import { OversightReports } from './dispatch/reports/oversight.ts';
import { reportsPlugin } from './dispatch/reports/plugin.ts';
import { Reports } from './dispatch/reports/reports.ts';
import { UnitTracks } from './dispatch/unit-tracks.ts';
import { gisPlugin } from './gis/plugin.ts';
import { buildHouse, type House, type HouseOptions } from './house.ts';
import { answerFrameworkError, httpPlugin } from './http/plugin.ts';
import { serverLimits } from './http/server-limits.ts';
import type { Ingest } from './ingest/ingest.ts';
import { ingestPlugin } from './ingest/plugin.ts';
import { livePlugin } from './live/plugin.ts';
import { measureHouse } from './metrics.ts';
import { patrolVoice } from './patrol-words.ts';
import { deviceArea, isSensor, placedSensor } from './placing.ts';
import { detectorHealth, readinessOf } from './readiness.ts';
import type { RunningConfig } from './running-config.ts';
import type { Actor } from './shared/actor.ts';
import { ErrorTally } from './shared/error-tally.ts';
import type { Log } from './shared/log.ts';
import { videoApiPlugin, videoPlugin } from './streams/plugin.ts';

export interface AppOptions extends HouseOptions {
  readonly version: string;
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

/** Builds the command center. Nothing runs before `http.listen` or `http.ready`; `http.close` ends all of it. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, tls, logLevel } = options;
  const { proxies } = config.tianliang.server;
  const http = Fastify({
    ...serverLimits,
    logger: { level: logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: proxies.length > 0 && [...proxies],
    frameworkErrors: answerFrameworkError,
    ...(tls && { https: tls }),
  });
  const house = await buildHouse(options, http.log);
  joinEvents(house, http.log);
  await registerRoot(http, house, options);
  await registerSinks(http, house, config);
  await registerSources(http, house);
  return { http, access: house.access, ingest: house.ingest, running: house.running };
}

/** What flows where, once it is decided and stored. */
function joinEvents(house: House, log: Log): void {
  const { desk, traces, video, units, incidents, ingest, live, detector, find, weather, channels } = house;
  const unsent = new ErrorTally((count, err) => log.warn({ count, err }, 'alerts not published on MQTT'));
  desk.on('changed', (alert) => {
    live.publish(alert);
    channels.wake();
    traces.changed(alert);
    const message = JSON.stringify(alert);
    const topic = `tianliang/alerts/${alert.id}`;
    ingest.publish(topic, message, { qos: 1, retain: false }).catch((error) => unsent.add(error));
  });
  desk.on('silenced', (alert) => traces.changed(alert));
  desk.on('merged', (part) => traces.changed(part));
  incidents.records.on('changed', (incident) => {
    live.publish(incident);
    for (const one of assignmentViews(incident)) live.changed('assignments', one);
    channels.wake();
  });
  video.streams.on('state', (camera) => live.changed('cameras', camera));
  video.streams.on('removed', (camera) => live.removed('cameras', camera));
  units.on('changed', (unit) => live.changed('units', unit));
  ingest.registry.on('changed', (device) => {
    if (isSensor(device)) {
      const placed = placedSensor(device, find);
      live.changed('sensors', placed);
      weather.station(placed);
    } else units.presence({ device: device.id, online: device.online });
  });
  ingest.registry.on('removed', (device) => {
    if (isSensor(device)) live.removed('sensors', placedSensor(device, find));
    weather.removed(device.id);
  });
  detector.on('blind', (err) => log.error({ err }, 'detector blind'));
  detector.on('sight', () => log.info({}, 'detector sees again'));
  for (const turn of ['blind', 'sight'] as const)
    detector.on(turn, () => live.changed('health', detectorHealth(detector)));
}

async function registerRoot(http: FastifyInstance, house: House, options: AppOptions): Promise<void> {
  const { access, store, traces } = house;
  const { config, version, wall } = options;
  http.addHook('onClose', () => store.close());
  http.addHook('onClose', () => traces.close());
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
const accessPlugins = [
  ...[authPlugin, oidcPlugin, accountsPlugin, secondFactorPlugin, tokensPlugin],
  ...[ledgerPlugin, watchesPlugin],
];

/** Fastify makes them ready in this order and closes them in the reverse one: intake stops first. */
async function registerSinks(http: FastifyInstance, house: House, config: Config): Promise<void> {
  const { access, live, running } = house;
  const { actorOf, sessionEnded } = access;
  await http.register(livePlugin, { hub: live, actorOf, sessionEnded });
  for (const plugin of accessPlugins) await http.register(plugin, { ...api, access });
  const { map } = config.tianliang;
  await http.register(gisPlugin, { ...api, ...config, roads: () => running.config.roads, map });
  await registerDispatch(http, house);
  await registerAlerts(http, house, config);
}

async function registerDispatch(http: FastifyInstance, house: House): Promise<void> {
  const { store, units, incidents, fences, downlink, ingest, channels, planDesk, running } = house;
  const { actorOf } = house.access;
  const tracks = new UnitTracks((query) => ingest.query(query));
  const reports = new Reports({ store, zone: () => running.config.responsibility.calendar.zone });
  const oversight = new OversightReports(store, reports);
  await http.register(dispatchPlugin, { ...api, units, tracks, fences, downlink, actorOf });
  await http.register(patrolPlugin, { ...api, voice: patrolVoice(house), actorOf });
  await http.register(incidentsPlugin, { ...api, ...incidents, actorOf });
  await http.register(incidentFeedPlugin, { ...api, book: incidents.book, actorOf });
  await http.register(plansPlugin, { ...api, plans: planDesk, actorOf });
  await http.register(pushPlugin, { ...api, push: channels.push, actorOf });
  await http.register(reportsPlugin, { ...api, reports, oversight, actorOf });
}

async function registerAlerts(http: FastifyInstance, house: House, config: Config): Promise<void> {
  const { store, desk, duty, evidence } = house;
  const { actorOf } = house.access;
  const footage = new AlertFootage({ ...house, ...house.video, log: http.log });
  desk.on('changed', (alert) => footage.keep(alert));
  desk.on('silenced', (alert) => footage.keep(alert));
  desk.on('merged', (part) => footage.keep(part));
  const feed = new AlertFeed({ config: config.tianliang.feeds, desk, store });
  await http.register(alertsPlugin, { ...api, desk, actorOf, clip: (alert, actor) => footage.clip(alert, actor) });
  await http.register(dutyPlugin, { ...api, ...duty, desk, actorOf });
  await http.register(alertFeedPlugin, { ...api, feed, actorOf });
  await http.register(evidencePlugin, { ...api, evidence, actorOf });
}

async function registerSources(http: FastifyInstance, house: House): Promise<void> {
  const { access, video, ingest, incidents, begin, running } = house;
  const { actorOf, redeemTicket, sessionEnded } = access;
  await http.register(videoPlugin, {
    video,
    actorOf: access.knownActorOf,
    redeemTicket,
    sessionEnded,
    record: (note) => access.watches.note(note),
  });
  const site = { plan: () => running.plan(), apply: (actor: Actor) => running.apply(actor) };
  const issueTicket = async (actor: Actor, camera: string, incident?: string) => {
    if (incident !== undefined) await incidents.book.get(incident, actor);
    return await access.issueTicket(actor, camera, incident);
  };
  await http.register(videoApiPlugin, { ...api, video, actorOf, issueTicket, begin, site });
  await http.register(warningsPlugin, { ...api, warnings: house.warnings, actorOf });
  await http.register(ingestPlugin, { ...api, ingest, actorOf, areaOf: (device) => deviceArea(device, house) });
  runSources(http, house);
}

/** Started last and ended first. */
function runSources(http: FastifyInstance, house: House): void {
  const { video, ingest, units, incidents, fences, downlink, retention, detector, watching, silence, warnings } = house;
  const { faults, duty, channels, planDesk } = house;
  http.addHook('onReady', async () => {
    await channels.start();
    video.start();
    // A worker holds a core's worth of model: none without a camera to watch.
    if (watching.size > 0) detector.start();
    watching.start();
    await fences.start();
    await ingest.start();
    silence.start();
    units.start();
    await downlink.start();
    await incidents.start();
    await planDesk.start();
    duty.clock.start();
    retention.start();
    warnings.start();
  });
  http.addHook('onClose', async () => {
    await warnings.close();
    await channels.close();
    await retention.close();
    await duty.clock.close();
    await planDesk.close();
    await incidents.close();
    await downlink.close();
    await silence.close();
    await ingest.close();
    await units.close();
    await watching.close();
    await detector.close();
    await faults.close();
  });
}
