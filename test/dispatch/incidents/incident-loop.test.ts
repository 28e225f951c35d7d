import { expect, test } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger-verdict.ts';
import { fog } from '../../alerts/alert-fixtures.ts';
import { deedsOn, manhole, noMatrix, openLoop, otherPatrol, patrol, seat, southSeat } from './incident-fixtures.ts';

const rows = [
  { kind: 'manhole', department: '住建局', workingDays: 2, severity: 'major' as const },
  { kind: 'cable', owner: 'a', department: '电信公司' },
  { kind: 'cable', owner: 'b', department: '供电局' },
];
const responsibility = { ...noMatrix, rows };

test('a report is whose it is at once, goes its way to the end, each step a version, an event and a row in the ledger', async () => {
  await using loop = await openLoop({ responsibility });
  const { desk, dispatcher, book, board } = loop;
  const { id } = await desk.open(manhole(), { actor: seat });
  expect(await book.get(id)).toMatchObject({
    state: 'assigned',
    department: '住建局',
    severity: 'major',
    reasons: [{ text: expect.stringContaining('第 1 行') }],
  });
  const sent = await dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  expect(board.get('xun7')).toMatchObject({ status: 'en_route' });
  const assignment = sent.assignments[0]?.id ?? '';
  await dispatcher.answer(assignment, { type: 'accept' }, { actor: patrol });
  await dispatcher.answer(assignment, { type: 'arrive' }, { actor: patrol });
  expect(board.get('xun7')).toMatchObject({ status: 'on_scene' });
  await desk.decide(id, { type: 'feedback', text: '井盖已更换' }, { actor: patrol });
  expect(board.get('xun7')).toMatchObject({ status: 'off' });
  await desk.decide(id, { type: 'verify', text: '已回访' }, { actor: seat });
  const closed = await desk.decide(id, { type: 'close' }, { actor: seat });
  expect(closed).toMatchObject({ state: 'closed', version: 8, feedback: [{ unit: 'xun7' }, { text: '已回访' }] });
  expect(await deedsOn(loop.store, id)).toEqual([
    'incident.open',
    'incident.assign',
    'incident.dispatch',
    'assignment.accept',
    'assignment.arrive',
    'incident.feedback',
    'incident.verify',
    'incident.close',
  ]);
  expect(loop.changes.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  const events = await loop.store.db
    .selectFrom('events')
    .select(['seq', 'data'])
    .where('topic', '=', 'incidents')
    .execute();
  expect(events.map(({ data }) => JSON.parse(data))).toEqual(loop.changes);
  expect(events.every(({ seq, data }) => JSON.parse(data).seq === seq)).toBe(true);
  expect(await verifyLedger(loop.store.db)).toMatchObject({ intact: true });
});

test('a dispute is left to people; whoever they give it to has it without one', async () => {
  await using loop = await openLoop({ responsibility });
  const disputed = await loop.desk.open(manhole({ kind: 'cable' }), { actor: seat });
  expect(disputed).toMatchObject({ state: 'received', review: ['电信公司', '供电局'] });
  const assigned = await loop.desk.assign(disputed.id, { department: '供电局', minutes: 60 }, { actor: seat });
  expect(assigned).toMatchObject({ state: 'assigned', department: '供电局' });
  expect(assigned.review).toBeUndefined();
  expect(Date.parse(assigned.dueAt ?? '') - Date.now()).toBeGreaterThan(59 * 60_000);
});

test('an alert is acknowledged, opened and dispatched in one step, or nothing of it happens', async () => {
  await using loop = await openLoop();
  const alert = await loop.alertDesk.observe(fog());
  const told: unknown[] = [];
  loop.alertDesk.on('changed', ({ state, incident }) => told.push({ state, incident }));
  const stale = loop.dispatcher.dispatchAlert(alert.id, { unit: 'xun7' }, { actor: seat, version: 9 });
  await expect(stale).rejects.toMatchObject({ code: 'ALERT_STALE' });
  const incident = await loop.dispatcher.dispatchAlert(alert.id, { unit: 'xun7' }, { actor: seat, version: 1 });
  expect(incident).toMatchObject({
    state: 'dispatched',
    source: 'alert',
    kind: 'low-visibility',
    alerts: [alert.id],
    title: alert.title,
    area: 'north',
  });
  expect(await loop.alertDesk.get(alert.id)).toMatchObject({
    state: 'acknowledged',
    acknowledgedBy: { id: 's1' },
    incident: incident.id,
  });
  expect(told).toEqual([{ state: 'acknowledged', incident: incident.id }]);

  const again = await loop.dispatcher.dispatchAlert(alert.id, { unit: 'lu6' }, { actor: seat });
  expect(again).toMatchObject({ id: incident.id, assignments: [{ unit: 'xun7' }, { unit: 'lu6' }] });
  const other = await loop.alertDesk.observe(fog({ key: 'fog:far', position: { lat: 28, lon: 105 } }));
  await expect(loop.dispatcher.dispatchAlert(other.id, { unit: 'xun7' }, { actor: seat })).rejects.toMatchObject({
    code: 'UNIT_BUSY',
  });
  expect(await loop.alertDesk.get(other.id)).toEqual(other);
  expect((await loop.book.list()).items).toHaveLength(1);
  await expect(loop.desk.open(manhole({ alerts: [alert.id] }), { actor: seat })).rejects.toMatchObject({
    code: 'ALERT_HAS_INCIDENT',
  });
});

test('the same key is the same command, answered as then; for another command it is refused', async () => {
  await using loop = await openLoop();
  const command = { actor: seat, key: 'k1' };
  const first = await loop.desk.open(manhole(), command);
  await loop.desk.assign(first.id, { department: '住建局' }, { actor: seat });
  expect(await loop.desk.open(manhole(), command)).toEqual(first);
  await expect(loop.desk.open(manhole({ title: '另一处' }), command)).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  expect((await loop.desk.open(manhole(), { ...command, actor: southSeat })).id).not.toBe(first.id);
  const sends = await Promise.all(
    [1, 2, 3].map(() => loop.dispatcher.dispatch(first.id, { unit: 'xun7' }, { actor: seat, key: 'k2' })),
  );
  expect(new Set(sends.map(({ version }) => version))).toEqual(new Set([3]));
  expect((await loop.book.get(first.id)).assignments).toHaveLength(1);
});

test('a decision on an older version is refused, and of two at once one is made', async () => {
  await using loop = await openLoop();
  const { id } = await loop.desk.open(manhole(), { actor: seat });
  await loop.desk.assign(id, { department: '住建局' }, { actor: seat, version: 1 });
  await expect(
    loop.desk.decide(id, { type: 'close', reason: '误报' }, { actor: seat, version: 1 }),
  ).rejects.toMatchObject({ code: 'INCIDENT_STALE', statusCode: 409 });
  const other = await loop.desk.open(manhole(), { actor: seat });
  const both = await Promise.allSettled(
    [id, other.id].map((one) => loop.dispatcher.dispatch(one, { unit: 'xun7' }, { actor: seat })),
  );
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('the database itself refuses a unit on two assignments', async () => {
  await using loop = await openLoop();
  const { id } = await loop.desk.open(manhole(), { actor: seat });
  await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  const second = loop.store.db
    .insertInto('assignments')
    .values({ id: 'x', incident: id, unit: 'xun7', open: 1 })
    .execute();
  await expect(second).rejects.toThrow('UNIQUE');
});

test("another area's incident does not exist; a patrol sees where its unit is sent, and answers for no other", async () => {
  await using loop = await openLoop();
  const { id } = await loop.desk.open(manhole(), { actor: seat });
  for (const actor of [southSeat, patrol])
    await expect(loop.book.get(id, actor)).rejects.toMatchObject({ statusCode: 404 });
  await expect(loop.desk.decide(id, { type: 'escalate', reason: 'x' }, { actor: southSeat })).rejects.toMatchObject({
    statusCode: 404,
  });
  const { assignments } = await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  expect(await loop.book.get(id, patrol)).toMatchObject({ id });
  const assignment = assignments[0]?.id ?? '';
  expect((await loop.book.assignments({}, patrol)).items).toMatchObject([
    { id: assignment, incident: id, title: '井盖缺失', area: 'north' },
  ]);
  expect((await loop.book.assignments({}, otherPatrol)).items).toEqual([]);
  const notOwn = loop.dispatcher.answer(assignment, { type: 'accept' }, { actor: otherPatrol });
  await expect(notOwn).rejects.toMatchObject({ code: 'ASSIGNMENT_NOT_FOUND' });
});

test('a report is the same by its number; near in place and time others are named, and nothing is refused', async () => {
  await using loop = await openLoop();
  const first = await loop.desk.open(manhole({ reference: '12345-7' }), { actor: seat });
  expect(await loop.desk.open(manhole({ reference: '12345-7' }), { actor: seat })).toEqual(first);
  const near = { lat: 27.3009, lon: 105.29 };
  const second = await loop.desk.open(manhole({ source: 'grid', position: near }), { actor: seat });
  expect(second.similar).toEqual([
    { id: first.id, title: '井盖缺失', distanceMeters: 100, seconds: expect.any(Number) },
  ]);
  expect((await loop.desk.open(manhole({ kind: 'lamp', position: near }), { actor: seat })).similar).toHaveLength(1);
  const sighting = { kind: 'manhole', at: new Date().toISOString(), position: near };
  expect(await loop.book.similar(sighting, seat)).toHaveLength(3);
  expect(await loop.book.similar(sighting, southSeat)).toEqual([]);
});

test('a terminal is told where to go, its receipts move the assignment, and a recall reaches it', async () => {
  await using loop = await openLoop();
  loop.board.presence({ device: 'xun7', online: true });
  const { id } = await loop.desk.open(manhole({ place: '人民路口' }), { actor: seat });
  const { assignments } = await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  const assignment = assignments[0]?.id ?? '';
  const [delivery] = await loop.courier.count(1);
  expect(delivery).toMatchObject({
    terminal: 'xun7',
    command: { assignment, incident: id, title: '井盖缺失', place: '人民路口', lat: 27.3 },
  });
  const at = new Date();
  await loop.dispatcher.receipt({ device: 'xun7', assignment: delivery?.command.id ?? '', state: 'delivered', at });
  await loop.dispatcher.receipt({ device: 'xun7', assignment, state: 'accepted', at });
  await loop.dispatcher.receipt({ device: 'xun7', assignment, state: 'accepted', at });
  await loop.dispatcher.receipt({ device: 'radio-6', assignment, state: 'arrived', at });
  await loop.dispatcher.receipt({ device: 'xun7', assignment: 'nothing', state: 'arrived', at });
  expect(await loop.book.get(id)).toMatchObject({
    state: 'accepted',
    version: 4,
    assignments: [{ times: { delivered: at.toISOString() } }],
  });
  await loop.dispatcher.recall(id, { unit: 'xun7', reason: '已由他人处置' }, { actor: seat });
  const [, recall] = await loop.courier.count(2);
  expect(recall?.command).toMatchObject({ title: '撤回：井盖缺失', text: '已由他人处置' });
});

test('two incidents become one and two again; an alert of the part leads to the whole', async () => {
  await using loop = await openLoop();
  const alert = await loop.alertDesk.observe(fog());
  const part = await loop.desk.open(manhole({ source: 'alert', alerts: [alert.id], severity: 'critical' }), {
    actor: seat,
  });
  const whole = await loop.desk.open(manhole(), { actor: seat });
  const merged = await loop.desk.merge(part.id, { into: whole.id }, { actor: seat, version: 1 });
  expect(merged).toMatchObject({ id: whole.id, severity: 'critical', mergedFrom: [part.id], alerts: [alert.id] });
  expect((await loop.book.list()).items.map(({ id }) => id)).toEqual([whole.id]);
  expect(await loop.book.get(part.id)).toMatchObject({ state: 'closed', mergedInto: whole.id });
  expect(await loop.dispatcher.dispatchAlert(alert.id, { unit: 'xun7' }, { actor: seat })).toMatchObject({
    id: whole.id,
  });
  await expect(loop.desk.reopen(part.id, { reason: 'x' }, { actor: seat })).rejects.toMatchObject({
    code: 'INCIDENT_MOVE_REFUSED',
  });
  const released = await loop.desk.split(whole.id, { part: part.id }, { actor: seat });
  expect(released).toMatchObject({ mergedFrom: [], alerts: [], reasons: [] });
  expect(await loop.book.get(part.id)).toMatchObject({ state: 'received', alerts: [alert.id] });
  await expect(loop.desk.merge(whole.id, { into: part.id }, { actor: seat })).rejects.toThrow('cannot merge');
});
