import { fork } from 'node:child_process';
import { once } from 'node:events';
import fc from 'fast-check';
import { endChild } from '../../src/shared/child.ts';
import { closed, loginBare, openSocket } from './broker-rig.ts';
import { mutatedPacket } from './malformed-packets.ts';
import { connectDevice, now, until } from './rig.ts';

export interface FloodRun {
  /** Sockets that declare 256 MB, and as many that say nothing. */
  readonly sockets: number;
  readonly packets: number;
  /** Messages of healthy devices before it, some hundreds. */
  readonly usual: number;
}

const giant = Buffer.concat([Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(30_000)]);
const inARow = 20;

interface Look {
  readonly rssMiB: number;
  /** What is in use after a collection; the rest is the heap's, kept for the next burst. */
  readonly heldMiB: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly accepted: Readonly<Record<string, number>>;
  readonly lines: number;
}

/** Strangers and a device gone mad, with a healthy device beside them that publishes and is acknowledged. */
export async function floodBroker({ sockets, packets, usual }: FloodRun) {
  await using broker = await startBrokerProcess();
  await using healthy = await connectDevice(`mqtt://127.0.0.1:${broker.port}`, 'xun1');
  const waits: number[] = [];
  const stop = new AbortController();
  const publishing = publishUntil(stop.signal, async () => {
    const sentAt = performance.now();
    await healthy.publish('tianliang/terminals/xun1/position', { at: now(), lat: 27.3, lon: 105.3 });
    waits.push(performance.now() - sentAt);
  });
  const goMad = async (count: number) => {
    let cutOff = 0;
    const drawn = fc.sample(mutatedPacket, count);
    for (let from = 0; from < count; from += inARow)
      if (await goesMad(broker.port, drawn.slice(from, from + inARow))) cutOff += 1;
    return cutOff;
  };
  // What it needs to run at all, and under any load, is not what the flood costs.
  await usualTraffic(`mqtt://127.0.0.1:${broker.port}`, usual);
  await strangers(broker.port, sockets / 10);
  const cutOffBefore = await goMad(packets / 10);
  const before = await broker.look();
  await strangers(broker.port, sockets);
  const cutOff = cutOffBefore + (await goMad(packets));
  stop.abort();
  await publishing;
  const { rssMiB, heldMiB, refused, accepted, lines } = await broker.look();
  return {
    connected: healthy.client.connected,
    acknowledged: waits.length,
    accepted: (accepted.position ?? 0) - usual,
    p99Ms: waits.toSorted((one, other) => one - other)[Math.floor(waits.length * 0.99)] ?? 0,
    cutOff,
    refused,
    grownMiB: rssMiB - before.rssMiB,
    heldMiB: heldMiB - before.heldMiB,
    lines,
  };
}

/**
 * V8 lets its young generation grow to 128 MiB under any load, right or wrong, and keeps it: what is resident would tell of
 * that. Not for the server itself, where a small one costs a quarter more CPU and saves nothing.
 */
const smallYoungGeneration = '--max-semi-space-size=8';

async function startBrokerProcess() {
  const script = new URL('./broker-process.ts', import.meta.url).pathname;
  const child = fork(script, { execArgv: ['--expose-gc', smallYoungGeneration] });
  const [{ port }] = await once(child, 'message');
  const look = async (): Promise<Look> => {
    const answer = once(child, 'message');
    child.send('look');
    const [seen] = await answer;
    return seen;
  };
  return { port: Number(port), look, [Symbol.asyncDispose]: () => endChild(child) };
}

/** Devices that report as they should, a hundred messages on their way at once. */
async function usualTraffic(url: string, messages: number): Promise<void> {
  const ids = ['xun3', 'xun7'];
  const report = async (id: string) => {
    await using device = await connectDevice(url, id);
    const position = () => device.publish(`tianliang/terminals/${id}/position`, { at: now(), lat: 27.3, lon: 105.3 });
    for (let sent = 0; sent < messages / ids.length; sent += 100)
      await Promise.all(Array.from({ length: 100 }, position));
  };
  await Promise.all(ids.map(report));
}

/** One after the other, some fifty a second at most. */
async function publishUntil(signal: AbortSignal, publish: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await publish();
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function strangers(port: number, count: number): Promise<void> {
  for (let from = 0; from < count; from += 100) {
    const some = Array.from({ length: Math.min(100, count - from) }, () => openSocket(port));
    const opened = await Promise.all(some);
    for (const socket of opened) socket.write(giant);
    await Promise.all(opened.map(closed));
  }
}

/** Answers whether the broker closed. A packet cut short waits for the next one: after the last, the end is said. */
async function goesMad(port: number, packets: readonly Buffer[]): Promise<boolean> {
  await using device = await loginBare(port, 'xun7');
  const { socket } = device;
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const packet of packets) if (!socket.destroyed) socket.write(packet);
  const answered = device.heard.length;
  socket.write(Buffer.from([0xc0, 0]));
  await Promise.race([gone, until('an answer', () => device.heard.length > answered, 100).catch(() => {})]);
  return socket.destroyed;
}
