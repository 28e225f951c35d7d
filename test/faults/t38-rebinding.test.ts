import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { makeClip, run } from '../streams/clips.ts';

const nameServer = '127.38.0.53';
const honest = '127.38.0.1';
const inner = '127.38.9.9';
const answerFlags = 0x8400;

/** Answers every question for an IPv4 address (RFC 1035 §4.1): the first time with the honest one, then with the other. */
async function startLyingNameServer() {
  let asked = 0;
  const socket = createSocket('udp4');
  socket.on('message', (question, { port, address }) => {
    const isV4 = question.readUInt16BE(question.indexOf(0, 12) + 1) === 1;
    asked += isV4 ? 1 : 0;
    socket.send(answerTo(question, isV4 ? (asked === 1 ? honest : inner) : undefined), port, address);
  });
  socket.bind(53, nameServer);
  await once(socket, 'listening');
  return { asked: () => asked, [Symbol.asyncDispose]: async () => void socket.close() };
}

function answerTo(question: Buffer, address: string | undefined): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const head = Buffer.from(question.subarray(0, end));
  head.writeUInt16BE(answerFlags, 2);
  head.writeUInt16BE(address ? 1 : 0, 6);
  head.fill(0, 8, 12);
  if (!address) return head;
  // The name of the question, type A, class IN, not to be kept, four bytes.
  const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([head, record]);
}

async function startOrigin(host: string, port: number, file: string) {
  let connections = 0;
  const server = createServer((_, response) => createReadStream(file).pipe(response));
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : 0;
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { port: bound, connections: () => connections, [Symbol.asyncDispose]: stop };
}

test('T38: a name that leads inside at the second look is not followed there', async () => {
  await using directory = await tempDir();
  const flv = join(directory.path, 'clip.flv');
  const clip = await makeClip({ size: '320x240', slices: 1 });
  await run('ffmpeg', ['-loglevel', 'error', '-i', clip, '-c', 'copy', '-an', flv]);
  await using names = await startLyingNameServer();
  await using outside = await startOrigin(honest, 0, flv);
  await using inside = await startOrigin(inner, outside.port, flv);
  await writeFile(join(directory.path, 'resolv.conf'), `nameserver ${nameServer}\noptions timeout:2 attempts:1\n`);

  // A file system of its own, where that server is the one that is asked (root only).
  const script = join(root, 'test/streams/sources/rebinding-process.ts');
  const source = `http://camera.rebinding.test:${outside.port}/live.flv`;
  const inNamespace = `mount --bind ${directory.path}/resolv.conf /etc/resolv.conf && exec "$@"`;
  const words = ['-m', 'sh', '-c', inNamespace, 'sh', process.execPath, script, source, `${honest}/32`];
  const { stdout } = await run('unshare', words, { timeout: 90_000 });
  const lines = stdout.split('\n');
  console.log('T38, rebinding', {
    lines,
    asked: names.asked(),
    outside: outside.connections(),
    inside: inside.connections(),
  });
  expect(lines[0]).toMatch(/^attempt 1: [1-9]\d* pictures/);
  expect(lines[1]).toMatch(/^attempt 2: 0 pictures, refused /);
  expect([names.asked(), outside.connections() > 0, inside.connections()]).toEqual([2, true, 0]);
});
