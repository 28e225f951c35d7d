import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { type DiscoveredDevice, parseMatches, probeMessage } from './discovery-message.ts';

const group = '239.255.255.250';
const maxCandidates = 256;
/** A flood of answers with the right id must not keep the processor: beyond this the scan hears no more. */
const maxAnswers = 4_096;
/** UDP loses: the same probe goes out again (SOAP-over-UDP 1.1 §3.1.2). */
const repeatAfterMs = [0, 150, 500];

export interface DiscoveryOptions {
  /** How long answers are collected; 2 s unless told. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** 3702 unless a test plays elsewhere. */
  readonly port?: number;
}

/**
 * Asks for ONVIF devices on every IPv4 interface, loopback included, and lists at most 256, each once.
 * Nothing is connected to. Throws only the reason of `signal`; an interface that cannot multicast is passed over.
 */
export async function discoverDevices(options: DiscoveryOptions = {}): Promise<DiscoveredDevice[]> {
  const { timeoutMs = 2_000, signal = new AbortController().signal, port = 3702 } = options;
  signal.throwIfAborted();
  const scan = new Scan(port);
  const sockets = await Promise.all(localAddresses().map((address) => scan.open(address)));
  try {
    const repeats = repeatAfterMs.filter((afterMs) => afterMs < timeoutMs);
    const sending = repeats.map((afterMs) => delay(afterMs, undefined, { signal }).then(() => scan.probe()));
    await Promise.all([...sending, delay(timeoutMs, undefined, { signal })]);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    for (const socket of sockets) socket?.close();
  }
  return scan.devices;
}

function localAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
}

/** One probe on several sockets, and the devices that answered it. */
class Scan {
  readonly #port: number;
  readonly #messageId = randomUUID();
  readonly #sockets: Socket[] = [];
  readonly #byUrn = new Map<string, DiscoveredDevice>();
  readonly #xaddrs = new Set<string>();
  #answers = 0;

  constructor(port: number) {
    this.#port = port;
  }

  get devices(): DiscoveredDevice[] {
    return [...this.#byUrn.values()];
  }

  /** A socket whose multicast leaves through the interface of that address; `undefined` when it has none. */
  async open(address: string): Promise<Socket | undefined> {
    const socket = createSocket({ type: 'udp4' });
    socket.on('message', (message, { address: sender }) => this.#hear(message, sender));
    try {
      socket.bind({ address, port: 0 });
      await once(socket, 'listening');
      socket.setMulticastInterface(address);
    } catch {
      socket.close();
      return undefined;
    }
    // An interface that goes away during the scan takes its answers with it, nothing else.
    socket.on('error', () => {});
    this.#sockets.push(socket);
    return socket;
  }

  probe(): void {
    const message = Buffer.from(probeMessage(this.#messageId));
    for (const socket of this.#sockets) socket.send(message, this.#port, group, () => {});
  }

  #hear(message: Buffer, sender: string): void {
    if (this.#answers >= maxAnswers) return;
    const devices = parseMatches(message, sender, this.#messageId);
    if (message.includes(this.#messageId)) this.#answers += 1;
    for (const device of devices) this.#keep(device);
  }

  #keep(device: DiscoveredDevice): void {
    if (this.#byUrn.size >= maxCandidates || this.#byUrn.has(device.urn) || this.#xaddrs.has(device.xaddr)) return;
    this.#byUrn.set(device.urn, device);
    this.#xaddrs.add(device.xaddr);
  }
}
