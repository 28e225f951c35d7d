import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { MemoryPool } from '../../../src/streams/rtp/memory-pool.ts';
import { RtspConnection } from '../../../src/streams/rtsp/rtsp-connection.ts';

/** Says when a piece of memory came back. */
class WatchedPool extends MemoryPool {
  readonly taken: Buffer[] = [];
  readonly given = Promise.withResolvers<Buffer>();

  override take(): Buffer {
    const piece = super.take();
    this.taken.push(piece);
    return piece;
  }

  override give(piece: Buffer): void {
    super.give(piece);
    this.given.resolve(piece);
  }
}

const open = (port: number, slabs: MemoryPool) =>
  RtspConnection.open({
    host: '127.0.0.1',
    port,
    tls: false,
    timeoutMs: 10_000,
    signal: new AbortController().signal,
    onData: () => {},
    slabs,
  });

test.each(['us', 'the camera'])('a connection ended by %s gives its memory back once it is closed', async (who) => {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const slabs = new WatchedPool(128 * 1024, 1);
  const connection = await open((server.address() as AddressInfo).port, slabs);
  const [camera] = await accepted;
  if (who === 'us') connection.close();
  else camera.destroy();
  expect(await slabs.given.promise).toBe(slabs.taken[0]);
  expect(slabs.taken).toHaveLength(1);
  camera.destroy();
});

test('a dial that is refused gives its memory back', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await server[Symbol.asyncDispose]();
  const slabs = new WatchedPool(128 * 1024, 1);
  await expect(open(port, slabs)).rejects.toMatchObject({ failure: 'refused' });
  expect(await slabs.given.promise).toBe(slabs.taken[0]);
});
