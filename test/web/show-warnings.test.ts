import { expect, test } from 'vitest';
import { effectScope, nextTick, ref, shallowRef } from 'vue';
import type { Alert } from '../../web/src/api/shapes.ts';
import type { Link } from '../../web/src/live/link.ts';
import { collection, type FeatureCollection } from '../../web/src/map/features.ts';
import { showWarnings } from '../../web/src/map/show-warnings.ts';

const alert = (id: string, version: number, kind = 'weather-warning'): Alert => ({
  id,
  seq: version,
  version,
  kind,
  severity: 'major',
  state: 'raised',
  at: '',
  title: '',
  reasons: [],
});
const opened: Link = { phase: 'open', since: 0 };

/** A map that notes what it is fed, and a server whose answers are given by hand. */
function openMap(link: Link = opened) {
  const fed: FeatureCollection[] = [];
  const asked: PromiseWithResolvers<FeatureCollection>[] = [];
  const alerts = shallowRef<ReadonlyMap<string, Alert>>(new Map());
  const linked = ref<Link>(link);
  const ask = () => {
    const answer = Promise.withResolvers<FeatureCollection>();
    asked.push(answer);
    return answer.promise;
  };
  const scope = effectScope();
  scope.run(() => showWarnings({ alerts, link: linked, ask, draw: (data) => void fed.push(data) }));
  const learn = async (...known: Alert[]) => {
    alerts.value = new Map(known.map((one) => [one.id, one]));
    await nextTick();
  };
  const answer = async (turn: number, data: FeatureCollection) => {
    asked[turn]?.resolve(data);
    await asked[turn]?.promise;
    await new Promise(setImmediate);
  };
  return { fed, asked, learn, linked, scope, answer };
}

test('warnings are asked for at the start, and again when an alert of one changes, not of anything else', async () => {
  const map = openMap();
  expect(map.asked).toHaveLength(1);
  await map.learn(alert('a', 1));
  await map.learn(alert('a', 1), alert('s', 1, 'sos'));
  expect(map.asked).toHaveLength(2);
  await map.learn(alert('a', 2), alert('s', 2, 'sos'));
  expect(map.asked).toHaveLength(3);
  await map.learn(alert('s', 2, 'sos'));
  expect(map.asked).toHaveLength(4);
});

test('an answer that comes late does not replace a newer one, nor reach a map that is gone', async () => {
  const map = openMap();
  await map.learn(alert('a', 1));
  const [older, newer] = [collection([]), collection([])];
  await map.answer(1, newer);
  await map.answer(0, older);
  expect(map.fed).toHaveLength(1);
  expect(map.fed[0]).toBe(newer);
  await map.learn(alert('a', 2));
  map.scope.stop();
  await map.answer(2, older);
  expect(map.fed).toHaveLength(1);
});

test('nothing is asked while the link is down; when it is back everything is', async () => {
  const map = openMap({ phase: 'connecting', attempt: 0, lostAt: 0 });
  await map.learn(alert('a', 1));
  expect(map.asked).toHaveLength(0);
  map.linked.value = opened;
  await nextTick();
  expect(map.asked).toHaveLength(1);
  map.linked.value = { phase: 'waiting', attempt: 1, lostAt: 0, retryAt: 0 };
  await nextTick();
  map.linked.value = opened;
  await nextTick();
  expect(map.asked).toHaveLength(2);
});

test('an answer that fails leaves the map as it is', async () => {
  const map = openMap();
  map.asked[0]?.reject(new Error('down'));
  await new Promise(setImmediate);
  expect(map.fed).toEqual([]);
});
