import { expect, test } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger-verdict.ts';
import { expiredRecordings, holdsBetween, insertRecording } from '../../../src/store/recordings-repository.ts';
import { seat, second } from '../alert-fixtures.ts';
import { admin, openEvidence, otherReviewer, reviewer, southReviewer } from './evidence-fixtures.ts';

const span = { camera: 'k1432-120', from: second(-30), to: second(60) };

async function deedsOf({ store }: Awaited<ReturnType<typeof openEvidence>>, object: string) {
  const rows = await store.db.selectFrom('ledger').selectAll().where('object', '=', object).orderBy('id').execute();
  return rows.map(({ actor, action, result }) => `${actor} ${action} ${result}`);
}

test('from the request to the approval each step has its row, and the footage is locked from the first word on', async () => {
  await using house = await openEvidence();
  const { evidence, store } = house;
  const request = await house.ask();
  expect(request).toMatchObject({ state: 'requested', cameras: ['k1432-120'], area: 'north', version: 1 });
  expect(await holdsBetween(store.db, span)).toMatchObject([{ kind: 'lock' }]);
  const approved = await evidence.desk.approve(request.id, reviewer);
  expect(approved).toMatchObject({ state: 'approved', version: 2, approved: request.digest });
  expect(await evidence.desk.get(request.id, seat)).toEqual(approved);
  expect(await deedsOf(house, request.id)).toEqual(['席1 evidence.request ok', '审核员 evidence.approve ok']);
  const [row] = await store.db.selectFrom('ledger').selectAll().where('action', '=', 'evidence.approve').execute();
  const { from, to, cameras, recipient, digest } = request;
  expect(JSON.parse(row?.details ?? '')).toMatchObject({ from, to, cameras, recipient, digest, requestedBy: '席1' });
  expect(await verifyLedger(store.db)).toMatchObject({ intact: true });
});

test('whoever asked cannot approve, not even an admin; two who decide at once decide once', async () => {
  await using house = await openEvidence();
  const { desk } = house.evidence;
  const { id } = await house.ask(admin);
  await expect(desk.approve(id, admin)).rejects.toMatchObject({ code: 'EVIDENCE_OWN_REQUEST', statusCode: 403 });
  const both = await Promise.allSettled([desk.approve(id, reviewer), desk.refuse(id, { reason: 'x' }, otherReviewer)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('refused, withdrawn or expired undecided, a request lets go of what it had locked; approved it does not', async () => {
  let now = new Date();
  await using house = await openEvidence({ now: () => now });
  const { desk, locks } = house.evidence;
  const locked = async () => (await locks.list({ limit: 10 }, admin)).items.length;
  await desk.refuse((await house.ask()).id, { reason: '范围过大' }, reviewer);
  await desk.withdraw((await house.ask()).id, seat);
  const forgotten = await house.ask();
  const approved = await house.approved();
  expect(await locked()).toBe(2);
  now = new Date(now.getTime() + 86_400_000);
  expect(await desk.get(forgotten.id, seat)).toMatchObject({ state: 'expired', version: 1 });
  await desk.expire();
  expect(await desk.get(forgotten.id, seat)).toMatchObject({ state: 'expired', version: 2 });
  expect(await desk.get(approved.id, seat)).toMatchObject({ state: 'expired' });
  expect(await locked()).toBe(1);
  expect(await deedsOf(house, forgotten.id)).toEqual(['席1 evidence.request ok', 'system evidence.expire ok']);
});

test('without its row of the ledger nothing is asked for, approved or locked', async () => {
  await using house = await openEvidence();
  const { evidence, store } = house;
  const { id } = await house.ask();
  await store.db.schema.alterTable('ledger').renameTo('ledger_away').execute();
  await expect(evidence.desk.approve(id, reviewer)).rejects.toThrow();
  await expect(house.ask()).rejects.toThrow();
  await store.db.schema.alterTable('ledger_away').renameTo('ledger').execute();
  expect((await evidence.desk.list({ limit: 10 }, seat)).items).toMatchObject([{ id, state: 'requested', version: 1 }]);
  expect((await evidence.locks.list({ limit: 10 }, admin)).items).toHaveLength(1);
});

test('of another area there is nothing to ask for and nothing to see', async () => {
  await using house = await openEvidence();
  const { desk } = house.evidence;
  const { id } = await house.ask();
  await expect(desk.get(id, southReviewer)).rejects.toMatchObject({ statusCode: 404 });
  await expect(desk.approve(id, southReviewer)).rejects.toMatchObject({ statusCode: 404 });
  await expect(house.ask(southReviewer)).rejects.toMatchObject({ code: 'ALERT_NOT_FOUND' });
  const north = { ...seat, areas: ['north'] };
  await expect(house.ask(north, { cameras: ['south-1'] })).rejects.toMatchObject({ code: 'EVIDENCE_CAMERA' });
  await expect(house.ask(seat, { cameras: ['nowhere'] })).rejects.toMatchObject({ code: 'EVIDENCE_CAMERA' });
  expect((await desk.list({ limit: 10 }, southReviewer)).items).toEqual([]);
});

test('a lock beats retention until somebody else lets it go; its own end alone lets nothing go', async () => {
  let now = new Date();
  await using house = await openEvidence({ now: () => now });
  const { locks } = house.evidence;
  const { db } = house.store;
  const times = { startedAt: second(0), endedAt: second(50) };
  await insertRecording(db, {
    ...{ id: 'r1', camera: 'k1432-120', file: 'x.mp4', ring: false, open: false, bytes: 1, codec: 'h264', holes: [] },
    ...times,
  });
  const expired = () => expiredRecordings(db, { before: new Date(8e12), cameras: [], except: true }, 10);
  const [from, to] = [span.from.toISOString(), span.to.toISOString()];
  const asked = { camera: 'k1432-120', from, to, headline: '11·26 事故', reason: '法院要求保全' };
  const expiresAt = new Date(now.getTime() + 10 * 86_400_000).toISOString();
  const lock = await locks.lock({ ...asked, expiresAt }, reviewer);
  expect(lock.state).toBe('standing');
  await locks.warn();
  expect(await deedsOf(house, lock.id)).toEqual(['审核员 lock.put ok']);
  await expect(locks.release(lock.id, { reason: 'x' }, reviewer)).rejects.toMatchObject({ code: 'LOCK_OWN_RELEASE' });
  now = new Date(now.getTime() + 5 * 86_400_000);
  await locks.warn();
  await locks.warn();
  expect((await locks.list({ limit: 9 }, admin)).items).toMatchObject([{ id: lock.id, state: 'expiring' }]);
  now = new Date(now.getTime() + 365 * 86_400_000);
  expect((await locks.list({ limit: 9 }, admin)).items).toMatchObject([{ id: lock.id, state: 'expired' }]);
  expect(await expired()).toEqual([]);
  await expect(locks.release(lock.id, { reason: 'x' }, southReviewer)).rejects.toMatchObject({ statusCode: 404 });
  expect(await locks.release(lock.id, { reason: '已结案' }, otherReviewer)).toMatchObject({ state: 'released' });
  expect((await expired()).map(({ id }) => id)).toEqual(['r1']);
  await expect(locks.release(lock.id, { reason: 'x' }, admin)).rejects.toMatchObject({ code: 'LOCK_RELEASED' });
  expect(await deedsOf(house, lock.id)).toEqual([
    '审核员 lock.put ok',
    'system lock.expiring ok',
    '复核员 lock.release ok',
  ]);
  const wrong = { ...asked, to: from };
  await expect(locks.lock(wrong, reviewer)).rejects.toMatchObject({ code: 'LOCK_SPAN' });
});
