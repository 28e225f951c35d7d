import { expect, test } from 'vitest';
import { effectScope, ref, shallowRef } from 'vue';
import type { Incident } from '../../web/src/api/incident-shapes.ts';
import { cardsOf, columnsOf, windowOf } from '../../web/src/board/board-columns.ts';
import { useKnownIncidents } from '../../web/src/board/known-incidents.ts';
import { bodyOf, movesFor } from '../../web/src/incident/incident-moves.ts';
import type { Link } from '../../web/src/live/link.ts';
import { addressOf } from '../../web/src/pages/page-of.ts';

const now = Date.parse('2026-11-26T12:00:00Z');
const every = { area: '', kind: '', mine: undefined, text: '' };

function incident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    seq: 1,
    version: 1,
    source: 'hotline',
    kind: 'report',
    severity: 'minor',
    state: 'received',
    title: `井盖 ${id}`,
    at: '2026-11-26T11:00:00Z',
    alerts: [],
    reasons: [],
    escalations: 0,
    explanations: [],
    assignments: [],
    feedback: [],
    photos: [],
    reopened: 0,
    mergedFrom: [],
    times: {},
    ...more,
  };
}
const due = (minutes: number) => ({ dueAt: new Date(now + minutes * 60_000).toISOString() });

test('a card lies where its incident waits, and what is late or pressed is under supervision', () => {
  const cards = cardsOf(
    [
      incident('new'),
      incident('sent', { state: 'dispatched', ...due(5) }),
      incident('late', { state: 'on_scene', ...due(-1) }),
      incident('pressed', { escalations: 1 }),
      incident('done', { state: 'handled', ...due(-9) }),
      incident('over', { state: 'closed' }),
    ],
    every,
  );
  const ids = Object.entries(columnsOf(cards, now)).map(([name, list]) => [name, list.map((card) => card.incident.id)]);
  expect(Object.fromEntries(ids)).toEqual({
    take: ['new'],
    handle: ['sent'],
    report: ['done'],
    supervise: ['late', 'pressed'],
  });
});

test('what has the least time left stands first, what has no limit last', () => {
  const cards = cardsOf([incident('none'), incident('soon', due(3)), incident('late', due(-3))], every);
  expect(cards.map((card) => card.incident.id)).toEqual(['late', 'soon', 'none']);
});

test('the board is narrowed by area, kind, words, and whose work it is', () => {
  const all = [
    incident('a', { area: 'west', feedback: [{ by: '席3', at: '', text: '' }] }),
    incident('b', { kind: 'ice', stake: 'K1432+300' }),
  ];
  const found = (filter: object) => cardsOf(all, { ...every, ...filter }).map((card) => card.incident.id);
  expect([found({ area: 'west' }), found({ kind: 'ice' }), found({ text: 'K1432' }), found({ mine: '席3' })]).toEqual([
    ['a'],
    ['b'],
    ['b'],
    ['a'],
  ]);
});

test('of ten thousand rows only those in view and a few around are drawn', () => {
  expect(windowOf(0, 800, 104)).toEqual({ first: 0, last: 12 });
  const { first, last } = windowOf(520_000, 800, 104);
  expect(first).toBe(4_996);
  expect(last - first).toBeLessThan(20);
});

test('older incidents are read page by page, and none replaces a newer version', async () => {
  const pages = [{ items: [incident('a'), incident('b')], next: 'b' }, { items: [incident('c')] }];
  const asked: string[] = [];
  const done = Promise.withResolvers<void>();
  const get = async (path: string) => {
    asked.push(path);
    if (asked.length === 2) done.resolve();
    return JSON.parse(JSON.stringify(pages[asked.length - 1]));
  };
  const incidents = shallowRef<ReadonlyMap<string, Incident>>(new Map([['a', incident('a', { version: 7 })]]));
  const link = ref<Link>({ phase: 'open', since: 0 });
  const scope = effectScope();
  const board = scope.run(() => useKnownIncidents({ api: { get }, incidents, link }));
  await done.promise;
  await expect.poll(() => board?.loading.value).toBe(false);
  expect([...(board?.known.value.values() ?? [])].map(({ id, version }) => `${id}${version}`)).toEqual([
    'a7',
    'b1',
    'c1',
  ]);
  expect(asked[1]).toMatch(/&cursor=b$/);
  scope.stop();
});

test('what is offered is what the state and the role allow', () => {
  const types = (state: Incident['state'], role: 'seat' | 'reviewer' | 'viewer') =>
    movesFor(incident('a', { state }), role).map(({ type }) => type);
  expect(types('handled', 'reviewer')).toEqual(['verify', 'reopen']);
  expect(types('verified', 'seat')).toEqual(['close', 'escalate', 'explain', 'reopen']);
  expect(types('received', 'viewer')).toEqual([]);
  expect(bodyOf({ reason: ' 误报 ', text: '' }, 3)).toEqual({ version: 3, reason: '误报' });
});

test('the address names a page and what is on it; an unknown one is the wall', () => {
  expect(addressOf('#incidents/01a%2Fb')).toEqual({ page: 'incidents', rest: ['01a/b'] });
  expect(addressOf('#incidents/%E0%A4%A')).toMatchObject({ page: 'incidents' });
  expect([addressOf('').page, addressOf('#nowhere').page]).toEqual(['wall', 'wall']);
});
