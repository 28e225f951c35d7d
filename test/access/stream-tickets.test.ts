import { expect, test } from 'vitest';
import { StreamTickets } from '../../src/access/stream-tickets.ts';
import type { Actor } from '../../src/shared/actor.ts';

const seat: Actor & { session: string } = { id: 'a1', name: 'seat', role: 'seat', areas: 'all', session: 's1' };

test('a ticket opens one camera once', () => {
  const tickets = new StreamTickets();
  const { ticket, expiresAt } = tickets.issue(seat, 'k1');
  expect(ticket).toMatch(/^[\w-]{32}$/);
  expect(expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(30_000);
  expect(tickets.redeem(ticket, 'k1')).toEqual(seat);
  expect(tickets.redeem(ticket, 'k1')).toBe(undefined);
});

test('a ticket shown for another camera is spent', () => {
  const tickets = new StreamTickets();
  const { ticket } = tickets.issue(seat, 'k1');
  expect(tickets.redeem(ticket, 'k2')).toBe(undefined);
  expect(tickets.redeem(ticket, 'k1')).toBe(undefined);
});

test('a ticket is worth nothing after 30 s, or after its session', () => {
  let now = 0;
  const tickets = new StreamTickets(() => now);
  const late = tickets.issue(seat, 'k1').ticket;
  now = 30_000;
  expect(tickets.redeem(late, 'k1')).toBe(undefined);
  const orphan = tickets.issue(seat, 'k1').ticket;
  const other = tickets.issue({ ...seat, session: 's2' } as Actor, 'k1').ticket;
  tickets.revoke('s1');
  expect(tickets.redeem(orphan, 'k1')).toBe(undefined);
  expect(tickets.redeem(other, 'k1')?.id).toBe('a1');
});

test('one account holds at most 200; its oldest gives way, others keep theirs, and expired ones are forgotten', () => {
  let now = 0;
  const tickets = new StreamTickets(() => now);
  const other = tickets.issue({ ...seat, id: 'a2' }, 'k1').ticket;
  const issued = Array.from({ length: 250 }, () => tickets.issue(seat, 'k1').ticket);
  expect(tickets.size).toBe(201);
  expect(tickets.redeem(issued[0] ?? '', 'k1')).toBe(undefined);
  expect(tickets.redeem(issued[249] ?? '', 'k1')?.id).toBe('a1');
  expect(tickets.redeem(other, 'k1')?.id).toBe('a2');
  now = 60_000;
  tickets.issue(seat, 'k1');
  expect(tickets.size).toBe(1);
});
