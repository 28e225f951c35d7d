import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One for all pipes: what was read is used up before anything else is read. */
const chunk = Buffer.allocUnsafe(256 * 1024);

/**
 * A way for a child to write much without memory of its own for each piece: the `stdout` of Node takes 64 KiB anew for every
 * read, and the pictures of a few cameras keep the collector busy with that. A local socket, in a directory that nobody
 * else may enter while it is dialled.
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

  /** Undefined where there is no room for a directory: on a full disk pictures still come through a `stdout`. */
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
      const reading: Reading = { take: () => undefined };
      const accepted = once(server, 'connection');
      const near = connect({ path, onread: { buffer: chunk, callback: (bytes) => taken(reading, bytes) } });
      // The child's end tells how a child ended.
      near.on('error', () => near.destroy());
      const [far] = (await accepted) as [Socket];
      return new ChildPipe({ near, far, reading });
    } finally {
      server.close();
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** For the child's stdio; once the child has it, `handedOver` is to be called. */
  get far(): Socket {
    return this.#far;
  }

  /** From now on the child alone can write. What it writes goes to `take`, which copies what it keeps. */
  handedOver(take: (piece: Buffer) => void): void {
    this.#reading.take = take;
    this.#far.destroy();
  }

  /** Safe to call twice; nothing is taken any more. */
  close(): void {
    this.#reading.take = () => undefined;
    this.#far.destroy();
    this.#near.destroy();
  }
}

interface Reading {
  take: (piece: Buffer) => void;
}

function taken({ take }: Reading, bytes: number): boolean {
  take(chunk.subarray(0, bytes));
  return true;
}
