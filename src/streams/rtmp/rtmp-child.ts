/**
 * A process of its own that takes RTMP pushes: what they do to it stays in it (F1). File descriptor 3 leads to the parent:
 * lines of JSON come in, frames go out. It ends with the parent. Arguments: address and port to listen on.
 */
import { createServer, Socket } from 'node:net';
import { argv, exit } from 'node:process';
import { createInterface } from 'node:readline';
import { loadEngine } from './media-server.ts';
import { PushDesk, type RelayCommand } from './push-desk.ts';
import { encodeFrame, type FrameKind } from './relay-frame.ts';

const aliveEveryMs = 1_000;
const [, , host, port] = argv;

const parent = new Socket({ fd: 3 });
const say = (kind: FrameKind, facts?: object) =>
  parent.write(encodeFrame(kind, '', facts ? [Buffer.from(JSON.stringify(facts))] : []));

const desk = new PushDesk(loadEngine(), {
  get backlogBytes() {
    return parent.writableLength;
  },
  write: (frame) => parent.write(frame),
});
createInterface({ input: parent }).on('line', (line) => {
  const command: RelayCommand = JSON.parse(line);
  desk.obey(command);
});
parent.on('error', () => exit(0)).on('close', () => exit(0));

const server = createServer({ noDelay: true }, (socket) => desk.accept(socket));
server.on('error', (error: NodeJS.ErrnoException) => {
  parent.end(encodeFrame('failed', '', [Buffer.from(JSON.stringify({ code: error.code ?? error.name }))]), () =>
    exit(1),
  );
});
server.listen(Number(port), host, () => {
  const address = server.address();
  say('listening', { port: typeof address === 'object' && address ? address.port : 0 });
  setInterval(() => say('alive'), aliveEveryMs);
});
