import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DeviceMessage, serializeMessage } from '../../src/ingest/device-message.ts';
import { SecondChance } from '../../src/ingest/telemetry/second-chance.ts';
import { openSpool } from '../../src/ingest/telemetry/spool-calls.ts';
import { scratch, until } from './rig.ts';

const stamp = { device: 'xun7', at: new Date(0), receivedAt: new Date(0) };
const sos: DeviceMessage = { type: 'sos', key: 'sos:xun7:1', ...stamp };
const position: DeviceMessage = { type: 'position', ...stamp, point: { lat: 27, lon: 105 } };

test('an SOS among the dead letters is tried until it is heard; a position is not', async () => {
  await using directory = await scratch();
  const thread = await openSpool(join(directory.path, 'spool.sqlite'));
  const letter = { source: 'spool' as const, device: 'xun7', reason: 'the desk is away' };
  await thread.ask(
    'bury',
    [sos, position].map((message) => ({ ...letter, body: serializeMessage(message) })),
  );
  const tried: DeviceMessage[] = [];
  const secondChance = new SecondChance({
    read: () => thread.ask('deadSos', 100),
    settle: (id) => thread.ask('unbury', id),
    deliver: async (message) => {
      tried.push(message);
      if (tried.length < 3) throw new Error('still away');
    },
    everyMs: 5,
  });
  secondChance.start();
  await until('heard', async () => (await thread.ask('depth', undefined)).deadLetters === 1);
  await secondChance.close();
  expect(tried).toEqual([sos, sos, sos]);
  await thread.close();
});
