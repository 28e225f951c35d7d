import { expect, test } from 'vitest';
import type { DecoderConfig } from '../../src/ingest/decoders/decoder-config.ts';
import { dryRun } from '../../src/ingest/dry-run.ts';
import { Vocabulary } from '../../src/ingest/vocabulary.ts';

const decoders: DecoderConfig[] = [
  {
    id: 'env',
    topic: 'plant/{device}/env',
    type: 'reading',
    values: { visibility: { pointer: '/vis', unit: 'km', maximum: 10_000 }, counter: { pointer: '/n' } },
  },
];
const vocabulary = new Vocabulary({ devices: [{ id: 'ws06' }], decoders });
const receivedAt = new Date('2026-11-21T08:00:00.000Z');

function run(topic: string, payload: unknown, device?: string) {
  return dryRun(vocabulary, { topic, payload: Buffer.from(JSON.stringify(payload)), receivedAt, device });
}

const time = '"at":"2026-11-21T08:00:00.000Z","receivedAt":"2026-11-21T08:00:00.000Z"';

test('a message that is taken is shown with its points and their units', () => {
  expect(run('plant/ws06/env', { vis: 0.18, n: 7 })).toEqual({
    taken: true,
    lines: [
      'decoder  env (plant/+/env)',
      'device   ws06',
      `message  {"type":"reading",${time},"values":{"visibility":180,"counter":7}}`,
      'point    visibility 180 m',
      'point    counter 7',
    ],
  });
});

test('a value that was left out is named beside those that were not', () => {
  const { taken, lines } = run('plant/ws06/env', { vis: 99, n: 7 });
  expect([taken, lines.slice(3)]).toEqual([true, ['point    counter 7', 'at       "/vis" expected at most 10000 m']]);
});

test.each<[string, unknown, string[]]>([
  ['plant/ws06/env', { vis: 'far' }, ['refused  wrong-payload', 'at       "/vis" expected a number']],
  ['plant/ws07/env', {}, ['refused  unknown-device: no device is called ws07 (id or topicName)']],
  ['plant/ws06', {}, ['refused  unknown-topic: no decoder and no dialect that is switched on takes this topic']],
  [
    'tianliang/terminals/ws06/position',
    { at: '2026-11-21T08:00:00Z', lat: 91, lon: 105 },
    ['refused  wrong-payload', 'at       "/lat" expected it to be <= 90'],
  ],
  [
    'owntracks/ws06/phone',
    { _type: 'location', tst: 1, lat: 'x', lon: 1 },
    ['at       "/lat" expected it to be number'],
  ],
  ['owntracks/ws06/phone', { _type: 'card' }, ['ignored  owntracks-other']],
])('%s %o is refused with the reason and the place', (topic, ...[payload, said]) => {
  const { taken, lines } = run(topic, payload);
  expect(taken).toBe(false);
  expect(lines.slice(-said.length)).toEqual(said);
});

test('another device may be made to speak, before it has an entry', () => {
  expect(run('plant/ws07/env', { n: 1 }, 'ws07')).toMatchObject({ taken: true, lines: { 1: 'device   ws07' } });
});
