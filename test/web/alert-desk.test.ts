import { expect, test } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import type { Alert } from '../../web/src/api/shapes.ts';
import { useAlertDesk } from '../../web/src/detail/alert-desk.ts';

const alertIn = (state: Alert['state'], id = 'a'): Alert => ({
  id,
  seq: 1,
  version: 1,
  kind: 'sos',
  severity: 'critical',
  state,
  at: '2026-01-01T00:00:00Z',
  title: '',
  reasons: [],
});
const after = { acknowledge: 'acknowledged', confirm: 'confirmed', dismiss: 'dismissed', release: 'raised' } as const;

/** A desk whose server does what it is asked, and what it was asked. */
function openDesk(state: Alert['state'] = 'raised') {
  const alert = ref(alertIn(state));
  const now = ref(0);
  const asked: string[] = [];
  const post = async (path: string) => {
    asked.push(path);
    const what = Object.keys(after).find((name): name is keyof typeof after => path.endsWith(`/${name}`));
    return JSON.parse(JSON.stringify({ ...alert.value, state: what && after[what] }));
  };
  const learn = (next: Alert) => {
    alert.value = next;
  };
  const scope = effectScope();
  const desk = scope.run(() => useAlertDesk(alert, { api: { post }, user: { role: 'seat' }, now, learn }));
  if (!desk) throw new Error('no desk');
  return { desk, alert, now, asked };
}

test.each(['take', 'confirm', 'dismiss'] as const)('%s can be taken back for ten seconds', async (what) => {
  const { desk, alert, now, asked } = openDesk();
  await desk[what]('light');
  expect(alert.value.state).not.toBe('raised');
  now.value = 9_999;
  expect(desk.undo.value?.what).toBe(what);
  await desk.release();
  expect(asked.at(-1)).toBe('/alerts/a/release');
  expect(alert.value.state).toBe('raised');
  expect(desk.undo.value).toBeUndefined();
});

test('after ten seconds, and at another alert, nothing is offered', async () => {
  const { desk, alert, now } = openDesk('acknowledged');
  await desk.dismiss('light');
  alert.value = alertIn('raised', 'b');
  await nextTick();
  expect(desk.undo.value).toBeUndefined();
  alert.value = alertIn('dismissed');
  await nextTick();
  expect(desk.undo.value?.what).toBe('dismiss');
  now.value = 10_000;
  expect(desk.undo.value).toBeUndefined();
});
