import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import mqtt, { type MqttClient } from 'mqtt';
import { expect, test } from 'vitest';
import { freePort } from '../../demo/free-port.ts';
import { startRtspServer } from '../../demo/simulators/rtsp-server.ts';
import type { Caller } from '../helpers/caller.ts';
import { root } from '../helpers/program.ts';
import { openSmallSite } from '../helpers/small-site.ts';
import { AlertListener } from './alert-listener.ts';

/* All the seats; a fifth of the terminals and a tenth of the cameras: everybody, and the server, shares two cores here. */
const seats = 500;
const terminals = 1_000;
const cameras = 20;
const goalMs = 60_000;
const password = 'my-own-phone-27';

/** A wall that dials again within a second, as long as it may. */
class Wall {
  listener: AlertListener;
  readonly #caller: Caller;
  readonly #signal: AbortSignal;

  constructor(caller: Caller, signal: AbortSignal) {
    this.#caller = caller;
    this.#signal = signal;
    this.listener = this.#dial();
  }

  get isBack(): boolean {
    return this.listener.snapshots.length > 0 && this.listener.socket.readyState === WebSocket.OPEN;
  }

  #dial(): AlertListener {
    const listener = new AlertListener(this.#caller);
    listener.subscribe().catch(() => {});
    listener.socket.on('close', () => {
      if (this.#signal.aborted) return;
      void sleep(Math.random() * 1_000).then(() => {
        this.listener = this.#dial();
      });
    });
    return listener;
  }
}

function dialTerminals(port: number): MqttClient[] {
  return Array.from({ length: terminals }, (_, n) => {
    const id = `t${n}`;
    const login = { clientId: id, username: id, password, reconnectPeriod: 500 + Math.random() * 500 };
    const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, login);
    return client.on('error', () => {});
  });
}

async function openSite() {
  await using opened = new AsyncDisposableStack();
  const site = opened.use(await openSmallSite());
  const device = opened.use(
    await startRtspServer({ streams: { '/main': { clip: join(root, 'demo/clips/traffic.mp4') } } }),
  );
  const mqttPort = await freePort(0);
  const devices = Array.from(
    { length: terminals },
    (_, n) => `  - { id: t${n}, kind: terminal, password: ${password} }`,
  );
  const file = `mqtt: { embedded: { host: 127.0.0.1, port: ${mqttPort} } }\ndevices:\n${devices.join('\n')}\n`;
  await writeFile(join(site.config, 'tianliang.yaml'), file);
  const entries = Array.from(
    { length: cameras },
    (_, n) => `  - { id: c${n}, source: "${device.urlOf('/main')}", record: true }`,
  );
  await writeFile(join(site.config, 'cameras.yaml'), `cameras:\n${entries.join('\n')}\n`);
  const left = opened.move();
  return { site, device, mqttPort, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

async function liveCameras(caller: Caller): Promise<number> {
  const { items } = await caller.get<{ items: { state: { phase: string } }[] }>('/cameras?limit=100');
  return items.filter(({ state }) => state.phase === 'live').length;
}

/** The 99th percentile since the start of the process, which is the time that matters here. */
async function loopDelayMs(caller: Caller): Promise<number> {
  const text = await (await caller.fetch('/metrics')).text();
  return 1_000 * Number(/^nodejs_eventloop_lag_p99_seconds (\S+)/m.exec(text)?.[1]);
}

test('T14: after a kill everybody dials at once, and all are back within a minute', async () => {
  await using home = await openSite();
  const port = `${await freePort(0)}`;
  const done = new AbortController();
  const clients: MqttClient[] = [];
  const walls: Wall[] = [];
  const areBack = (caller: Caller) => async () => ({
    walls: walls.filter(({ isBack }) => isBack).length,
    terminals: clients.filter(({ connected }) => connected).length,
    cameras: await liveCameras(caller),
  });
  const all = { walls: seats, terminals, cameras };
  try {
    const first = await home.site.start('--port', port);
    const caller = await first.admin();
    clients.push(...dialTerminals(home.mqttPort));
    walls.push(...Array.from({ length: seats }, () => new Wall(caller, done.signal)));
    await expect.poll(areBack(caller), { timeout: 180_000, interval: 500 }).toEqual(all);
    first.program.kill('SIGKILL');
    await first.program.ended;
    await expect.poll(() => walls.filter(({ isBack }) => isBack).length, { timeout: 10_000 }).toBe(0);
    await using _second = await home.site.start('--port', port);
    const readyAt = performance.now();
    await expect.poll(areBack(caller), { timeout: 180_000, interval: 500 }).toEqual(all);
    const backMs = performance.now() - readyAt;
    const delayMs = await loopDelayMs(caller);
    console.log(
      `T14: ${seats} seats, ${terminals} terminals and ${cameras} cameras back ${(backMs / 1_000).toFixed(1)} s after a kill and a start (a fifth of the terminals, a tenth of the cameras); loop delay p99 ${delayMs.toFixed(0)} ms`,
    );
    expect(backMs).toBeLessThan(goalMs);
  } finally {
    done.abort();
    for (const { listener } of walls) listener.socket.terminate();
    await Promise.all(clients.map((client) => client.endAsync(true)));
  }
}, 900_000);
