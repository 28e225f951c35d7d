import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below what systems hand out to whoever connects (Linux: from 32768 on): between being found free and being listened on, no
 * connection of somebody else takes it.
 */
const quiet = { first: 15_000, end: 32_000 };
const tries = 50;

/** The wanted TCP port of loopback when nobody listens there, else (or with 0) any free one. */
export async function freePort(wanted: number): Promise<number> {
  if (wanted !== 0 && (await isFree(wanted))) return wanted;
  for (let left = tries; left > 0; left -= 1) {
    const port = randomInt(quiet.first, quiet.end);
    if (await isFree(port)) return port;
  }
  return wanted;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}
