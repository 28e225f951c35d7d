import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../demo/free-port.ts';
import { endChild, spawnChild } from '../../src/shared/child.ts';
import { connectFrame, disconnectFrame, subscribeFrame } from './mqtt-frames.ts';

export interface Mosquitto extends AsyncDisposable {
  readonly port: number;
}

/**
 * Mosquitto with one lasting session that is owed every message: without somebody to keep them for it would keep none.
 * `saving` saves after every change, as far as it can be made crash-safe: it acknowledges before it saves, we after.
 * Without, it is left at its default of saving every half hour.
 */
export async function startMosquitto(directory: string, { saving }: { saving: boolean }): Promise<Mosquitto> {
  const port = await freePort(0);
  const settings = {
    listener: `${port} 127.0.0.1`,
    allow_anonymous: true,
    user: 'root',
    persistence: true,
    persistence_location: `${directory}/`,
    ...(saving && { autosave_on_changes: true, autosave_interval: 1 }),
    max_queued_messages: 0,
    log_type: 'error',
  };
  const path = join(directory, 'mosquitto.conf');
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}\n`);
  await writeFile(path, lines.join(''));
  const child = spawnChild('mosquitto', ['-c', path], { stdio: ['ignore', 'ignore', 'pipe'] });
  const said = child.stderr ? text(child.stderr) : '';
  const end = () => endChild(child, 2_000);
  try {
    await leaveSession(port);
  } catch (cause) {
    await end();
    throw new Error(`mosquitto does not serve: ${await said}`, { cause });
  }
  return { port, [Symbol.asyncDispose]: end };
}

async function leaveSession(port: number): Promise<void> {
  const socket = await dial(port);
  socket.write(connectFrame('keeper', { password: 'keeper-secret', clean: false }));
  await once(socket, 'data');
  socket.write(subscribeFrame('tianliang/#'));
  await once(socket, 'data');
  socket.end(disconnectFrame);
  await once(socket, 'close');
}

/** It listens a moment after it starts. */
async function dial(port: number): Promise<Socket> {
  for (let attempt = 0; ; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return socket;
    } catch (error) {
      if (attempt === 50) throw error;
      await delay(100);
    }
  }
}
