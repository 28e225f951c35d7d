import { expect, test } from 'vitest';
import { type Incident, incidentSources, incidentStates, severities } from '../../src/dispatch/incidents/incident.ts';
import { IncidentBook } from '../../src/dispatch/incidents/incident-book.ts';
import { firstIdAt } from '../../src/store/first-id-at.ts';
import { insertIncident } from '../../src/store/incidents-repository.ts';
import { incidentOf, openLoop, seat } from '../dispatch/incidents/incident-fixtures.ts';

const count = 100_000;
const perTransaction = 2_000;
const begin = Date.parse('2026-01-01T00:00:00Z');

/** One every five minutes, most of them closed, all over a county, each with what a finished one carries. */
function incidentNumber(n: number): Incident {
  const at = new Date(begin + n * 300_000);
  const state = n % 20 === 0 ? (incidentStates[n % 7] ?? 'received') : 'closed';
  const signature = { id: 's1', name: '席1', at: at.toISOString() };
  const times = { dispatched: at.toISOString(), accepted: at.toISOString(), arrived: at.toISOString() };
  return incidentOf({
    id: firstIdAt(at),
    seq: n,
    state,
    source: incidentSources[n % 5] ?? 'grid',
    kind: `kind-${n % 40}`,
    severity: severities[n % 4] ?? 'minor',
    title: `第 ${n} 号事件：人民路 ${n % 500} 号井盖缺失`,
    text: '群众反映路面井盖缺失，存在安全隐患，请尽快处置。'.repeat(4),
    at: at.toISOString(),
    position: { lat: 27 + (n % 997) / 997, lon: 105 + (n % 991) / 991 },
    area: `area-${n % 25}`,
    department: `部门${n % 30}`,
    dueAt: new Date(at.getTime() + 3_600_000).toISOString(),
    assignments: [
      {
        id: `a${n}`,
        unit: `u${n % 200}`,
        state: 'completed',
        by: '席1',
        at: at.toISOString(),
        acceptBy: at.toISOString(),
        times,
      },
    ],
    feedback: [{ by: '巡7', at: at.toISOString(), text: '已设置警示标志，并更换井盖，现场恢复正常。' }],
    ...(state === 'closed' && { handledBy: signature, verifiedBy: signature, closedBy: signature }),
  });
}

const box = (size: number) => ({ west: 105.4, south: 27.4, east: 105.4 + size, north: 27.4 + size });

test('a hundred thousand incidents: a page, any filter and the map come within 100 ms', {
  timeout: 600_000,
}, async () => {
  await using loop = await openLoop();
  for (let from = 0; from < count; from += perTransaction)
    await loop.store.transaction(async (tx) => {
      for (let n = from; n < from + perTransaction; n += 1) {
        const incident = incidentNumber(n);
        await insertIncident(tx, { incident, wakeAt: undefined, words: `${incident.title}\n${incident.department}` });
      }
    });
  const book = new IncidentBook(loop.store);
  const asked: Record<string, () => Promise<unknown>> = {
    'newest page': () => book.list(),
    'a page in the middle': () => book.list({ cursor: firstIdAt(new Date(begin + 15_000_000_000)) }),
    'open ones': () => book.list({ state: ['received', 'assigned', 'dispatched', 'accepted', 'on_scene', 'handled'] }),
    'one state, one kind, one area': () => book.list({ state: ['on_scene'], kind: ['kind-20'], area: 'area-0' }),
    'one department': () => book.list({ department: '部门7' }),
    'a seat of one area': () => book.list({}, { ...seat, areas: ['area-3'] }),
    overdue: () => book.list({ overdue: true }),
    'a word that is rare': () => book.list({ q: '第 7 号事件' }),
    'a word that is nowhere': () => book.list({ q: 'nowhere' }),
    'a box, all states': () => book.list({ bbox: box(0.02) }),
    'the map': () => book.onMap({}, seat),
    'the map of a town': () => book.onMap({ bbox: box(0.1) }, seat),
    'similar ones': () =>
      book.similar({ kind: 'kind-1', at: new Date().toISOString(), position: { lat: 27.5, lon: 105.5 } }, seat),
    departments: () => book.loads(seat),
    'what binds units': () => book.assignments({ unit: 'u7' }, seat),
  };
  const figures: Record<string, string> = {};
  const slow: string[] = [];
  for (const [name, ask] of Object.entries(asked)) {
    const times: number[] = [];
    for (let run = 0; run < 15; run += 1) {
      const startedAt = performance.now();
      await ask();
      times.push(performance.now() - startedAt);
    }
    const [median = 0, worst = 0] = [times.toSorted((a, b) => a - b)[7], Math.max(...times)];
    figures[name] = `${median.toFixed(1)} ms, at worst ${worst.toFixed(1)} ms`;
    if (median > 100) slow.push(name);
  }
  console.log(`${count} incidents:`, figures);
  expect(slow).toEqual([]);
});
