import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type OnReadOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where what is read goes. */
export interface Filled {
  /** Room for what is read next. */
  space(): Uint8Array;
  /** So much of that was filled. */
  taken(bytes: number): void;
  /** What was read elsewhere. */
  push(chunk: Uint8Array): void;
}

/** Both ends are of this process: what takes longer does not come. */
const dialMs = 5_000;

/** Node asks for room when it has dialled and after each read: the first read lies here. */
const vestibule = Buffer.alloc(4_096);
const nowhere: Filled = { space: () => vestibule, taken: () => undefined, push: () => undefined };

/**
 * A way for a child to write much, read right to where it belongs: the `stdout` of Node takes 64 KiB anew for every read, and
 * the pictures of a few cameras keep the collector busy with that. A local socket, in a directory that nobody else may
 * enter while it is dialled.
 */
export class ChildPipe {
  readonly #near: Socket;
  readonly #far: Socket;
  readonly #reading: Reading;

  private constructor({ near, far, reading }: { near: Socket; far: Socket; reading: Reading }) {
    this.#near = near;
    this.#far = far;
    this.#reading = reading;
  }

  /** Undefined where none can be had, as on a full disk or without a free descriptor: pictures still come through a `stdout`. */
  static open(): Promise<ChildPipe | undefined> {
    return ChildPipe.#dial().catch(() => undefined);
  }

  static async #dial(): Promise<ChildPipe> {
    const directory = await mkdtemp(join(tmpdir(), 'tianliang-pipe-'));
    const server = createServer();
    try {
      const path = join(directory, 'pictures');
      server.listen(path);
      await once(server, 'listening');
      const reading: Reading = { into: nowhere };
      const near = connect({ path, onread: onreadOf(reading) });
      // The child's end tells how a child ended.
      near.on('error', () => near.destroy());
      try {
        const [far] = (await once(server, 'connection', { signal: AbortSignal.timeout(dialMs) })) as [Socket];
        return new ChildPipe({ near, far, reading });
      } catch (error) {
        near.destroy();
        throw error;
      }
    } finally {
      server.close();
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** For the child's stdio; once the child has it, `handedOver` is to be called. */
  get far(): Socket {
    return this.#far;
  }

  /** From now on the child alone can write. */
  handedOver(into: Filled): void {
    this.#reading.into = into;
    this.#far.destroy();
  }

  /** Safe to call twice; nothing is taken any more. */
  close(): void {
    this.#reading.into = nowhere;
    this.#far.destroy();
    this.#near.destroy();
  }
}

interface Reading {
  into: Filled;
}

function onreadOf(reading: Reading): OnReadOpts {
  const callback = (bytes: number, room: Uint8Array) => {
    if (room === vestibule) reading.into.push(room.subarray(0, bytes));
    else reading.into.taken(bytes);
    return true;
  };
  return { buffer: () => reading.into.space(), callback };
}
