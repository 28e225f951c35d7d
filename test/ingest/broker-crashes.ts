import mqtt from 'mqtt';
import { type MosquittoOptions, startMosquitto } from './mosquitto.ts';
import { scratch, startIngest, until } from './rig.ts';

export interface CrashRun extends MosquittoOptions {
  readonly publishers: number;
  readonly rounds: number;
  /** Readings of each publisher in each round. */
  readonly readings: number;
}

const from = 1_795_000_000_000;
/** A publisher's numbers begin here times its place. */
const span = 100_000;

/**
 * Publishers at QoS 1 that send again what was not acknowledged, while Mosquitto is stopped and killed in turn. What is
 * lost was acknowledged and is not stored in the end.
 */
export async function crashMosquitto({ publishers, rounds, readings, ...options }: CrashRun) {
  await using directory = await scratch();
  await using mosquitto = await startMosquitto(options);
  await using rig = await startIngest(directory.path, { mqtt: { url: mosquitto.url, brokerConfig: mosquitto.config } });
  const acknowledged = new Set<number>();
  const clients = await Promise.all(
    Array.from({ length: publishers }, (_, n) =>
      mqtt.connectAsync(mosquitto.url, { reconnectPeriod: 100, clean: false, clientId: `station${n}` }),
    ),
  );
  for (const client of clients) client.on('error', () => {});
  const publish = async (n: number, client: mqtt.MqttClient) => {
    const said = JSON.stringify({ at: new Date(from + n).toISOString(), values: { visibility: n % span } });
    await client.publishAsync('tianliang/sensors/ws01/reading', said, { qos: 1 });
    acknowledged.add(n);
  };
  const isConnected = () => rig.ingest.health()[0]?.status === 'ok';
  for (let round = 0; round < rounds; round += 1) {
    // What Mosquitto takes while we are away too it has alone, and saves a moment after it has acknowledged it.
    await until('connected', isConnected);
    const before = acknowledged.size;
    const burst = clients.flatMap((client, at) =>
      Array.from({ length: readings }, (_, n) => publish(at * span + round * readings + n, client)),
    );
    await until('some acknowledged', () => acknowledged.size > before + readings / 4, 30_000);
    if (round % 2 === 0) await mosquitto.down();
    else await mosquitto.kill();
    await mosquitto.up();
    await Promise.all(burst);
  }
  const missing = async () => {
    const stored = await storedNumbers(rig.ingest, publishers);
    return [...acknowledged].filter((n) => !stored.has(n));
  };
  const lost = await settled(missing);
  await Promise.all(clients.map((client) => client.endAsync(true)));
  return {
    acknowledged: acknowledged.size,
    kills: Math.floor(rounds / 2),
    stops: Math.ceil(rounds / 2),
    lost: lost.length,
  };
}

/** What is still on its way arrives; what is lost never does. */
async function settled(missing: () => Promise<number[]>): Promise<number[]> {
  for (let before = await missing(); ; ) {
    await until('more', async () => (await missing()).length < before.length, 5_000).catch(() => {});
    const now = await missing();
    if (now.length === 0 || now.length === before.length) return now;
    before = now;
  }
}

async function storedNumbers(ingest: Awaited<ReturnType<typeof startIngest>>['ingest'], publishers: number) {
  const stored = new Set<number>();
  const range = { device: 'ws01', measurement: 'visibility', to: from + publishers * span, limit: 1_000 };
  for (let next = from; ; ) {
    const rows = await ingest.query({ ...range, from: next });
    for (const { at } of rows) stored.add(at - from);
    if (rows.length < 1_000) return stored;
    next = (rows.at(-1)?.at ?? 0) + 1;
  }
}
