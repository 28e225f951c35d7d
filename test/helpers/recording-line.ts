import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line to a server that keeps what clients say on it, byte for byte; the server sees the clients' own Host and Origin. */
export interface RecordingLine extends AsyncDisposable {
  readonly url: string;
  /** The heads of all requests so far: a line of the method and the address, and the headers. */
  heads(): string[];
}

export async function startRecordingLine(target: string): Promise<RecordingLine> {
  const { hostname, port } = new URL(target);
  const said: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const chunks: Buffer[] = [];
    said.push(chunks);
    const ahead = connect(Number(port), hostname);
    for (const socket of [client, ahead]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => [client, ahead].forEach((one) => void one.destroy()));
    }
    client.on('data', (chunk) => chunks.push(chunk));
    client.pipe(ahead).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const head = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) \S+ HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*/gm;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heads: () => said.flatMap((chunks) => Buffer.concat(chunks).toString('latin1').match(head) ?? []),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
