import { expect, test } from 'vitest';
import { Change, Changes } from '../../src/live/changes.ts';
import { closeCodes } from '../../src/live/contract.ts';
import { defaultLiveLimits } from '../../src/live/live-limits.ts';
import { Seat, type SeatSocket } from '../../src/live/seat.ts';
import { subscriptionOf } from '../../src/live/seat-state.ts';
import { accounts, MemoryLog, openSeat, startLive } from './live-fixtures.ts';

const rangeFrom = (first: number, count: number) => Array.from({ length: count }, (_, n) => first + n);

test('a hundred seats are told every event, in order, each once', async () => {
  const log = new MemoryLog();
  await using live = await startLive({ log });
  const seats = await Promise.all(rangeFrom(0, 100).map(() => openSeat(live.url)));
  for (const seat of seats) seat.subscribe({ topics: ['alerts'] });
  await Promise.all(seats.map((seat) => seat.until(() => seat.of('snapshot').length === 1)));
  for (let n = 0; n < 50; n += 1) {
    live.hub.publish(log.append());
    if (n % 7 === 0) await new Promise(setImmediate);
  }
  await Promise.all(seats.map((seat) => seat.until(() => seat.seqs.length >= 50)));
  for (const seat of seats) expect(seat.seqs).toEqual(rangeFrom(1, 50));
  for (const seat of seats) seat.socket.terminate();
});

test('seats that stop reading are cut at their buffer; the others are told everything', async () => {
  const log = new MemoryLog();
  await using live = await startLive({ log, limits: { bufferBytes: 256 * 1024, lingerMs: 50 } });
  const seats = await Promise.all(rangeFrom(0, 10).map(() => openSeat(live.url)));
  for (const seat of seats) seat.subscribe({ topics: ['alerts'] });
  await Promise.all(seats.map((seat) => seat.until(() => seat.of('snapshot').length === 1)));
  const [frozen, healthy] = [seats.slice(0, 3), seats.slice(3)];
  for (const seat of frozen) seat.socket.pause();
  // Far more than the sockets of the system take: 250 events of 64 KiB.
  const text = 'x'.repeat(64 * 1024);
  for (let n = 1; n <= 250; n += 1) {
    live.hub.publish(log.append({ text }));
    await Promise.all(healthy.map((seat) => seat.until(() => seat.seqs.length >= n)));
  }
  expect(live.hub.counts()).toMatchObject({ seats: 7, slow: 3 });
  for (const seat of healthy) expect(seat.seqs).toEqual(rangeFrom(1, 250));

  // What was cut comes back where it stopped, and has all of it.
  await using back = await openSeat(live.url);
  const last = 240;
  back.subscribe({ topics: ['alerts'], since: last });
  await back.until(() => back.seqs.length === 10);
  expect(back.seqs).toEqual(rangeFrom(last + 1, 10));
  for (const seat of seats) seat.socket.terminate();
});

/** A socket whose reader can be stopped. */
class StuckSocket implements SeatSocket {
  bufferedAmount = 0;
  readonly sent: string[] = [];
  code: number | undefined;

  send(text: string): void {
    this.sent.push(text);
  }
  ping(): void {}
  close(code: number): void {
    this.code = code;
  }
  terminate(): void {}
}

function liveSeat(socket: SeatSocket, heldItems = 2) {
  const limits = { ...defaultLiveLimits, heldItems };
  const seat = new Seat({ socket, actor: accounts.seat ?? expect.fail(), limits });
  seat.apply({ type: 'subscribe', subscription: subscriptionOf({ topics: ['units', 'alerts'] }) });
  seat.apply({ type: 'synced', cursor: 0 });
  const units = (...ids: string[]) =>
    new Changes('units', new Map(ids.map((id) => [id, new Change({ id }, undefined)])), new Date());
  return { seat, units };
}

test('last values wait for a busy seat, the newest of each item, and come in one frame', () => {
  const socket = new StuckSocket();
  const { seat, units } = liveSeat(socket);
  socket.bufferedAmount = defaultLiveLimits.busyBytes + 1;
  seat.changes([units('u1')]);
  seat.changes([units('u1', 'u2')]);
  expect(socket.sent).toEqual([]);
  socket.bufferedAmount = 0;
  seat.changes([]);
  expect(socket.sent.map((text) => JSON.parse(text))).toMatchObject([
    { topic: 'units', data: [{ id: 'u1' }, { id: 'u2' }] },
  ]);
});

test('a seat that missed more than is held for it is told to subscribe again', () => {
  const socket = new StuckSocket();
  const { seat, units } = liveSeat(socket);
  socket.bufferedAmount = defaultLiveLimits.busyBytes + 1;
  seat.changes([units('u1', 'u2', 'u3')]);
  seat.changes([units('u4')]);
  socket.bufferedAmount = 0;
  seat.changes([]);
  expect(socket.sent).toEqual(['{"type":"resync","topic":"units"}']);
});

test('a seat is closed with 2508 once more than its buffer waits', () => {
  const socket = new StuckSocket();
  const { seat } = liveSeat(socket);
  const event = (seq: number) => ({ seq, topic: 'alerts', area: undefined, text: `${seq}` });
  seat.event(event(1));
  socket.bufferedAmount = defaultLiveLimits.bufferBytes + 1;
  seat.event(event(2));
  seat.event(event(3));
  expect([socket.sent, socket.code]).toEqual([['1'], closeCodes.tooSlow]);
  seat.gone(1006);
  expect(seat.state).toEqual({ phase: 'closed', code: closeCodes.tooSlow });
});
