import { once } from 'node:events';
import { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AckReader, connectFrame, publishFrames } from '../../../bench/ingest/mqtt-frames.ts';
import { answerEach, programOptions, say } from '../../../bench/program.ts';
import { reportOf } from './county-report.ts';
import { type CountySize, idsOf } from './county-site.ts';

export interface CountyDevicesOptions extends CountySize {
  readonly port: number;
}

/** What the devices did since they were last asked. */
export interface CountyDevicesSeen {
  readonly ackMs: readonly number[];
  /** Once it is stopped and all is acknowledged: how many reports each device had acknowledged, by its number. */
  readonly acked?: readonly number[];
}

export interface CountyQuestion {
  readonly seconds: number;
  readonly stop?: true;
}

/** All come from one address, which may have 512 connections that have shown no password yet. */
const atOnce = 100;
const tickMs = 10;
/** The first terminal speaks as often as this in a second, so that there is something to leave out. */
const fastPerSecond = 10;

class CountyDevice {
  readonly ackMs: number[] = [];
  readonly #id: string;
  readonly #index: number;
  readonly #socket = new Socket();
  readonly #port: number;
  readonly #acks = new AckReader();
  readonly #sentAt = new Map<number, number>();
  readonly #letIn = Promise.withResolvers<void>();
  sent = 0;
  acked = 0;

  constructor(id: string, index: number, port: number) {
    this.#id = id;
    this.#index = index;
    this.#port = port;
  }

  async connect(): Promise<void> {
    this.#socket.on('data', (chunk: Buffer) => this.#heard(chunk));
    const cutOff = () => {
      throw new Error(`${this.#id} was cut off`);
    };
    this.#socket.on('error', cutOff).on('close', cutOff);
    this.#socket.setNoDelay().connect(this.#port, '127.0.0.1');
    await once(this.#socket, 'connect');
    this.#socket.write(connectFrame(this.#id, { password: `${this.#id}-secret`, clean: true }));
    await this.#letIn.promise;
  }

  /** As many as are due `seconds` after the start, each device at a moment of its own. */
  report(seconds: number, phase: number): void {
    const perSecond = this.#index === 0 ? fastPerSecond : 1;
    for (const due = (seconds - phase) * perSecond; this.sent < due; ) this.#send();
  }

  #send(): void {
    this.sent += 1;
    const messageId = (this.sent % 65_535) + 1;
    this.#sentAt.set(messageId, performance.now());
    const { topic, payload } = reportOf(this.#id, this.#index, this.sent);
    const message = { id: messageId, payload: JSON.stringify(payload) };
    this.#socket.write(publishFrames(Buffer.from(topic), [message]));
  }

  #heard(chunk: Buffer): void {
    const now = performance.now();
    for (const messageId of this.#acks.read(chunk)) {
      if (messageId === 0) this.#letIn.resolve();
      else this.#ack(messageId, now);
    }
  }

  #ack(messageId: number, now: number): void {
    this.acked += 1;
    this.ackMs.push(now - (this.#sentAt.get(messageId) ?? now));
    this.#sentAt.delete(messageId);
  }
}

/* The devices of a county in one process. Says `{}` once all are let in; reports go on between the questions. */
const { port, ...size } = programOptions<CountyDevicesOptions>();
const devices = idsOf(size).map((id, index) => new CountyDevice(id, index, port));
for (let from = 0; from < devices.length; from += atOnce)
  await Promise.all(devices.slice(from, from + atOnce).map((device) => device.connect()));
const startedAt = performance.now();
const ticking = setInterval(() => {
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const [index, device] of devices.entries()) device.report(seconds, index / devices.length);
}, tickMs);
say({});
await answerEach(async ({ seconds, stop }: CountyQuestion): Promise<CountyDevicesSeen> => {
  await delay(seconds * 1_000);
  if (stop) clearInterval(ticking);
  for (let waited = 0; stop && waited < 300 && devices.some(({ sent, acked }) => acked < sent); waited += 1)
    await delay(100);
  const ackMs = devices.flatMap((device) => device.ackMs.splice(0));
  return { ackMs, ...(stop && { acked: devices.map(({ acked }) => acked) }) };
});
