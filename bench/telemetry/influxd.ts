import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../demo/free-port.ts';
import { endChild, spawnChild } from '../../src/shared/child.ts';
import { scratch } from '../scratch.ts';

const settings = (directory: string, [http, rpc]: readonly number[]) => `reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${directory}/meta"
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
[monitor]
  store-enabled = false
`;

const startMs = 30_000;

export interface Influxd extends AsyncDisposable {
  readonly url: string;
  /** Both resolve when it is so; its directory and its port stay. */
  up(): Promise<void>;
  down(): Promise<void>;
}

/** Debian's influxd (1.6.7) on a directory and ports of its own, running. */
export async function startInfluxd(): Promise<Influxd> {
  const directory = await scratch();
  const ports = [await freePort(0), await freePort(0)];
  const config = join(directory.path, 'influxdb.conf');
  await writeFile(config, settings(directory.path, ports));
  const url = `http://127.0.0.1:${ports[0]}`;
  let child: ChildProcess | undefined;
  const up = async () => {
    child = spawnChild('influxd', ['-config', config], { stdio: ['ignore', 'ignore', 'ignore'] });
    await answering(url);
  };
  const down = async () => {
    if (child) await endChild(child);
  };
  await up();
  const stop = async () => {
    await down();
    await directory[Symbol.asyncDispose]();
  };
  return { url, up, down, [Symbol.asyncDispose]: stop };
}

async function answering(url: string): Promise<void> {
  const deadline = performance.now() + startMs;
  const isUp = () =>
    fetch(`${url}/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isUp())) {
    if (performance.now() > deadline) throw new Error(`influxd does not answer within ${startMs} ms`);
    await delay(100);
  }
}
