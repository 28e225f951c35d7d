import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { AlertFootage, footageSpan } from '../src/alert-footage.ts';
import type { Alert } from '../src/alerts/alert.ts';
import { silentLog } from '../src/shared/log.ts';
import type { Clip } from '../src/streams/recorder/clip.ts';
import { seat } from './alerts/alert-fixtures.ts';
import { fakeDeeds } from './helpers/fake-deeds.ts';

const at = '2026-11-21T08:00:00.000Z';
const alert: Alert = {
  id: 'a1',
  seq: 1,
  version: 1,
  kind: 'person-on-road',
  severity: 'critical',
  state: 'raised',
  at,
  lastSeenAt: at,
  position: { lat: 27.3, lon: 105.29 },
  camera: 'k1432-120',
  title: 'a person on the road',
  reasons: [],
  mergedFrom: [],
  snapshot: false,
};
const clip: Clip = {
  from: new Date('2026-11-21T07:59:29.500Z'),
  to: new Date('2026-11-21T08:01:00.000Z'),
  gaps: 0,
  bytes: 4,
  stream: () => Readable.from(['clip']),
  leave: () => undefined,
};

function openFootage(ledger: 'works' | 'fails' = 'works') {
  const kept: [object, string][] = [];
  const { begin, begun, rows } = fakeDeeds(ledger);
  const left: string[] = [];
  const footage = new AlertFootage({
    recorder: {
      keep: async (span, reason) => void kept.push([span, reason]),
      clip: async () => ({ ...clip, leave: () => void left.push('left') }),
    },
    begin,
    log: silentLog,
  });
  return { footage, kept, begun, rows, left };
}

test('a new alert keeps the half minute before it and the minute after, once', () => {
  const { footage, kept } = openFootage();
  footage.keep(alert);
  footage.keep({ ...alert, version: 2 });
  const { camera: _, ...unseen } = alert;
  footage.keep(unseen);
  const span = { from: new Date('2026-11-21T07:59:30.000Z'), to: new Date('2026-11-21T08:01:00.000Z') };
  expect(kept).toEqual([[{ camera: 'k1432-120', ...span }, 'alert/a1']]);
  expect(footageSpan(unseen)).toBeUndefined();
});

test('footage leaves the house with a row in the ledger, or not at all', async () => {
  const { footage, begun, rows } = openFootage();
  const leaving = await footage.clip(alert, seat);
  const exported = { actor: seat, action: 'recording.export', object: 'alert/a1' };
  expect([begun, rows]).toMatchObject([[exported], []]);
  expect(await text(leaving.stream())).toBe('clip');
  await expect.poll(() => rows).toMatchObject([{ ...exported, result: 'ok', details: { bytes: 4 } }]);
  const failing = openFootage('fails');
  await expect(failing.footage.clip(alert, seat)).rejects.toThrow('no ledger');
  expect(failing.left).toEqual(['left']);
  const { camera: _, ...unseen } = alert;
  await expect(footage.clip(unseen, seat)).rejects.toMatchObject({ statusCode: 404, code: 'NOTHING_RECORDED' });
});
