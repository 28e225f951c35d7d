import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { argv } from 'node:process';

/*
 * A process of its own that publishes at QoS 1 as fast as it is acknowledged: node publisher-process.ts PORT COUNT WINDOW ID…
 * It speaks MQTT by hand, so that what is measured is the broker and not a client library. Prints {acked, ms}.
 */
const mqttPacket = createRequire(createRequire(import.meta.url).resolve('mqtt'))('mqtt-packet');

interface Load {
  readonly port: number;
  readonly count: number;
  readonly window: number;
}

async function publish(id: string, { port, count, window }: Load): Promise<number> {
  const socket: Socket = connect(port, '127.0.0.1').setNoDelay();
  const parser = mqttPacket.parser();
  let sent = 0;
  let acked = 0;
  const send = () => {
    socket.cork();
    while (sent < count && sent - acked < window) {
      sent += 1;
      const at = new Date(1_795_000_000_000 + sent * 100).toISOString();
      const payload = `{"at":"${at}","values":{"visibility":${sent % 1000},"temperature":${sent % 40},"wind":${sent % 12},"humidity":${sent % 100}}}`;
      const messageId = (sent % 65_535) + 1;
      socket.write(
        mqttPacket.generate({ cmd: 'publish', topic: `tianliang/sensors/${id}/reading`, payload, qos: 1, messageId }),
      );
    }
    socket.uncork();
  };
  const done = Promise.withResolvers<number>();
  parser.on('packet', ({ cmd }: { cmd: string }) => {
    if (cmd === 'puback') acked += 1;
    if (acked === count) done.resolve(acked);
  });
  socket.on('data', (chunk) => {
    parser.parse(chunk);
    send();
  });
  socket.on('close', () => done.resolve(acked));
  socket.on('error', () => {});
  socket.write(
    mqttPacket.generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clean: true,
      clientId: id,
      keepalive: 60,
      username: id,
      password: `${id}-secret`,
    }),
  );
  const total = await done.promise;
  socket.destroy();
  return total;
}

const [port = 0, count = 0, window = 0] = argv.slice(2, 5).map(Number);
const ids = argv.slice(5);
const startedAt = performance.now();
const acked = await Promise.all(ids.map((id) => publish(id, { port, count, window })));
const total = acked.reduce((sum, one) => sum + one, 0);
process.stdout.write(JSON.stringify({ acked: total, ms: performance.now() - startedAt }));
