import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { freePort } from '../../demo/free-port.ts';
import { endChild, spawnChild } from '../../src/shared/child.ts';
import { scratch, until } from './rig.ts';

export interface MosquittoOptions {
  /** Keeps its sessions through a kill -9 (F8). */
  readonly safe?: boolean;
  /** Lines of its configuration besides. */
  readonly more?: readonly string[];
}

/** A real mosquitto on loopback. */
export async function startMosquitto({ safe = true, more = [] }: MosquittoOptions = {}) {
  const directory = await scratch();
  const port = await freePort(0);
  const config = join(directory.path, 'mosquitto.conf');
  const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'user root', 'max_queued_messages 0', ...more];
  const kept = [
    'persistence true',
    `persistence_location ${directory.path}/`,
    'autosave_interval 1',
    'max_inflight_messages 0',
    'set_tcp_nodelay true',
  ];
  const persistence = safe ? [...kept, 'autosave_on_changes true', 'max_packet_size 262144'] : [];
  await writeFile(config, `${[...lines, ...persistence].join('\n')}\n`);
  const url = `mqtt://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const up = async () => {
    child = spawnChild('mosquitto', ['-c', config], { stdio: ['ignore', 'ignore', 'ignore'] });
    await until('mosquitto', () => canConnect(url), 10_000);
  };
  const down = async () => {
    if (child) await endChild(child);
  };
  const kill = async () => {
    const exited = child && once(child, 'exit');
    child?.kill('SIGKILL');
    await exited;
  };
  await up();
  const stop = async () => {
    await down();
    await directory[Symbol.asyncDispose]();
  };
  return { url, config, up, down, kill, [Symbol.asyncDispose]: stop };
}

function canConnect(url: string): Promise<boolean> {
  return mqtt.connectAsync(url, { reconnectPeriod: 0, connectTimeout: 500 }, false).then(
    (client) => client.endAsync().then(() => true),
    () => false,
  );
}
