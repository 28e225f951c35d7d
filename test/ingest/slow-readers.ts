import { generate } from 'mqtt-packet';
import { loginBare, startBroker } from './broker-rig.ts';
import { connectDevice, until } from './rig.ts';

export interface SlowReaderRun {
  /** Devices that are away with a session. */
  readonly away: number;
  /** Commands to each device. */
  readonly messages: number;
  readonly payloadBytes: number;
}

const topicOf = (id: string) => `tianliang/commands/${id}`;

/** Commands to a device that never reads, one that reads 1 KB a second, some that are away, and a healthy one beside them. */
export async function watchSlowReaders({ away, messages, payloadBytes }: SlowReaderRun) {
  const absent = Array.from({ length: away }, (_, n) => `away${n}`);
  const ids = ['frozen', 'slow', 'healthy', ...absent];
  const devices = ids.map((id) => ({ id, password: `${id}-secret` }));
  await using rig = await startBroker({ devices });
  for (const id of absent) {
    const device = await connectDevice(rig.url, id, { clean: false });
    await device.client.subscribeAsync(topicOf(id), { qos: 1 });
    await device.client.endAsync();
  }
  await using frozen = await subscribeBare(rig.port, 'frozen');
  await using slow = await subscribeBare(rig.port, 'slow');
  frozen.socket.pause();
  const dripping = drip(slow.socket);
  await using healthy = await connectDevice(rig.url, 'healthy');
  await healthy.client.subscribeAsync(topicOf('healthy'), { qos: 1 });
  let healthyHeard = 0;
  healthy.client.on('message', () => {
    healthyHeard += 1;
  });
  const before = process.memoryUsage().rss;
  const waits: number[] = [];
  for (let n = 0; n < messages; n += 1) {
    const payload = `${n}`.padEnd(payloadBytes, ' ');
    const sentAt = performance.now();
    for (const id of ids.slice(0, -away || undefined).concat(absent))
      await rig.broker.publish(topicOf(id), payload, { qos: 1, retain: false });
    waits.push(performance.now() - sentAt);
  }
  await until('the healthy one hears all', () => healthyHeard === messages, 30_000);
  await until('the log says so', () => rig.lines.some(({ facts }) => facts.reason === 'session-full'), 5_000);
  clearInterval(dripping);
  const waiting = rig.broker.waiting;
  return {
    healthyHeard,
    slowestMs: Math.max(...waits),
    frozenConnected: !frozen.socket.destroyed && rig.broker.connected === 3,
    slowHeard: slow.heard.length,
    dropped: rig.counters.refused,
    waitingEach: waiting / away,
    bytesEach: (waiting / away) * payloadBytes,
    warnings: rig.lines.map(({ facts }) => String(facts.reason)),
    grownMiB: (process.memoryUsage().rss - before) / 2 ** 20,
  };
}

async function subscribeBare(port: number, id: string) {
  const device = await loginBare(port, id);
  device.socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: topicOf(id), qos: 1 }] }));
  await until('subscribed', () => device.heard.some(({ cmd }) => cmd === 'suback'));
  return device;
}

/** Lets a chunk through from time to time; the kernel's buffers stay full in between. */
function drip(socket: {
  pause(): unknown;
  resume(): unknown;
  on(event: 'data', heard: (chunk: Buffer) => void): unknown;
}) {
  socket.on('data', () => socket.pause());
  return setInterval(() => socket.resume(), 1_000);
}
