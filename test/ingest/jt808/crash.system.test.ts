import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Jt808Terminal } from '../../../demo/simulators/jt808-terminal.ts';
import type { Ingest } from '../../../src/ingest/ingest.ts';
import { Program } from '../../helpers/program.ts';
import { scratch, startIngest, until } from '../rig.ts';

const phones = ['013800138000', '013800138001', '013800138002', '013800138003', '013800138004'];
const lives = 5;
/** A report a second, since yesterday: a terminal says no more than whole seconds. */
const t0 = (Math.floor(Date.now() / 1_000) - 86_400) * 1_000;
const timeOf = (n: number) => t0 + n * 1_000;
/** Of ten reports two with the button on. */
const isPressed = (n: number) => n % 10 === 5 || n % 10 === 6;
const beginsPress = (n: number) => n % 10 === 5;

async function startServer(directory: string, port: number) {
  const script = new URL('./jt808-process.ts', import.meta.url).pathname;
  const program = new Program([script, directory, String(port), phones.join(',')]);
  const [, listening] = await program.said(/^listening (\d+)$/, 30_000);
  return { program, port: Number(listening) };
}

async function kill(program: Program): Promise<void> {
  program.kill('SIGKILL');
  await program.ended;
}

/** Until told to stop, through every death of the server: a report is sent again until it is acknowledged. */
async function keepReporting(phone: string, { port, acked, signal }: Burst): Promise<void> {
  while (!signal.aborted) {
    const terminal = await Jt808Terminal.connect({ port, phone }).catch(() => undefined);
    if (!terminal) continue;
    await reportOn(terminal, { phone, acked, signal }).catch(() => {});
    await terminal.close();
  }
}

async function reportOn(terminal: Jt808Terminal, { phone, acked, signal }: Omit<Burst, 'port'> & { phone: string }) {
  await terminal.logIn();
  while (!signal.aborted) {
    const n = acked.get(phone) ?? 0;
    const report = { at: new Date(timeOf(n)), lat: 27 + n / 1e5, lon: 105.3, emergency: isPressed(n) };
    if ((await terminal.report(report)) === 0) acked.set(phone, n + 1);
  }
}

interface Burst {
  readonly port: number;
  /** How many reports of each terminal are acknowledged. */
  readonly acked: Map<string, number>;
  readonly signal: AbortSignal;
}

/** How often each report of a terminal is stored, by its number. */
async function storedReports(ingest: Ingest, phone: string): Promise<Map<number, number>> {
  const stored = new Map<number, number>();
  for (let from = t0; ; ) {
    const query = { device: `t${phone}`, measurement: 'lat', from, to: Date.now(), limit: 1_000 };
    const rows = await ingest.query(query);
    for (const { at } of rows) stored.set((at - t0) / 1_000, (stored.get((at - t0) / 1_000) ?? 0) + 1);
    if (rows.length < 1_000) return stored;
    from = (rows.at(-1)?.at ?? 0) + 1;
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

test('killed five times in a burst: what 0x8001 said is done is stored once, and a press is delivered as one call', async () => {
  await using directory = await scratch();
  let running = await startServer(directory.path, 0);
  const { port } = running;
  const acked = new Map<string, number>();
  const stop = new AbortController();
  const bursts = phones.map((phone) => keepReporting(phone, { port, acked, signal: stop.signal }));
  const total = () => [...acked.values()].reduce((sum, count) => sum + count, 0);
  for (let life = 1; life <= lives; life += 1) {
    const before = total();
    await until('a burst', () => total() > before + 150, 30_000);
    await kill(running.program);
    running = await startServer(directory.path, port);
  }
  const before = new Map(acked);
  await until('all back', () => phones.every((phone) => (acked.get(phone) ?? 0) > (before.get(phone) ?? 0)), 30_000);
  stop.abort();
  await Promise.all(bursts);
  const pressed = [...acked].flatMap(([phone, count]) =>
    upTo(count)
      .filter(beginsPress)
      .map((n) => `sos:t${phone}:jt808:${timeOf(n)}`),
  );
  const delivered = async () =>
    new Set((await readFile(join(directory.path, 'delivered.log'), 'utf8')).trim().split('\n'));
  await until('every call', async () => (await delivered()).isSupersetOf(new Set(pressed)), 20_000);
  await kill(running.program);

  // One that was never acknowledged may stand beside them, of each terminal; a press has no second key.
  expect((await delivered()).size).toBeLessThanOrEqual(pressed.length + phones.length);
  const begins = [...(await delivered())].map((key) => (Number(key.split(':').at(-1)) - t0) / 1_000);
  expect(begins.filter((n) => !beginsPress(n))).toEqual([]);

  // Points still in the spool when the last one was killed are stored by the next.
  await using last = await startIngest(directory.path);
  for (const [phone, count] of acked) {
    const stored = await storedReports(last.ingest, phone);
    expect(upTo(count).filter((n) => stored.get(n) !== 1)).toEqual([]);
  }
}, 120_000);
