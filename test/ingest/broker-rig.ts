import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { generate, parser } from 'mqtt-packet';
import { DeviceBroker, type DeviceBrokerOptions } from '../../src/ingest/broker/device-broker.ts';
import type { Inbound } from '../../src/ingest/inbound.ts';
import { Intake } from '../../src/ingest/intake.ts';
import { IntakeCounters } from '../../src/ingest/intake-counters.ts';
import { Vocabulary } from '../../src/ingest/vocabulary.ts';
import type { Log } from '../../src/shared/log.ts';
import { sensors, terminals } from './rig.ts';

export const devices = [...terminals, ...sensors];

export interface Line {
  readonly facts: Record<string, unknown>;
  readonly message: string;
}

/** The broker alone on a port of its own, in front of an intake without a disk. */
export async function startBroker(options: Partial<DeviceBrokerOptions> = {}) {
  const counters = new IntakeCounters();
  const taken: Inbound[] = [];
  const lines: Line[] = [];
  const vocabulary = new Vocabulary({ devices: options.devices ?? devices });
  const intake = new Intake({ vocabulary: () => vocabulary, append: async () => {}, counters });
  const broker = new DeviceBroker({
    host: '127.0.0.1',
    port: 0,
    devices,
    accept: async (inbound) => {
      taken.push(inbound);
      return intake.accept(inbound);
    },
    refused: (reason) => counters.refuse(reason),
    mayPublish: (device, topic) => vocabulary.mayPublish(device, topic),
    isCall: (topic) => vocabulary.isCall(topic),
    log: listening(lines),
    ...options,
  });
  await broker.start();
  const { port } = broker.address;
  return {
    broker,
    counters,
    taken,
    /** What the log was warned of. */
    lines,
    port,
    url: `mqtt://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => broker.close(),
  };
}

function listening(lines: Line[]): Log {
  const log: Log = {
    debug() {},
    info() {},
    warn: (facts, message) => void lines.push({ facts: { ...facts }, message }),
    error() {},
    child: () => log,
  };
  return log;
}

/** A bare socket, so that anything at all can be sent. */
export async function openSocket(port: number): Promise<Socket & AsyncDisposable> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return Object.assign(socket, { [Symbol.asyncDispose]: async () => void socket.destroy() });
}

/** Also of one that ends with a reset, or has something to read still. */
export function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve();
  socket.resume();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

export interface BareDevice extends AsyncDisposable {
  readonly socket: Socket;
  /** What the broker said after CONNACK. */
  readonly heard: { readonly cmd: string; readonly payload?: unknown; readonly messageId?: number | undefined }[];
}

/** Logged in over a bare socket: it reads, or does not read, as the test wants. */
export async function loginBare(
  port: number,
  id: string,
  { clean = true, clientId = id, keepalive = 0 } = {},
): Promise<BareDevice> {
  const socket = await openSocket(port);
  const heard: BareDevice['heard'] = [];
  const welcome = Promise.withResolvers<void>();
  const packets = parser();
  packets.on('packet', (packet) => {
    if (packet.cmd === 'connack') welcome.resolve();
    else heard.push(packet);
  });
  socket.on('data', (chunk: Buffer) => packets.parse(chunk));
  socket.once('close', () => welcome.reject(new Error('refused')));
  const password = Buffer.from(`${id}-secret`);
  const version = { protocolId: 'MQTT', protocolVersion: 4 } as const;
  socket.write(generate({ cmd: 'connect', ...version, clean, clientId, username: id, password, keepalive }));
  await welcome.promise;
  return { socket, heard, [Symbol.asyncDispose]: async () => void socket.destroy() };
}
