import { expect, test } from 'vitest';
import { crashMosquitto } from '../ingest/broker-crashes.ts';

test('T02: Mosquitto with the safe settings, stopped and killed in bursts: what it acknowledged is stored', async () => {
  const run = { publishers: 5, rounds: 20, readings: 100 };
  const seen = await crashMosquitto(run);
  console.log(
    [
      `T02: ${seen.stops} stops and ${seen.kills} kills, ${seen.acknowledged} acknowledged, ${seen.lost} lost`,
      `${seen.lostOtherwise} of them not within 100 ms of a kill`,
    ].join(', '),
  );
  expect(seen.acknowledged).toBe(run.publishers * run.rounds * run.readings);
  expect(seen.lostOtherwise).toBe(0);
  // Mosquitto 2.0.11 answers a moment before it saves: what it took in that moment can go with it.
  expect(seen.lost).toBeLessThanOrEqual(seen.kills * 20);
});
