import { expect, test } from 'vitest';
import type { Alert } from '../../src/alerts/alert.ts';
import { Caller } from '../helpers/caller.ts';
import { openSeat } from '../helpers/live-seat.ts';
import type { MqttDevice } from '../helpers/mqtt-device.ts';
import { descendantsOf, isRunning } from '../helpers/processes.ts';
import { runCommand } from '../helpers/program.ts';
import { openSmallSite, type RunningServer } from '../helpers/small-site.ts';

interface LedgerRow {
  readonly actor: string;
  readonly action: string;
  readonly object?: string;
}

/** Publishes reading after reading, many at a time, until the connection breaks; counts only what was acknowledged. */
class Burst {
  readonly acknowledged = new Set<number>();
  /** Resolves when the connection is gone: nothing is acknowledged any more. */
  readonly over: Promise<void>;
  readonly #device: MqttDevice;
  readonly #startedAt = Date.now() - 600_000;
  #next = 0;

  constructor(device: MqttDevice) {
    this.#device = device;
    this.over = new Promise((resolve) => device.client.once('close', () => resolve()));
    for (let lane = 0; lane < 20; lane += 1) void this.#publish();
  }

  async #publish(): Promise<void> {
    while (this.#device.client.connected) {
      const value = 1_000 + this.#next;
      const at = new Date(this.#startedAt + this.#next);
      this.#next += 1;
      await this.#device.reading({ visibility: value }, at).then(
        () => this.acknowledged.add(value),
        () => undefined,
      );
    }
  }
}

async function ffmpegOf({ program }: RunningServer) {
  const running = () => descendantsOf(program.pid).filter(({ name }) => name === 'ffmpeg');
  await expect.poll(running, { timeout: 45_000, interval: 100 }).not.toEqual([]);
  return running();
}

/** Every value of the series, read page by page. */
async function storedValues(caller: Caller): Promise<Set<number>> {
  const values = new Set<number>();
  for (let from = new Date(Date.now() - 3_600_000).toISOString(); ; ) {
    const path = `/telemetry?device=ws06&measurement=visibility&limit=1000&from=${from}`;
    const { points } = await caller.get<{ points: { at: string; value: number }[] }>(path);
    for (const { value } of points) values.add(value);
    if (points.length < 1_000) return values;
    from = new Date(Date.parse(points.at(-1)?.at ?? from) + 1).toISOString();
  }
}

async function takenAlert(caller: Caller, device: MqttDevice): Promise<Alert> {
  await using live = await openSeat(caller);
  await device.reading({ visibility: 150 });
  const { id } = await live.alert(({ kind }) => kind === 'low-visibility', 20_000);
  return await caller.post<Alert>(`/alerts/${id}/acknowledge`);
}

test('after kill -9 in a burst all that was acknowledged is there, no ffmpeg is left, and a second server is refused', async () => {
  await using site = await openSmallSite();
  await using first = await site.start();
  const admin = await first.admin();
  const children = await ffmpegOf(first);
  await using station = await first.device('ws06');
  const taken = await takenAlert(admin, station);
  expect(taken).toMatchObject({ state: 'acknowledged', acknowledgedBy: { name: 'admin' } });

  const burst = new Burst(station);
  await expect.poll(() => burst.acknowledged.size, { timeout: 30_000, interval: 20 }).toBeGreaterThan(300);
  first.program.kill('SIGKILL');
  expect(await first.program.ended).toBe('SIGKILL');
  await expect.poll(() => children.filter(isRunning), { timeout: 2_000, interval: 20 }).toEqual([]);
  await burst.over;

  await using second = await site.start();
  // A session outlives the server it was opened at.
  const back = new Caller(second.url, admin.token);
  expect(await back.get<Alert>(`/alerts/${taken.id}`)).toEqual(taken);
  const stored = await storedValues(back);
  expect([...burst.acknowledged].filter((value) => !stored.has(value))).toEqual([]);
  expect(stored.has(150)).toBe(true);
  expect(await back.get('/ledger/verify')).toMatchObject({ intact: true });
  const { items } = await back.get<{ items: LedgerRow[] }>('/ledger?action=alert.acknowledge');
  expect(items).toHaveLength(1);
  expect(items[0]?.object).toContain(taken.id);

  const { code, output } = await runCommand(site.startWords);
  expect(code).toBe(1);
  expect(output).toBe(`another Tianliang runs on ${site.data}; stop it first, or give this one its own --data DIR`);
  expect((await back.fetch('/readyz')).status).toBe(200);
}, 300_000);
