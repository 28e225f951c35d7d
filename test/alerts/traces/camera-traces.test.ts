import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AlertDesk } from '../../../src/alerts/desk.ts';
import type { Observation } from '../../../src/alerts/observation.ts';
import { CameraTraces } from '../../../src/alerts/traces/camera-traces.ts';
import { unpackTrace } from '../../../src/alerts/traces/trace.ts';
import type { Why } from '../../../src/alerts/why.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { alertTraceOf } from '../../../src/store/alert-traces-repository.ts';
import { openStore } from '../../../src/store/store.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { greyPicture } from '../../helpers/yuv.ts';

const at = new Date('2026-11-26T08:00:00Z');
const why: Why = {
  rule: 'presence',
  at: at.toISOString(),
  place: { type: 'zone', id: 'shoulder', name: '', points: [] },
  things: [],
  dwell: 3,
  limits: { objects: ['person'], score: 0.5, dwell: 3, minSize: 0, cooldown: 0, clear: 10 },
};
const raised: Observation = {
  key: 'a:shoulder',
  kind: 'person-in-zone',
  severity: 'critical',
  at,
  position: { lat: 27.3, lon: 105.29, errorMeters: 10 },
  title: '行人',
  reasons: [],
  camera: 'a',
  why,
};

test.each([
  { how: 'raised', first: 0.2, second: 0.3 },
  { how: 'lowered', first: 0.3, second: 0.2 },
])(
  'a trace says below what nothing was said: the higher floor, when it is $how meanwhile',
  async ({ first, second }) => {
    await using dir = await tempDir();
    await using store = await openStore(join(dir.path, 'operations.sqlite'));
    const desk = new AlertDesk({ store, log: silentLog });
    await using traces = new CameraTraces({ store, leastScore: first, log: silentLog });
    desk.on('changed', (alert) => traces.changed(alert));
    traces.saw({ frame: { camera: 'a', at, ...greyPicture(32, 18, 0) }, sightings: [] });
    const { id } = await desk.observe(raised);
    traces.configure(second);
    await desk.end(raised.key, new Date(at.getTime() + 1_000));
    await traces.close();
    await desk.close();
    const stored = await alertTraceOf(store.db, id);
    expect(stored && (await unpackTrace(stored))).toMatchObject({ camera: 'a', leastScore: 0.3 });
  },
);
