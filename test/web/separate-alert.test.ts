import { expect, test } from 'vitest';
import { effectScope, nextTick, ref } from 'vue';
import { ProblemError } from '../../web/src/api/problem-error.ts';
import type { Alert, Role } from '../../web/src/api/shapes.ts';
import { useSeparation } from '../../web/src/detail/separate-alert.ts';

const because = { text: '', distanceMeters: 35, seconds: 12 };
const part = (id: string) => ({ id, kind: 'person-on-road', title: id, severity: 'major' as const });
const merged: Alert = {
  ...part('a'),
  seq: 2,
  version: 2,
  state: 'raised',
  at: '2026-01-01T00:00:00Z',
  reasons: [],
  mergedFrom: ['b'],
  merged: [part('a'), { ...part('b'), because }],
};

function open(role: Role, post: (path: string, body?: object) => Promise<unknown>) {
  const alert = ref<Alert>(merged);
  const wall = {
    api: { post: async <T>(path: string, body?: object) => JSON.parse(JSON.stringify(await post(path, body))) as T },
    user: { role },
    learn: (next: Alert) => {
      alert.value = next;
    },
  };
  const parts = effectScope().run(() => useSeparation(alert, wall));
  if (!parts) throw new Error('no scope');
  return { ...parts, alert };
}

test('a part is taken out on the version that is seen, and the answer is shown at once', async () => {
  const asked: unknown[] = [];
  const { merged: _parts, ...alone } = { ...merged, version: 3, mergedFrom: [] };
  const desk = open('seat', async (...call) => {
    asked.push(call);
    return alone;
  });
  expect(desk.parts.value.map(({ id }) => id)).toEqual(['a', 'b']);
  await desk.separate('b');
  expect(asked).toEqual([['/alerts/a/unmerge', { part: 'b', version: 2 }]]);
  expect(desk.parts.value).toEqual([]);
});

test('a refusal is said, until another alert is looked at', async () => {
  const desk = open('seat', async () => {
    throw new ProblemError(409, 'ALERT_STALE', 'look again');
  });
  await desk.separate('b');
  expect(desk.sending.value).toEqual({ phase: 'failed', part: 'b', code: 'ALERT_STALE' });
  desk.alert.value = { ...merged, id: 'c' };
  await nextTick();
  expect(desk.sending.value).toEqual({ phase: 'idle' });
});

test('who may not decide is not offered it', () => {
  expect(open('viewer', async () => merged).canSeparate.value).toBe(false);
});
