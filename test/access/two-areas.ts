import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { freePort } from '../../demo/free-port.ts';
import { type App, createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Incident } from '../../src/dispatch/incidents/incident.ts';
import { type Role, roles, systemActor } from '../../src/shared/actor.ts';
import { goodPassword } from '../helpers/access-house.ts';
import { type Caller, logIn } from '../helpers/caller.ts';
import { connectDevice } from '../helpers/mqtt-device.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { collectRoutes, type DeclaredRoute } from './route-matrix.ts';

/** One of each kind of thing in an area; every id and name of the east holds `canary`. */
export interface AreaThings {
  readonly camera: string;
  readonly unit: string;
  readonly device: string;
  readonly terminal: string;
  readonly alert: string;
  readonly incident: string;
  readonly assignment: string;
  readonly photo: string;
  readonly silence: string;
  readonly handover: string;
  readonly lock: string;
  readonly evidence: string;
}

export interface TwoAreas extends AsyncDisposable {
  readonly app: App;
  readonly url: string;
  /** The data directory. */
  readonly data: string;
  readonly routes: readonly DeclaredRoute[];
  readonly west: AreaThings;
  readonly east: AreaThings;
  /** Whoever has the west only, one a role; the patrol speaks for the unit of the west. */
  readonly callers: ReadonlyMap<Role, Caller>;
  readonly admin: Caller;
}

const spots = { west: { lat: 27.3, lon: 105.25 }, east: { lat: 27.3, lon: 105.35 } };
const names = { west: 'west', east: 'canary-east' } as const;
type Area = keyof typeof names;
const devicePassword = 'luchu-baiyun-27';

const square = (id: string, { lat, lon }: { lat: number; lon: number }) => ({
  type: 'Feature',
  id,
  properties: { id, name: id },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [lon - 0.04, lat - 0.04],
        [lon + 0.04, lat - 0.04],
        [lon + 0.04, lat + 0.04],
        [lon - 0.04, lat + 0.04],
        [lon - 0.04, lat - 0.04],
      ],
    ],
  },
});

const each = (line: (area: Area, name: string) => string) =>
  (['west', 'east'] as const).map((area) => line(area, names[area])).join('\n');
const at = (area: Area) => `{ lat: ${spots[area].lat}, lon: ${spots[area].lon} }`;

async function writeConfig(dir: string, mqttPort: number, more: string): Promise<void> {
  const files = {
    'tianliang.yaml': `map: { title: two, center: ${at('west')}, zoom: 10 }
mqtt: { embedded: { host: 127.0.0.1, port: ${mqttPort} } }
video: { rtmp: { port: 0 } }
detector: { workers: 0 }
devices:
${each(
  (
    area,
    name,
  ) => `  - { id: ${name}-fog, kind: sensor, name: ${name}-fog, password: ${devicePassword}, position: ${at(area)} }
  - { id: ${name}-radio, kind: terminal, name: ${name}-radio, password: ${devicePassword} }`,
)}
${more}`,
    'cameras.yaml': `cameras:
${each((area, name) => `  - { id: ${name}-camera, source: "rtsp://127.0.0.1:9/${name}", position: ${at(area)} }`)}
`,
    'units.yaml': `units:
${each((_, name) => `  - { id: ${name}-unit, name: ${name}-unit, kind: patrol, terminal: ${name}-radio, area: ${name === 'west' ? 'west' : 'east'} }`)}
`,
    'rules.yaml': '{}\n',
    'areas.geojson': JSON.stringify({
      type: 'FeatureCollection',
      features: [square('west', spots.west), square('east', spots.east)],
    }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
}

/** The whole house as `app.ts` joins it, on a site of two areas with one of everything in each; `more` of tianliang.yaml. */
export async function openTwoAreas(more = ''): Promise<TwoAreas> {
  await using opened = new AsyncDisposableStack();
  const { path: dir } = opened.use(await tempDir());
  const { path: data } = opened.use(await tempDir());
  const mqttPort = await freePort(0);
  await writeConfig(dir, mqttPort, more);
  const { app, routes } = await collected(dir, data);
  opened.defer(() => app.http.close());
  const url = await app.http.listen({ port: 0, host: '127.0.0.1' });
  const callers = await accounts(app, url);
  const admin = await account(app, url, { name: 'boss', role: 'admin', areas: 'all' });
  const mqttUrl = `mqtt://127.0.0.1:${mqttPort}`;
  const seat = callers.get('seat') ?? admin;
  const other = await account(app, url, { name: 'canary-seat', role: 'seat', areas: ['east'] });
  const west = await furnish('west', { admin, seat, mqttUrl });
  const east = await furnish('east', { admin, seat: other, mqttUrl });
  const left = opened.move();
  return { app, url, data, routes, west, east, callers, admin, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

/** Fastify tells of itself when it is made: before any route is there. */
async function collected(dir: string, dataDir: string) {
  const read = () => loadConfig(dir, {});
  let routes: readonly DeclaredRoute[] = [];
  const listen = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    routes = collectRoutes(fastify);
  };
  subscribe('fastify.initialization', listen);
  try {
    const options = { readConfig: read, dataDir, ffmpegPath: 'ffmpeg', version: '0', wall: join(dir, 'none') };
    return { app: await createApp({ ...options, config: await read(), logLevel: 'silent' }), routes };
  } finally {
    unsubscribe('fastify.initialization', listen);
  }
}

interface Somebody {
  readonly name: string;
  readonly role: Role;
  readonly areas: readonly string[] | 'all';
  readonly unit?: string;
}

async function account({ access }: App, url: string, somebody: Somebody): Promise<Caller> {
  await access.accounts.add({ ...somebody, password: goodPassword }, systemActor);
  return await logIn(url, somebody.name, goodPassword);
}

async function accounts(app: App, url: string): Promise<Map<Role, Caller>> {
  const callers = new Map<Role, Caller>();
  for (const role of roles) {
    const unit = role === 'patrol' ? { unit: 'west-unit' } : {};
    callers.set(role, await account(app, url, { name: `${role}-west`, role, areas: ['west'], ...unit }));
  }
  return callers;
}

export const greyPicture = () =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer();

interface Furnishers {
  readonly admin: Caller;
  /** Of that area alone. */
  readonly seat: Caller;
  readonly mqttUrl: string;
}

async function furnish(area: Area, { admin, seat, mqttUrl }: Furnishers): Promise<AreaThings> {
  const name = names[area];
  const spot = spots[area];
  await using radio = await connectDevice({ url: mqttUrl, id: `${name}-radio`, password: devicePassword });
  await radio.sos(`${name}-sos`, spot);
  await using fog = await connectDevice({ url: mqttUrl, id: `${name}-fog`, password: devicePassword });
  await fog.reading({ visibility: 900 });
  const alert = await alertOf(admin, `${name}-radio`);
  const report = { source: 'hotline', kind: 'manhole', title: `${name}-report`, position: spot, area };
  const { id: incident } = await admin.post<{ id: string }>('/incidents', report);
  await admin.post(`/incidents/${incident}/dispatch`, { unit: `${name}-unit` });
  await admin.post(`/units/${name}-unit/messages`, { title: `${name}-message` });
  const headers = { 'content-type': 'image/jpeg' };
  const path = `/api/v1/incidents/${incident}/photos`;
  const photographed = await admin.fetch(path, { method: 'POST', headers, body: new Uint8Array(await greyPicture()) });
  if (!photographed.ok) throw new Error(`no photo: ${await photographed.text()}`);
  const { photos, assignments } = (await photographed.json()) as Pick<Incident, 'photos' | 'assignments'>;
  return {
    ...{ camera: `${name}-camera`, unit: `${name}-unit`, device: `${name}-fog`, terminal: `${name}-radio` },
    ...{ alert, incident, assignment: assignments[0]?.id ?? '', photo: photos[0] ?? '' },
    ...(await papers(area, { admin, seat, incident })),
  };
}

/** What people write of an area: none of it is for another one. */
async function papers(area: Area, { admin, seat, incident }: { admin: Caller; seat: Caller; incident: string }) {
  const name = names[area];
  const made = async (by: Caller, path: string, body: object) => (await by.post<{ id: string }>(path, body)).id;
  const span = { from: '2026-11-26T08:00:00Z', to: '2026-11-26T08:01:00Z' };
  const reason = `${name}-reason`;
  const evidence = { incident, purpose: reason, recipient: name, cameras: [`${name}-camera`], ...span };
  return {
    silence: await made(admin, '/silences', { kind: 'ice', area, minutes: 30, reason }),
    handover: await made(seat, '/handovers', { notes: `${name}-notes` }),
    lock: await made(admin, '/locks', { camera: `${name}-camera`, ...span, headline: `${name}-lock`, reason }),
    evidence: await made(admin, '/evidence', evidence),
  };
}

/** The terminal's message is on its way to the desk. */
async function alertOf(admin: Caller, unit: string): Promise<string> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const { items } = await admin.get<{ items: { id: string; unit?: string; kind: string }[] }>('/alerts?kind=sos');
    const found = items.find((one) => one.unit === unit);
    if (found) return found.id;
    if (Date.now() > deadline) throw new Error(`no alert of ${unit}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
