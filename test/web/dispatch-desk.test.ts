import { expect, test } from 'vitest';
import { computed, effectScope, nextTick, ref, shallowRef } from 'vue';
import type { Candidate, Incident } from '../../web/src/api/incident-shapes.ts';
import { ProblemError } from '../../web/src/api/problem-error.ts';
import type { Alert } from '../../web/src/api/shapes.ts';
import { arrivalParts, reasonsShown } from '../../web/src/sending/arrival.ts';
import { useDispatchDesk } from '../../web/src/sending/dispatch-desk.ts';
import { alertTarget } from '../../web/src/sending/send-target.ts';
import { waysShown } from '../../web/src/sending/ways-shown.ts';

const alert: Alert = {
  id: 'a',
  seq: 1,
  version: 4,
  kind: 'sos',
  severity: 'critical',
  state: 'raised',
  at: '2026-01-01T00:00:00Z',
  title: '',
  reasons: [],
};
const candidates: Candidate[] = [
  {
    unit: 'xun7',
    etaSeconds: 190,
    distanceMeters: 2_800,
    by: 'road',
    reasons: [{ text: '沿路', value: 190 }, { text: '空闲' }],
  },
  { unit: 'xun4', etaSeconds: 590, by: 'straight', reasons: [] },
  { unit: 'xun3', rejected: 'busy', reasons: [{ text: '处置中' }] },
];
const assignment = (unit: string, state: string) => ({ id: `s-${unit}`, unit, state, acceptBy: '', times: {} });
const incidentWith = (version: number, assignments: object[]): Incident =>
  JSON.parse(JSON.stringify({ id: 'i', version, state: 'dispatched', photos: [], assignments }));

interface Asked {
  readonly path: string;
  readonly body: unknown;
  readonly key: string | undefined;
}

/** A seat in front of a server that answers as `answers` says, in order, and then sends. */
async function openDesk(answers: (ProblemError | undefined)[] = []) {
  const asked: Asked[] = [];
  const shown = ref<Alert>(alert);
  const incidents = shallowRef<ReadonlyMap<string, Incident>>(new Map());
  const now = ref(0);
  const post = async (path: string, body: object = {}, key?: string) => {
    asked.push({ path, body, key });
    const refused = answers.shift();
    if (refused) throw refused;
    if (path.endsWith('/release')) return JSON.parse(JSON.stringify(alert));
    const recalled = path.endsWith('/recall');
    return JSON.parse(
      JSON.stringify(incidentWith(recalled ? 2 : 1, [assignment('xun7', recalled ? 'recalled' : 'dispatched')])),
    );
  };
  const get = async () => JSON.parse(JSON.stringify({ items: candidates }));
  const seat = {
    api: { get, post },
    user: { role: 'seat' as const },
    now,
    incidents,
    learn: (next: Alert) => {
      shown.value = next;
    },
    learnIncident: (incident: Incident) => {
      incidents.value = new Map([[incident.id, incident]]);
      shown.value = { ...shown.value, state: 'acknowledged', incident: incident.id };
    },
  };
  const scope = effectScope();
  const desk = scope.run(() =>
    useDispatchDesk(
      computed(() => alertTarget(shown.value)),
      seat,
    ),
  );
  if (!desk) throw new Error('no desk');
  await nextTick();
  await nextTick();
  return { desk, asked, now, [Symbol.dispose]: () => scope.stop() };
}

test('one click takes the alert and sends the first who can go, told which version was seen', async () => {
  using seat = await openDesk();
  expect(seat.desk.able.value.map(({ unit }) => unit)).toEqual(['xun7', 'xun4']);
  await seat.desk.sendChosen();
  expect(seat.asked).toMatchObject([{ path: '/alerts/a/dispatch', body: { unit: 'xun7', version: 4 } }]);
  expect(seat.desk.sent.value).toMatchObject({ unit: 'xun7', incident: 'i', target: { untaken: true } });
  expect(seat.desk.listing.value).toBe(false);
});

test('for ten seconds it is taken back: the unit is recalled, then the alert given back; its incident is said to be left', async () => {
  using seat = await openDesk();
  await seat.desk.sendChosen();
  seat.now.value = 9_999;
  await seat.desk.undo();
  expect(seat.asked.map(({ path }) => path)).toEqual([
    '/alerts/a/dispatch',
    '/incidents/i/recall',
    '/alerts/a/release',
  ]);
  expect(seat.desk.state.value).toEqual({ phase: 'undone', unit: 'xun7', left: 'i' });
  await seat.desk.sendChosen();
  seat.now.value = 20_000;
  expect(seat.desk.sent.value).toBeUndefined();
});

test('an unknown end is tried again under the same key, an answered one under another', async () => {
  using seat = await openDesk([new ProblemError(0, 'UNREACHABLE', ''), new ProblemError(409, 'UNIT_BUSY', '')]);
  await seat.desk.sendChosen();
  expect(seat.desk.state.value).toMatchObject({ phase: 'refused', refusal: { unknown: true } });
  await seat.desk.sendChosen();
  expect(seat.desk.state.value).toMatchObject({ refusal: { unknown: false, words: 'refusal.unitTaken' } });
  await seat.desk.sendChosen();
  const [first, second, third] = seat.asked.map(({ key }) => key);
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('a time on the road is never written as a clock', () => {
  const texts = (seconds: number) => arrivalParts(seconds).map(({ value, unit }) => `${value} ${unit.split('.')[1]}`);
  expect(texts(42)).toEqual(['42 seconds']);
  expect(texts(190)).toEqual(['3 minutes', '10 seconds']);
  expect(texts(3_900)).toEqual(['1 hours', '5 minutes']);
});

test('what stands beside a candidate as a number is not said once more', () => {
  const [first, , third] = candidates;
  expect([first, third].map((one) => one && reasonsShown(one))).toEqual([['空闲'], ['处置中']]);
});

test('a way without a road is drawn straight and says so; the chosen one lies on top', () => {
  const route = {
    type: 'LineString' as const,
    coordinates: [
      [105, 27],
      [105.1, 27.1],
    ],
  };
  const [first, second] = candidates;
  if (!first || !second) throw new Error('no candidates');
  const unit = { id: 'xun4', name: '巡4', kind: 'patrol' as const, status: 'free' as const, online: true };
  const shown = waysShown({
    candidates: [{ ...first, route }, second],
    chosen: 'xun7',
    hovered: 'xun4',
    place: { lat: 27.3, lon: 105.3 },
    units: new Map([['xun4', { ...unit, position: { lat: 27, lon: 105 } }]]),
  });
  expect(shown).toEqual([
    {
      unit: 'xun4',
      look: 'hovered',
      by: 'straight',
      coordinates: [
        [105, 27],
        [105.3, 27.3],
      ],
    },
    { unit: 'xun7', look: 'chosen', by: 'road', coordinates: route.coordinates },
  ]);
});
