import { expect, test } from 'vitest';
import type { Candidate } from '../../../src/dispatch/candidates/candidate.ts';
import { deedsOn, manhole, noMatrix, openLoop, seat } from './incident-fixtures.ts';

const shanghai = (local: string) => new Date(`${local}+08:00`);
const rows = [{ kind: 'manhole', department: '住建局', workingDays: 2 }];

test('a manhole of Thursday 15:19 with two working days is pressed for until Monday 15:19 and after, across a holiday and restarts', async () => {
  // Friday is a holiday, and Saturday is worked instead.
  const calendar = { ...noMatrix.calendar, holidays: ['2026-11-27'], workdays: ['2026-11-28'] };
  const options = { responsibility: { calendar, rows }, now: () => shanghai('2026-11-26T15:19:00') };
  await using first = await openLoop(options);
  const { id, dueAt } = await first.desk.open(manhole(), { actor: seat });
  expect(dueAt).toBe(shanghai('2026-11-30T15:19:00').toISOString());
  /** In a process that has just been started. */
  const ticks = async (...times: readonly string[]) => {
    await using again = await openLoop({ ...options, path: first.path });
    const seen: unknown[] = [];
    for (const local of times) {
      await again.clock.tick(shanghai(local));
      const { pressed, escalations, version } = await again.book.get(id);
      seen.push([pressed, escalations, version]);
    }
    return seen;
  };
  expect(await ticks('2026-11-29T15:18:59', '2026-11-29T15:19:00')).toEqual([
    [undefined, 0, 2],
    ['remind', 0, 3],
  ]);
  expect(await ticks('2026-11-30T15:18:59', '2026-11-30T15:19:00')).toEqual([
    ['remind', 0, 3],
    ['escalate', 1, 4],
  ]);
  expect(await ticks('2026-11-30T15:49:00', '2026-12-30T00:00:00')).toEqual([
    ['demand', 2, 5],
    ['demand', 2, 5],
  ]);
  await first.desk.decide(id, { type: 'explain', reason: '等配件' }, { actor: seat });
  expect(await first.book.get(id)).toMatchObject({ explanations: [{ text: '等配件', by: '席1' }] });
});

test('after a long night only the last stage is said; what is handled is pressed for no more', async () => {
  await using loop = await openLoop({ responsibility: { ...noMatrix, rows: [{ department: '住建局', minutes: 30 }] } });
  const late = await loop.desk.open(manhole(), { actor: seat });
  const done = await loop.desk.open(manhole(), { actor: seat });
  await loop.desk.decide(done.id, { type: 'feedback', text: '已更换' }, { actor: seat });
  await loop.clock.tick(new Date(Date.now() + 7_200_000));
  expect((await deedsOn(loop.store, late.id)).slice(2)).toEqual(['incident.press']);
  expect(await loop.book.get(late.id)).toMatchObject({ pressed: 'demand' });
  expect((await loop.book.get(done.id)).pressed).toBeUndefined();
});

test('the overdue work of each department, the worst first', async () => {
  const now = new Date();
  await using loop = await openLoop();
  for (const [department, minutes] of [
    ['住建局', 1],
    ['住建局', 60],
    ['城管局', 120],
    ['住建局', undefined],
  ] as const) {
    const { id } = await loop.desk.open(manhole({ source: 'grid' }), { actor: seat });
    await loop.desk.assign(id, { department, minutes }, { actor: seat });
  }
  expect(await loop.book.loads(seat, new Date(now.getTime() + 1_800_000))).toMatchObject([
    { department: '住建局', open: 3, overdue: 1, dueWithinDay: 1 },
    { department: '城管局', open: 1, overdue: 0, dueWithinDay: 1 },
  ]);
  expect((await loop.book.list({ overdue: true })).items).toEqual([]);
});

test('when a unit does not accept in time the next one is proposed, and nobody who is asked or bound already', async () => {
  const candidate = (unit: string, more: Partial<Candidate> = {}): Candidate => ({
    unit,
    etaSeconds: 300,
    distanceMeters: 4_000,
    reasons: [{ text: '距离 4 km' }],
    ...more,
  });
  const found = [candidate('xun7'), candidate('far', { rejected: 'unreachable' }), candidate('lu6'), candidate('free')];
  await using loop = await openLoop({ candidates: { rank: () => found } });
  const elsewhere = await loop.desk.open(manhole(), { actor: seat });
  await loop.dispatcher.dispatch(elsewhere.id, { unit: 'lu6' }, { actor: seat });
  const { id } = await loop.desk.open(manhole(), { actor: seat });
  await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  await loop.clock.tick(new Date(Date.now() + 59_000));
  expect((await loop.book.get(id)).proposal).toBeUndefined();
  for (let tick = 0; tick < 2; tick += 1) await loop.clock.tick(new Date(Date.now() + 61_000));
  expect(await loop.book.get(id)).toMatchObject({
    version: 3,
    proposal: { unit: 'free' },
    assignments: [{ unit: 'xun7', late: true }],
  });
  const accepted = loop.dispatcher.answer(
    (await loop.book.get(id)).assignments[0]?.id ?? '',
    { type: 'accept' },
    { actor: seat },
  );
  expect(await accepted).toMatchObject({ state: 'accepted' });
});

test('when a unit declines the next one is proposed at once and one click sends it; who declined is not asked again', async () => {
  const found = ['xun7', 'lu6'].map((unit): Candidate => ({ unit, etaSeconds: 60, reasons: [] }));
  await using loop = await openLoop({ candidates: { rank: () => found } });
  const { id } = await loop.desk.open(manhole(), { actor: seat });
  const sent = await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  const assignment = sent.assignments[0]?.id ?? '';
  await loop.dispatcher.answer(assignment, { type: 'decline', reason: '爆胎' }, { actor: seat });
  for (let tick = 0; tick < 2; tick += 1) await loop.clock.tick(new Date());
  const asked = await loop.book.get(id);
  expect(asked).toMatchObject({ state: 'received', version: 4, proposal: { unit: 'lu6' } });
  const next = await loop.dispatcher.dispatch(id, { unit: asked.proposal?.unit ?? '' }, { actor: seat });
  expect(next).toMatchObject({ state: 'dispatched', assignments: [{ state: 'declined' }, { unit: 'lu6' }] });
  expect(next).not.toHaveProperty('proposal');
});

test('a late unit that accepts after all is enough: nobody else is proposed any more', async () => {
  const found = ['xun7', 'lu6'].map((unit): Candidate => ({ unit, etaSeconds: 60, reasons: [] }));
  await using loop = await openLoop({ candidates: { rank: () => found } });
  const { id } = await loop.desk.open(manhole(), { actor: seat });
  const { assignments } = await loop.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  await loop.clock.tick(new Date(Date.now() + 61_000));
  expect(await loop.book.get(id)).toMatchObject({ proposal: { unit: 'lu6' } });
  const accepted = await loop.dispatcher.answer(assignments[0]?.id ?? '', { type: 'accept' }, { actor: seat });
  expect(accepted).not.toHaveProperty('proposal');
});

test('after a restart the board knows who is bound, and who was not told is told once', async () => {
  await using first = await openLoop();
  const { id } = await first.desk.open(manhole(), { actor: seat });
  await first.dispatcher.dispatch(id, { unit: 'xun7' }, { actor: seat });
  await first.incidents.close();
  await using second = await openLoop({ path: first.path });
  await second.incidents.start();
  expect(second.board.get('xun7')).toMatchObject({ status: 'en_route' });
  await second.incidents.close();
  expect(await second.downlink.page({ unit: 'xun7', limit: 10 })).toHaveLength(1);
});
