import { execFile } from 'node:child_process';
import { execPath } from 'node:process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Runs one bench with tiny figures; answers the cells of the table's rows. */
async function bench(name: string, ...options: string[]): Promise<string[][]> {
  const tiny = ['--rounds', '1', '--seconds', '1', ...options];
  const { stdout } = await promisify(execFile)(execPath, ['bench/main.ts', name, ...tiny], { timeout: 55_000 });
  const lines = stdout.split('\n').filter((line) => line.startsWith('|'));
  expect(lines.slice(0, 2)).toEqual(['| what | ours | peer | ratio |', '| --- | --- | --- | --- |']);
  expect(stdout).toMatch(/load average \d/);
  return lines.slice(2).map((line) => line.slice(2, -2).split(' | '));
}

const figure = /^(?:[\d.,]+(?:e-\d+)?)(?: \/ [\d.,]+(?:e-\d+)?)? (?:Mbit\/s|MiB|%|ms|messages\/s|points\/s)$/;
/** What took less than a tick of the system's clock has no ratio. */
const ratio = /^(?:–|[\d.,e-]+×(?: \/ [\d.,e-]+×)?)$/;

function expectFigures([, ours = '', peer = '', times = '']: readonly string[]): void {
  expect(ours).toMatch(figure);
  if (peer === '–') return;
  expect(peer).toMatch(figure);
  expect(times).toMatch(ratio);
}

test('the relay bench measures both relays with the same cameras', async () => {
  const rows = await bench('relay', '--cameras', '2');
  for (const row of rows) expectFigures(row);
  expect(rows.map(([what]) => what)).toEqual([
    'relay, 2 cameras × 1 HTTP-FLV viewer: video the viewers got',
    'relay: CPU a stream, % of one core',
    'relay: memory a stream',
    'relay: first picture of another viewer, p50 / p99',
    'relay: first picture when nobody watched, p50 / p99',
    'relay: the same, since that key picture left the camera',
  ]);
});

test('the scale bench measures our relay at each step, and that its viewers get all of it', async () => {
  const rows = await bench('relay-scale', '--steps', '2x1,1x3');
  expect(rows.map(([what]) => what)).toEqual([
    expect.stringMatching(/^relay alone, 2 × 1 viewers, (?:[89]\d|1\d\d)/),
    expect.stringMatching(/^relay alone, 1 × 3 viewers, (?:[89]\d|1\d\d)/),
  ]);
  for (const [, ours] of rows) expect(ours).toMatch(/^[\d.]+ %, [\d.]+ %, [\d.]+ MiB$/);
});

test('the telemetry bench fills both stores and asks both for a day', async () => {
  const rows = await bench('telemetry', '--points', '4000');
  for (const row of rows) expectFigures(row);
  expect(rows).toHaveLength(3);
});

test('the ingest bench measures acknowledged messages on all brokers, and at half of the most', async () => {
  const rows = await bench('ingest', '--publishers', '2', '--messages', '250');
  for (const row of rows) expectFigures(row);
  expect(rows).toHaveLength(4);
});

test('the alerts bench counts every alert at every seat', async () => {
  const rows = await bench('alerts', '--seats', '5');
  for (const row of rows) expectFigures(row);
  expect(rows).toHaveLength(2);
});

test('the dispatch bench ranks all units, and both searches find the same times', async () => {
  const rows = await bench('dispatch', '--units', '40', '--segments', '200');
  for (const row of rows) expectFigures(row);
  expect(rows).toHaveLength(3);
});

test('a bench of another name is refused with the names there are', async () => {
  await expect(bench('relays')).rejects.toThrow(
    'there are relay, relay-scale, latency, ingest, telemetry, alerts, detection, detection-latency, dispatch',
  );
});
