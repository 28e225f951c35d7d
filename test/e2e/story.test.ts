import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import type { AlertTimelineEntry } from '../../src/alerts/alert-timeline.ts';
import type { EvidenceRequest } from '../../src/alerts/evidence/requests/evidence-request.ts';
import type { Candidate } from '../../src/dispatch/candidates/candidate.ts';
import type { AssignmentView } from '../../src/dispatch/incidents/assignment-view.ts';
import type { Choice } from '../../src/dispatch/incidents/choice.ts';
import type { Incident } from '../../src/dispatch/incidents/incident.ts';
import type { TimelineEntry } from '../../src/dispatch/incidents/timeline.ts';
import type { Unit } from '../../src/dispatch/unit.ts';
import { distanceMeters } from '../../src/gis/distance.ts';
import { type Caller, logIn } from '../helpers/caller.ts';
import { type DemoRun, startDemoRun } from '../helpers/demo-run.ts';
import { openSeat } from '../helpers/live-seat.ts';
import { runCommand } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/* The acceptance story of DESIGN.md, through the public API alone, in the demo as a newcomer starts it. */

let running: DemoRun | undefined;
const demo = (): DemoRun => running ?? expect.fail('the demo does not run');

beforeAll(async () => {
  running = await startDemoRun();
}, 120_000);

afterAll(async () => {
  await running?.[Symbol.asyncDispose]();
}, 30_000);

const patrolPassword = 'shanyu-fenglai-31';
/** The fleet drives to and fro: somebody is soon on the wrong side of the median. */
const fleetMs = 240_000;

interface Ranked {
  readonly first: Candidate;
  readonly across: Candidate;
}

/** Who would go from the alert's own side, and who is nearer to it as the crow flies, on the other side of the median. */
async function rankedAcross(seat: Caller, incident: Incident): Promise<Ranked | undefined> {
  const { items } = await seat.get<{ items: Candidate[] }>(`/incidents/${incident.id}/candidates`);
  const { items: units } = await seat.get<{ items: Unit[] }>('/units');
  const byId = new Map(units.map((unit) => [unit.id, unit]));
  const straight = ({ unit }: Candidate) => {
    const position = byId.get(unit)?.position;
    return position && incident.position ? distanceMeters(position, incident.position) : Number.POSITIVE_INFINITY;
  };
  const sideOf = ({ unit }: Candidate) => byId.get(unit)?.carriageway;
  const [first] = items.filter(({ rejected }) => rejected === undefined);
  if (!first || sideOf(first) !== 'down') return undefined;
  const across = items.find((one) => sideOf(one) === 'up' && straight(one) < straight(first));
  return across && { first, across };
}

async function until<T>(look: () => Promise<T | undefined>, withinMs: number): Promise<T> {
  const late = Date.now() + withinMs;
  while (Date.now() < late) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(1_000);
  }
  return expect.fail(`nothing of the sort within ${withinMs} ms`);
}

/** An account that speaks for the unit, as an admin makes one. */
async function patrolOf(unit: string): Promise<Caller> {
  const admin = await demo().login('admin');
  await admin.post('/accounts', { name: `on-${unit}`, role: 'patrol', areas: 'all', unit, password: patrolPassword });
  return await logIn(demo().url, `on-${unit}`, patrolPassword);
}

let told: Alert | undefined;
const personAlert = (): Alert => told ?? expect.fail('nobody was seen');
let done: string | undefined;
const closedIncident = (): string => done ?? expect.fail('nothing was closed');

test('fog and a pedestrian become one closed incident: alert, nearest unit by road, on scene, photo, verified, closed', async () => {
  const seat = await demo().login('seat');
  await using live = await openSeat(seat);
  const fog = await live.alert(({ kind }) => kind === 'low-visibility', 90_000);
  expect(fog.reasons[0]).toMatchObject({ limit: 200, unit: 'm' });
  const person = await live.alert(({ kind }) => kind === 'person-on-road', 90_000);
  told = person;
  expect(person).toMatchObject({ road: 'G76', carriageway: 'down', camera: 'k1432-120', snapshot: true });
  expect(person.reasons.length).toBeGreaterThan(0);

  const opened = await seat.post<Incident>('/incidents', {
    source: 'alert',
    kind: person.kind,
    title: person.title,
    severity: person.severity,
    position: { lat: person.position.lat, lon: person.position.lon },
    road: 'G76',
    carriageway: 'down',
    alerts: [person.id],
  });
  expect(opened).toMatchObject({ state: expect.stringMatching(/received|assigned/), alerts: [person.id] });

  // Who is nearer as the crow flies, but on the opposite carriageway, is rightly not the nearest.
  const { first, across } = await until(() => rankedAcross(seat, opened), fleetMs);
  expect(across.etaSeconds).toBeGreaterThan(first.etaSeconds ?? Number.POSITIVE_INFINITY);
  for (const { reasons, by } of [first, across]) expect([by, reasons.length > 0]).toEqual(['road', true]);

  const patrol = await patrolOf(first.unit);
  await expect(
    seat.post(`/incidents/${opened.id}/dispatch`, { unit: first.unit, version: opened.version + 9 }),
  ).rejects.toMatchObject({ status: 409 });
  const sent = await seat.post<Incident>(`/incidents/${opened.id}/dispatch`, { unit: first.unit });
  expect(sent.state).toBe('dispatched');
  const { items: choices } = await seat.get<{ items: Choice[] }>(`/incidents/${opened.id}/ranking`);
  expect(choices).toMatchObject([{ unit: first.unit, by: 'seat' }]);
  expect(choices[0]?.candidates.map(({ unit }) => unit)).toEqual(expect.arrayContaining([first.unit, across.unit]));

  const { items: own } = await patrol.get<{ items: AssignmentView[] }>('/assignments?open=true');
  expect(own).toMatchObject([{ incident: opened.id, unit: first.unit, title: person.title }]);
  const assignment = own[0]?.id ?? '';
  await patrol.post(`/assignments/${assignment}/accept`);
  expect((await seat.get<Incident>(`/incidents/${opened.id}`)).state).toBe('accepted');
  await patrol.post(`/assignments/${assignment}/arrive`);
  expect((await seat.get<Incident>(`/incidents/${opened.id}`)).state).toBe('on_scene');
  const picture = await sharp({ create: { width: 640, height: 480, channels: 3, background: 'olive' } })
    .jpeg()
    .toBuffer();
  const added = await patrol.fetch(`/api/v1/incidents/${opened.id}/photos`, {
    method: 'POST',
    headers: { 'content-type': 'image/jpeg' },
    body: new Uint8Array(picture),
  });
  expect(added.status).toBe(201);
  const handled = await patrol.post<Incident>(`/incidents/${opened.id}/feedback`, { text: '行人已劝离高速' });
  expect(handled).toMatchObject({ state: 'handled', photos: [expect.any(String)], feedback: [{ unit: first.unit }] });

  const reviewer = await demo().login('reviewer');
  expect(await reviewer.post<Alert>(`/alerts/${person.id}/confirm`)).toMatchObject({
    state: 'confirmed',
    incident: opened.id,
  });
  expect(await reviewer.post<Incident>(`/incidents/${opened.id}/verify`, { text: '已回访' })).toMatchObject({
    state: 'verified',
  });
  const closed = await seat.post<Incident>(`/incidents/${opened.id}/close`);
  expect(closed.state).toBe('closed');
  done = closed.id;

  const { items: steps } = await seat.get<{ items: TimelineEntry[] }>(`/incidents/${opened.id}/timeline`);
  const states = [...new Set(steps.map(({ state }) => state))].filter((state) => state !== 'assigned');
  expect(states).toEqual(['received', 'dispatched', 'accepted', 'on_scene', 'handled', 'verified', 'closed']);
  const { items: deeds } = await seat.get<{ items: AlertTimelineEntry[] }>(`/alerts/${person.id}/timeline`);
  expect(deeds.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['alert.raise', 'alert.incident', 'alert.confirm']),
  );
}, 480_000);

/* The last part: whoever was not there can check it. */

test('the evidence of the incident, let out by another, is a zip that verifies offline; a touched item is named', async () => {
  const [seat, reviewer] = [await demo().login('seat'), await demo().login('reviewer')];
  const asked = { incident: closedIncident(), purpose: '行人上高速，移交交警', recipient: '交警三大队' };
  const request = await seat.post<EvidenceRequest>('/evidence', asked);
  const getPackage = () => seat.fetch(`/api/v1/evidence/${request.id}/package.zip`);
  expect((await getPackage()).status).toBe(409);
  await expect(seat.post(`/evidence/${request.id}/approve`)).rejects.toMatchObject({ status: 403 });
  await reviewer.post(`/evidence/${request.id}/approve`);
  const answer = await getPackage();
  expect(answer.status).toBe(200);
  await using dir = await tempDir();
  const file = join(dir.path, 'evidence.zip');
  const bytes = Buffer.from(await answer.arrayBuffer());
  await writeFile(file, bytes);
  const verified = await runCommand(['evidence', 'verify', file]);
  expect([verified.code, verified.output]).toEqual([0, expect.stringContaining('is intact')]);
  const touched = bytes.indexOf('photos/') + 200;
  bytes.writeUInt8(bytes.readUInt8(touched) ^ 1, touched);
  await writeFile(file, bytes);
  const refused = await runCommand(['evidence', 'verify', file]);
  expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('photos/')]);
}, 120_000);

test('the ledger verifies, and has every step of the story', async () => {
  const reviewer = await demo().login('reviewer');
  expect(await reviewer.get('/ledger/verify')).toMatchObject({ intact: true });
  const { items } = await reviewer.get<{ items: { action: string; object?: string }[] }>('/ledger?limit=1000');
  const own = items.filter(({ object }) => object === personAlert().id).map(({ action }) => action);
  expect(own).toEqual(expect.arrayContaining(['alert.raise', 'alert.incident', 'alert.confirm']));
});
