import { expect, test } from 'vitest';
import { crashMosquitto } from '../ingest/broker-crashes.ts';

test('T02: Mosquitto with the safe settings, stopped and killed in bursts: what it acknowledged is stored', async () => {
  const run = { publishers: 5, rounds: 20, readings: 100 };
  const seen = await crashMosquitto(run);
  console.log(`T02: ${seen.stops} stops and ${seen.kills} kills, ${seen.acknowledged} acknowledged, ${seen.lost} lost`);
  expect(seen.acknowledged).toBe(run.publishers * run.rounds * run.readings);
  expect(seen.lost).toBe(0);
});
