import { generate } from 'mqtt-packet';
import type { TelemetryConfig } from '../../src/ingest/config.ts';
import type { Ingest } from '../../src/ingest/ingest.ts';
import { type BareDevice, loginBare } from './broker-rig.ts';
import { type InfluxKind, startInfluxBehind } from './influx-behind.ts';
import { forwarded } from './misbehaving-influx.ts';
import { scratch, startIngest, until } from './rig.ts';

export interface Duplication {
  readonly store: 'SQLite' | InfluxKind;
  readonly devices: number;
  /** Times of which each device reports two values. */
  readonly times: number;
}

export interface Duplicated {
  /** Publishes that were sent, and the distinct readings among them. */
  readonly sent: number;
  readonly distinct: number;
  readonly missing: number;
  /** Readings that are there more than once. */
  readonly doubled: number;
  /** What nobody sent. */
  readonly foreign: number;
  readonly overwritten: number;
}

/** So often each is sent, counting what is cut off before it is acknowledged. */
const copies = 10;
const perWindow = 40;
const unlimited = { messagesPerSecond: 1e6, bytesPerSecond: 1e9 };

interface Report {
  readonly at: number;
  readonly value: number;
}

/** Devices that send each reading ten times, and two values for each of their times; then it is counted (T06). */
export async function duplicate({ store, devices: many, times }: Duplication): Promise<Duplicated> {
  await using behind = store === 'SQLite' ? undefined : await startInfluxBehind(store);
  const influx = behind && { ...behind.login, url: behind.url };
  const telemetry: TelemetryConfig = {
    store: influx ? 'influx' : 'sqlite',
    retention: '90d',
    ...(influx && { influx }),
  };
  await using directory = await scratch();
  const ids = Array.from({ length: many }, (_, n) => `dup-${n}`);
  await using rig = await startIngest(directory.path, {
    telemetry,
    devices: ids.map((id) => ({ id, password: `${id}-secret`, kind: 'sensor' as const })),
    mqtt: { embedded: { host: '127.0.0.1', port: 0, limits: unlimited } },
  });
  const t0 = Date.now() - 3_600_000;
  const reports = Array.from({ length: 2 * times }, (_, n): Report => ({ at: t0 + Math.floor(n / 2), value: n + 0.5 }));
  const port = rig.ingest.address?.port ?? 0;
  const sent = await Promise.all(ids.map((id) => sendAgain({ port, id, reports })));
  if (influx) await forwarded(rig.ingest);
  const compared = { missing: 0, doubled: 0, foreign: 0 };
  for (const device of ids) compare(await readBack(rig.ingest, { device, from: t0, times }), reports, compared);
  const distinct = ids.length * reports.length;
  return {
    sent: sent.reduce((sum, one) => sum + one, 0),
    distinct,
    ...compared,
    overwritten: behind?.overwritten() ?? 0,
  };
}

interface Sending {
  readonly port: number;
  readonly id: string;
  readonly reports: readonly Report[];
}

/**
 * A window of readings is sent and the line cut before anything is read; the device comes back, sends it all once more
 * with DUP set, as §4.4 has it, and then as often again, at QoS 1 and 2, as new packets. Answers how many it sent.
 */
async function sendAgain({ port, id, reports }: Sending): Promise<number> {
  let sent = 0;
  for (let from = 0; from < reports.length; from += perWindow) {
    const window = reports.slice(from, from + perWindow);
    const packets = (dup: boolean, qos: 1 | 2) =>
      Buffer.concat(window.map((report, n) => publishPacket(report, { id, dup, qos, messageId: n + 1 })));
    const cutOff = await loginBare(port, id, { clean: false });
    cutOff.socket.end(packets(false, 1));
    await using device = await loginBare(port, id, { clean: false });
    await settle(device, packets(true, 1), { acks: window.length, cmd: 'puback' });
    for (let copy = 3; copy < copies; copy += 1)
      await settle(device, packets(copy % 2 === 0, 1), { acks: window.length, cmd: 'puback' });
    // At QoS 2 the packet that comes again is answered, and the message is not.
    await settle(device, packets(false, 2), { acks: window.length, cmd: 'pubrec' });
    await settle(device, packets(true, 2), { acks: window.length, cmd: 'pubrec' });
    await settle(device, releases(window.length), { acks: window.length, cmd: 'pubcomp' });
    sent += window.length * (copies + 1);
  }
  return sent;
}

interface Packet {
  readonly id: string;
  readonly dup: boolean;
  readonly qos: 1 | 2;
  readonly messageId: number;
}

function publishPacket({ at, value }: Report, { id, ...packet }: Packet): Buffer {
  const payload = JSON.stringify({ at: new Date(at).toISOString(), values: { visibility: value, wind: value } });
  return generate({ cmd: 'publish', topic: `tianliang/sensors/${id}/reading`, payload, retain: false, ...packet });
}

function releases(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, n) => generate({ cmd: 'pubrel', messageId: n + 1 })));
}

async function settle({ socket, heard }: BareDevice, packets: Buffer, wanted: { acks: number; cmd: string }) {
  const count = () => heard.reduce((sum, { cmd }) => sum + (cmd === wanted.cmd ? 1 : 0), 0);
  const before = count();
  socket.write(packets);
  await until(`each ${wanted.cmd}`, () => count() - before >= wanted.acks, 30_000);
}

/** As `at value`, in pieces small enough for one answer. */
async function readBack(ingest: Ingest, { device, from: t0, times }: { device: string; from: number; times: number }) {
  const rows: string[] = [];
  for (let from = t0; from < t0 + times; from += 400) {
    const to = Math.min(from + 400, t0 + times);
    for (const measurement of ['visibility', 'wind']) {
      const answer = await ingest.query({ device, measurement, from, to, limit: 1_000 });
      for (const row of answer) rows.push(`${measurement} ${row.at} ${'value' in row ? row.value : ''}`);
    }
  }
  return rows;
}

function compare(
  rows: readonly string[],
  reports: readonly Report[],
  seen: { -readonly [K in 'missing' | 'doubled' | 'foreign']: number },
) {
  const expected = new Set(reports.flatMap(({ at, value }) => [`visibility ${at} ${value}`, `wind ${at} ${value}`]));
  const found = new Set(rows);
  seen.missing += expected.difference(found).size;
  seen.foreign += found.difference(expected).size;
  seen.doubled += rows.length - found.size;
}
