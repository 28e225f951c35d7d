import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DialGate } from '../../../src/streams/camera/dial-gate.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('200 cameras that are wanted at once are dialled ten at t=0, then one after the other, never more than ten at a time', async () => {
  const gate = new DialGate(10);
  const { signal } = new AbortController();
  const dialledAt: number[] = [];
  const t0 = performance.now();
  let inside = 0;
  let most = 0;
  const dial = async () => {
    const leave = await gate.enter(signal);
    dialledAt.push(performance.now() - t0);
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((done) => setTimeout(done, 100));
    inside -= 1;
    leave?.();
  };
  const all = Promise.all(Array.from({ length: 200 }, dial));
  await vi.advanceTimersByTimeAsync(0);
  expect(dialledAt).toHaveLength(10);
  await vi.advanceTimersByTimeAsync(60_000);
  await all;
  expect(most).toBe(10);
  expect(Math.max(...dialledAt)).toBeGreaterThan(4_000);
  expect(Math.max(...dialledAt)).toBeLessThan(10_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('who is dialled for the first time goes before a hundred that are dialled again', async () => {
  const gate = new DialGate(1);
  const { signal } = new AbortController();
  const leave = await gate.enter(signal);
  const order: string[] = [];
  const again = Array.from({ length: 100 }, () => gate.enter(signal, 5).then(() => order.push('again')));
  const first = gate.enter(signal, 1).then((leaveFirst) => {
    order.push('first');
    leaveFirst?.();
  });
  leave?.();
  await vi.advanceTimersByTimeAsync(1_000);
  await Promise.all([first, again[0]]);
  expect(order).toEqual(['first', 'again']);
});

test('who gives up while waiting leaves no timer and no listener', async () => {
  const gate = new DialGate(1);
  const staying = new AbortController();
  const leave = await gate.enter(staying.signal);
  leave?.();
  const impatient = new AbortController();
  const waiting = gate.enter(impatient.signal);
  expect(vi.getTimerCount()).toBe(1);
  impatient.abort();
  expect(await waiting).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
  expect(getEventListeners(impatient.signal, 'abort')).toHaveLength(0);
});
