import { expect, test } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger-verdict.ts';
import { ledgerOf, temporaryStore } from '../../helpers/access-house.ts';
import { seat, startDownlink } from './rig.ts';

const at = new Date('2026-11-21T02:47:00Z');
const newest = { unit: 'xun7', limit: 10 };

test('what is written while the terminal is away is told when it is there, in order, once', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store);
  const { downlink, courier, board } = rig;
  const first = await downlink.send({ unit: 'xun7', title: '一' }, { actor: seat });
  const second = await downlink.send({ unit: 'xun7', title: '二', lat: 27.3, lon: 105.29 }, { actor: seat });
  await downlink.send({ unit: 'lu6', title: '别人' }, { actor: seat });
  expect(first).toMatchObject({ state: 'queued', by: '席1', tries: 0 });
  expect(board.get('xun7')?.unread).toBe(2);
  expect(courier.given).toEqual([]);

  rig.present('xun7');
  await rig.reached(second.id, 'sent');
  const { id, at: writtenAt, expiresAt } = second;
  expect(courier.given.map(({ terminal, command }) => `${terminal} ${command.title}`)).toEqual(['xun7 一', 'xun7 二']);
  expect(courier.given[1]?.command).toEqual({ id, title: '二', lat: 27.3, lon: 105.29, at: writtenAt, expiresAt });
  expect(Date.parse(expiresAt) - Date.parse(writtenAt)).toBe(15 * 60_000);

  rig.present('radio-6');
  expect((await courier.count(3))[2]?.terminal).toBe('radio-6');
});

test('the answers of a terminal are kept with their times, and settle the message', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store);
  const { downlink, board } = rig;
  rig.present('xun7');
  const { id } = await downlink.send({ unit: 'xun7', title: '前往', assignment: 'a1' }, { actor: seat });
  await rig.reached(id, 'sent');
  const answer = (state: 'delivered' | 'read' | 'accepted', seconds: number) => ({
    device: 'xun7',
    assignment: state === 'read' ? id : 'a1',
    state,
    at: new Date(at.getTime() + seconds * 1_000),
  });
  await downlink.receipt(answer('delivered', 1));
  expect(board.get('xun7')?.unread).toBe(1);
  await downlink.receipt(answer('accepted', 9));
  await downlink.receipt(answer('accepted', 9));
  await downlink.receipt(answer('read', 3));
  const [message] = await downlink.page(newest);
  expect(message).toMatchObject({
    state: 'accepted',
    tries: 1,
    times: {
      delivered: '2026-11-21T02:47:01.000Z',
      read: '2026-11-21T02:47:03.000Z',
      accepted: '2026-11-21T02:47:09.000Z',
    },
  });
  expect(board.get('xun7')).not.toHaveProperty('unread');
  expect(rig.changes.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
});

test('a receipt of another unit, of nothing, or after the deadline is counted and changes nothing', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store, { lifeMs: 1 });
  const { downlink } = rig;
  const lasting = { unit: 'xun7', title: '前往', assignment: 'a1', expiresInSeconds: 600 };
  const { id } = await downlink.send(lasting, { actor: seat });
  const short = await downlink.send({ unit: 'xun7', title: '短' }, { actor: seat });
  await rig.reached(short.id, 'expired');
  for (const assignment of [id, 'a1']) await downlink.receipt({ device: 'radio-6', assignment, state: 'accepted', at });
  await downlink.receipt({ device: 'xun7', assignment: 'a2', state: 'accepted', at });
  await downlink.receipt({ device: 'stranger', assignment: id, state: 'accepted', at });
  await downlink.receipt({ device: 'xun7', assignment: short.id, state: 'accepted', at });
  expect(downlink.counts()).toEqual({ open: 1, unknown: 2, foreign: 2, late: 1 });
  expect(await downlink.page(newest)).toMatchObject([{ state: 'expired' }, { state: 'queued', version: 1 }]);
});

test('an assignment given to two units is answered by each for itself', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store);
  const { downlink } = rig;
  for (const unit of ['xun7', 'lu6']) await downlink.send({ unit, title: '前往', assignment: 'a1' }, { actor: seat });
  await downlink.receipt({ device: 'xun7', assignment: 'a1', state: 'declined', at });
  await downlink.receipt({ device: 'radio-6', assignment: 'a1', state: 'accepted', at });
  expect(await downlink.page({ unit: 'xun7', limit: 1 })).toMatchObject([{ state: 'declined' }]);
  expect(await downlink.page({ unit: 'lu6', limit: 1 })).toMatchObject([{ state: 'accepted' }]);
});

test('a terminal that does not say delivered is told again, so often and no more', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store, { resendMs: 1, againMs: 1, tries: 3 });
  const { downlink, courier } = rig;
  rig.present('xun7');
  const { id } = await downlink.send({ unit: 'xun7', title: '前往' }, { actor: seat });
  await courier.count(3);
  expect(new Set(courier.given.map(({ command }) => command.id))).toEqual(new Set([id]));
  await expect.poll(async () => (await downlink.page(newest))[0]?.tries, { timeout: 10_000 }).toBe(3);
  // What is written after it is told, so a round has passed over it.
  const next = await downlink.send({ unit: 'xun7', title: '又' }, { actor: seat });
  await rig.reached(next.id, 'sent');
  expect(courier.given.filter(({ command }) => command.id === id)).toHaveLength(3);
});

test('what was delivered is not told again', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store, { resendMs: 1, againMs: 1, tries: 1 });
  const { downlink, courier } = rig;
  const { id } = await downlink.send({ unit: 'xun7', title: '前往' }, { actor: seat });
  await downlink.receipt({ device: 'xun7', assignment: id, state: 'delivered', at });
  rig.present('xun7');
  const next = await downlink.send({ unit: 'xun7', title: '又' }, { actor: seat });
  await rig.reached(next.id, 'sent');
  expect(courier.given.map(({ command }) => command.title)).toEqual(['又']);
});

test('a courier that fails or never ends makes the message wait, not get lost, and nobody else', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store, { deliverMs: 50, pauseMs: 1 });
  const { downlink, courier } = rig;
  for (const fault of [new Error('no broker'), 'hangs'] as const) {
    courier.fails = fault;
    const before = courier.given.length;
    rig.present('xun7');
    const { id } = await downlink.send({ unit: 'xun7', title: '前往' }, { actor: seat });
    await courier.count(before + 2);
    expect((await downlink.page(newest))[0]).toMatchObject({ id, state: 'queued', tries: 0 });
    courier.fails = undefined;
    await rig.reached(id, 'sent');
  }
});

test('a message expires by its deadline, also while nobody runs', async () => {
  await using database = await temporaryStore();
  const before = await startDownlink(database.store, { lifeMs: 1 });
  await before.downlink.close();
  const { id } = await before.downlink.send({ unit: 'xun7', title: '前往' }, { actor: seat });
  await using after = await startDownlink(database.store);
  after.present('xun7');
  const message = await after.reached(id, 'expired');
  expect(message.times.expired).toBe(message.expiresAt);
  expect(after.courier.given).toEqual([]);
  expect(after.board.get('xun7')).not.toHaveProperty('unread');
});

test('after a restart what was not delivered is told, what was is not', async () => {
  await using database = await temporaryStore();
  const before = await startDownlink(database.store);
  const done = await before.downlink.send({ unit: 'xun7', title: '一' }, { actor: seat });
  const waiting = await before.downlink.send({ unit: 'xun7', title: '二' }, { actor: seat });
  await before.downlink.receipt({ device: 'xun7', assignment: done.id, state: 'delivered', at });
  await before.downlink.close();
  await using after = await startDownlink(database.store);
  expect(after.board.get('xun7')?.unread).toBe(2);
  after.present('xun7');
  await after.reached(waiting.id, 'sent');
  expect(after.courier.given.map(({ command }) => command.title)).toEqual(['二']);
});

test('the same key has the same answer, and another message under it is refused', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store);
  const { downlink } = rig;
  const writer = { actor: seat, key: 'k1' };
  const message = { unit: 'xun7', title: '前往' };
  rig.present('xun7');
  const [first, twin] = await Promise.all([downlink.send(message, writer), downlink.send(message, writer)]);
  await rig.reached(first.id, 'sent');
  expect(twin).toEqual(first);
  expect(await downlink.send(message, writer)).toEqual(first);
  await expect(downlink.send({ ...message, title: '别处' }, writer)).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    statusCode: 422,
  });
  await expect(downlink.send({ ...message, unit: 'lu6' }, writer)).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
  });
  const other = await downlink.send(message, { ...writer, actor: { ...seat, id: 's2' } });
  expect(other.id).not.toBe(first.id);
  expect(rig.courier.given.filter(({ command }) => command.id === first.id)).toHaveLength(1);
});

test('a unit has a hundred unread messages and no more, until one is settled', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store);
  const { downlink } = rig;
  const messages = [];
  for (let n = 0; n < 100; n += 1) messages.push(await downlink.send({ unit: 'xun7', title: `${n}` }, { actor: seat }));
  const one = { unit: 'xun7', title: '多' };
  const refusal = { code: 'MESSAGES_TOO_MANY', statusCode: 429 };
  await expect(downlink.send(one, { actor: seat })).rejects.toMatchObject(refusal);
  await downlink.send({ ...one, unit: 'lu6' }, { actor: seat });
  await downlink.receipt({ device: 'xun7', assignment: messages[0]?.id ?? '', state: 'read', at });
  await downlink.send(one, { actor: seat });
});

test('each message has its row in the ledger, and without the row there is no message', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store);
  const { downlink } = rig;
  const { id } = await downlink.send({ unit: 'xun7', title: '前往', assignment: 'a1' }, { actor: seat, key: 'k' });
  await downlink.send({ unit: 'xun7', title: '前往', assignment: 'a1' }, { actor: seat, key: 'k' });
  expect(await ledgerOf(database.store)).toEqual([
    {
      actor: '席1',
      action: 'unit.message',
      object: id,
      result: 'ok',
      details: { unit: 'xun7', title: '前往', assignment: 'a1' },
    },
  ]);
  expect(await verifyLedger(database.store.db)).toMatchObject({ intact: true, rows: 1 });

  await database.store.db.schema.alterTable('ledger').renameTo('elsewhere').execute();
  await expect(downlink.send({ unit: 'xun7', title: '又' }, { actor: seat })).rejects.toMatchObject({
    code: 'STORE_FAILED',
  });
  expect(await downlink.page(newest)).toHaveLength(1);
});

test('half a place and a unit that does not exist are refused', async () => {
  await using database = await temporaryStore();
  await using rig = await startDownlink(database.store);
  const { downlink } = rig;
  await expect(downlink.send({ unit: 'xun7', title: '前往', lat: 27.3 }, { actor: seat })).rejects.toMatchObject({
    code: 'MESSAGE_PLACE_HALF',
    statusCode: 400,
  });
  await expect(downlink.send({ unit: 'xun99', title: '前往' }, { actor: seat })).rejects.toMatchObject({
    code: 'UNIT_NOT_FOUND',
  });
  expect(await ledgerOf(database.store)).toEqual([]);
});

test('closing twice is safe, and does not wait for a courier that hangs', async () => {
  await using database = await temporaryStore();
  const { downlink, courier, present } = await startDownlink(database.store);
  courier.fails = 'hangs';
  present('xun7');
  await downlink.send({ unit: 'xun7', title: '前往' }, { actor: seat });
  await courier.count(1);
  await downlink.close();
  await downlink.close();
  expect(await downlink.page(newest)).toMatchObject([{ state: 'queued' }]);
});

test('a unit carries how far it has come with the newest message it has answered, also after a restart', async () => {
  await using database = await temporaryStore();
  const seconds = (count: number) => new Date(at.getTime() + count * 1_000);
  const said = (count: number) => seconds(count).toISOString();
  {
    await using rig = await startDownlink(database.store);
    const { downlink, board } = rig;
    const send = async (title: string) => (await downlink.send({ unit: 'xun7', title }, { actor: seat })).id;
    const answer = (assignment: string, state: 'delivered' | 'read', count: number) =>
      downlink.receipt({ device: 'xun7', assignment, state, at: seconds(count) });
    const [one, two] = [await send('一'), await send('二')];
    await send('三');
    expect(board.get('xun7')).not.toHaveProperty('receipt');
    await answer(one, 'read', 1);
    expect(board.get('xun7')?.receipt).toEqual({ state: 'read', at: said(1) });
    await answer(two, 'delivered', 2);
    expect(board.get('xun7')?.receipt).toEqual({ state: 'delivered', at: said(2) });
    await downlink.receipt({ device: 'xun7', assignment: one, state: 'accepted', at: seconds(3) });
    expect(board.get('xun7')?.receipt).toEqual({ state: 'delivered', at: said(2) });
  }
  await using rig = await startDownlink(database.store);
  expect(rig.board.get('xun7')).toMatchObject({ unread: 2, receipt: { state: 'delivered', at: said(2) } });
  expect(rig.board.get('lu6')).not.toHaveProperty('receipt');
});

test('what has come and was never read before its deadline had come all the same', async () => {
  await using database = await temporaryStore();
  {
    await using rig = await startDownlink(database.store, { lifeMs: 300 });
    const { id } = await rig.downlink.send({ unit: 'xun7', title: '短' }, { actor: seat });
    await rig.downlink.receipt({ device: 'xun7', assignment: id, state: 'delivered', at });
    await rig.reached(id, 'expired');
    expect(rig.board.get('xun7')?.receipt).toEqual({ state: 'delivered', at: at.toISOString() });
    const other = await rig.downlink.send({ unit: 'lu6', title: '短' }, { actor: seat });
    await rig.reached(other.id, 'expired');
  }
  await using rig = await startDownlink(database.store);
  expect(rig.board.get('xun7')?.receipt).toEqual({ state: 'delivered', at: at.toISOString() });
  expect(rig.board.get('lu6')).not.toHaveProperty('receipt');
});
