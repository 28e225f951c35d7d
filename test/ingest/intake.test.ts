import { expect, test } from 'vitest';
import type { DecoderConfig } from '../../src/ingest/decoders/decoder-config.ts';
import type { DeviceMessage } from '../../src/ingest/device-message.ts';
import type { Inbound } from '../../src/ingest/inbound.ts';
import { Intake } from '../../src/ingest/intake.ts';
import { IntakeCounters } from '../../src/ingest/intake-counters.ts';
import { Vocabulary } from '../../src/ingest/vocabulary.ts';

const decoders: DecoderConfig[] = [
  {
    id: 'env',
    topic: 'plant/{device}/env',
    type: 'reading',
    values: { temperature: { pointer: '/t' }, wind: { pointer: '/w' } },
  },
];
const devices = [{ id: 'ws06' }, { id: 'ws07' }];

function openIntake() {
  const counters = new IntakeCounters();
  const taken: DeviceMessage[] = [];
  const vocabulary = new Vocabulary({ devices, decoders, dialects: ['owntracks', 'tasmota'] });
  const append = async (message: DeviceMessage) => {
    taken.push(message);
  };
  const intake = new Intake({ vocabulary: () => vocabulary, append, counters });
  const hear = (topic: string, payload: string, more: Partial<Inbound> = {}) =>
    intake.accept({ topic, payload: Buffer.from(payload), retain: false, receivedAt: new Date(), ...more });
  return { counters, taken, hear };
}

test('a value that is wrong is counted and kept beside those that were taken', async () => {
  const { counters, taken, hear } = openIntake();
  expect(await hear('plant/ws06/env', '{"t":3,"w":"calm"}')).toBe('accepted');
  expect(taken).toMatchObject([{ values: { temperature: 3 } }]);
  expect([counters.accepted, counters.refused]).toEqual([{ reading: 1 }, { 'wrong-value': 1 }]);
  expect(counters.samples['plant/+/env']).toMatchObject([{ device: 'ws06', faults: [{ pointer: '/w' }] }]);
});

test('into and out of a region are counted', async () => {
  const { counters, hear } = openIntake();
  const tst = Math.floor(Date.now() / 1_000);
  const crossing = (event: string) => JSON.stringify({ _type: 'transition', tst, lat: 27, lon: 105, event });
  for (const event of ['enter', 'leave', 'enter']) await hear('owntracks/ws06/phone/event', crossing(event));
  expect([counters.accepted, counters.noted]).toEqual([
    { position: 3 },
    { 'owntracks-enter': 2, 'owntracks-leave': 1 },
  ]);
});

test.each([
  ['plant/ws07/env', 'foreign-topic', 0],
  ['owntracks/ws07/x', 'foreign-topic', 0],
  ['tianliang/commands/ws06', 'foreign-topic', 0],
  ['plant/nobody/env', 'unknown-device', 1],
  ['plant/ws06', 'unknown-topic', 1],
  ['plant/\u0000/env', 'invalid-topic', 0],
])('ws06 on %j is refused as %s', async (topic, ...[reason, kept]) => {
  const { counters, taken, hear } = openIntake();
  expect(await hear(topic, '{"t":3}', { sender: 'ws06' })).toBe('refused');
  expect([counters.refused, counters.unknown.list().length, taken]).toEqual([{ [reason]: 1 }, kept, []]);
});

test('what a broker has kept does not pass for what is measured now; what it says of being there still holds', async () => {
  const { counters, taken, hear } = openIntake();
  await hear('plant/ws06/env', '{"t":3}', { retain: true });
  await hear('tele/ws06/LWT', 'Online', { retain: true });
  expect(taken).toMatchObject([{ type: 'status', online: true }]);
  expect(counters.refused).toEqual({ 'retained-old': 1 });
  await hear('plant/ws06/env', '{"t":3}', { retain: true, sender: 'ws06' });
  expect(taken).toHaveLength(2);
});
