import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Aedes } from 'aedes';
import { say } from '../program.ts';

/* Aedes as it comes: in memory, acknowledged before anything is done with it. Says `{ port }`. */
const aedes = await Aedes.createBroker({ concurrency: 100 });
const server = createServer({ noDelay: true }, (socket) => aedes.handle(socket));
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
say({ port });
