import { expect, test } from 'vitest';
import { type EvidenceRequest, evidenceStates } from '../../../src/alerts/evidence/requests/evidence-request.ts';
import {
  digestOf,
  type EvidenceMove,
  evidenceMs,
  nextRequest,
  stateAt,
} from '../../../src/alerts/evidence/requests/evidence-state.ts';
import { termsOf } from '../../../src/alerts/evidence/requests/evidence-terms.ts';

const at = '2026-11-26T08:00:00.000Z';
const now = new Date('2026-11-26T09:00:00.000Z');
const terms = {
  alert: 'a1',
  purpose: '取证',
  recipient: '支队',
  from: at,
  to: '2026-11-26T08:01:00.000Z',
  cameras: ['k1'],
};
const asked: EvidenceRequest = {
  id: 'e1',
  version: 1,
  state: 'requested',
  ...terms,
  digest: digestOf(terms),
  requestedBy: { id: 's1', name: '席1', at },
  expiresAt: '2026-11-27T08:00:00.000Z',
};
const other = { id: 'r1', name: '审', at: now.toISOString() };
const own = { ...asked.requestedBy, at: now.toISOString() };
const moves: EvidenceMove[] = [
  { type: 'approve', by: other },
  { type: 'refuse', by: other, reason: '范围过大' },
  { type: 'withdraw', by: own },
  { type: 'expire' },
];

const outcome = (work: () => EvidenceRequest) => {
  try {
    return work().state;
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

test('a request is decided on once; what is approved can still be withdrawn or expire', () => {
  const refused = 'EVIDENCE_MOVE_REFUSED';
  const table = evidenceStates.map((state) =>
    moves.map((move) => outcome(() => nextRequest({ ...asked, state }, move, now))),
  );
  expect(table).toEqual([
    ['approved', 'refused', 'withdrawn', 'expired'],
    [refused, refused, 'withdrawn', 'expired'],
    [refused, refused, refused, refused],
    [refused, refused, refused, refused],
    [refused, refused, refused, refused],
  ]);
});

test('nobody decides on their own request, and nobody withdraws that of another', () => {
  expect(outcome(() => nextRequest(asked, { type: 'approve', by: own }, now))).toBe('EVIDENCE_OWN_REQUEST');
  expect(outcome(() => nextRequest(asked, { type: 'refuse', by: own, reason: 'x' }, now))).toBe('EVIDENCE_OWN_REQUEST');
  expect(outcome(() => nextRequest(asked, { type: 'withdraw', by: other }, now))).toBe('EVIDENCE_OF_ANOTHER');
});

test('an approval is of the very words that were asked for, and lasts a day', () => {
  const approved = nextRequest(asked, { type: 'approve', by: other }, now);
  expect(approved).toMatchObject({ version: 2, approved: digestOf(terms), decidedBy: other });
  expect(Date.parse(approved.expiresAt)).toBe(now.getTime() + evidenceMs);
  const changes = [
    { recipient: '报社' },
    { to: '2026-11-26T08:02:00.000Z' },
    { cameras: ['k1', 'k2'] },
    { purpose: 'x' },
  ];
  const digests = changes.map((change) => digestOf({ ...terms, ...change }));
  expect(new Set([...digests, digestOf(terms)]).size).toBe(5);
});

test('a day later it has expired, written down or not', () => {
  const late = new Date('2026-11-27T08:00:00.000Z');
  expect(stateAt(asked, new Date(late.getTime() - 1))).toBe('requested');
  expect(stateAt(asked, late)).toBe('expired');
  expect(stateAt({ ...asked, state: 'refused' }, late)).toBe('refused');
  expect(outcome(() => nextRequest(asked, { type: 'approve', by: other }, late))).toBe('EVIDENCE_MOVE_REFUSED');
});

test('what is left out follows from the alert; an incident that lasted is asked for by its first hour', () => {
  const words = { purpose: 'p', recipient: 'r' };
  const subject = { at, cameras: ['k1', 'k1', 'k2'] };
  expect(termsOf({ ...words, alert: 'a1' }, subject)).toMatchObject({
    from: '2026-11-26T07:59:30.000Z',
    to: '2026-11-26T08:01:00.000Z',
    cameras: ['k1', 'k2'],
  });
  const long = { ...subject, until: '2026-11-26T20:00:00.000Z' };
  expect(termsOf({ ...words, incident: 'i1' }, long).to).toBe('2026-11-26T08:59:30.000Z');
  const wrong = [
    { ...words },
    { ...words, alert: 'a1', incident: 'i1' },
    { ...words, alert: 'a1', from: at, to: at },
    { ...words, alert: 'a1', from: at, to: '2026-11-26T09:00:00.001Z' },
    { ...words, alert: 'a1', cameras: Array.from({ length: 9 }, (_, n) => `k${n}`) },
  ];
  for (const one of wrong) expect(() => termsOf(one, subject)).toThrow('evidence cannot be asked for like that');
});
