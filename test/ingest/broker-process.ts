import { startBroker } from './broker-rig.ts';

/* The broker in a process of its own, so that its memory is its own: says its port, then what it counted when asked. */
// What a device may say is not what its memory is.
const rig = await startBroker({ rates: { messagesPerSecond: 1e6, bytesPerSecond: 1e9 } });

// What a test would look at is held by the rig, not by the broker.
setInterval(() => rig.taken.splice(0), 50);

process.on('message', () => {
  global.gc?.();
  const { refused, accepted } = rig.counters;
  const { rss, heapUsed, external } = process.memoryUsage();
  const memory = { rssMiB: rss / 2 ** 20, heldMiB: (heapUsed + external) / 2 ** 20 };
  process.send?.({ ...memory, refused, accepted, lines: rig.lines.length });
});
process.send?.({ port: rig.port });
