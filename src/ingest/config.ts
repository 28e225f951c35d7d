import { type Static, Type } from 'typebox';
import { WrittenPoint } from '../gis/datum.ts';
import type { DecoderConfig, DialectName } from './decoders/decoder-config.ts';
import { decoderIssues } from './decoders/decoder-issues.ts';
import { type Jt808Config, Jt808Terminal, phoneIssues } from './jt808/config.ts';

const idPattern = '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$';

const DeviceId = Type.String({
  pattern: idPattern,
  description: 'letters, digits, "_", "." and "-", at most 64: it is a level of a topic',
});

const Duration = Type.String({
  pattern: '^[1-9][0-9]{0,4}[smhd]$',
  description: 'a duration like 90d, 12h, 30m or 60s',
});

const HttpUrl = Type.String({ pattern: '^https?://[^@\\s]+$', description: 'an http(s) URL without credentials' });
const Secret = Type.String({ minLength: 1 });

const port = { minimum: 0, maximum: 65_535 } as const;
const Path = Type.String({ minLength: 1, description: 'a path of a PEM file' });

export const BrokerTlsConfig = Type.Object(
  {
    cert: Path,
    key: Path,
    port: Type.Optional(Type.Integer({ ...port, description: 'a port; without one 8883' })),
    ca: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'a PEM file: devices must show a certificate of this authority whose common name is their id',
      }),
    ),
    crl: Type.Optional(
      Type.String({ minLength: 1, description: 'a PEM file: the certificates the authority has taken back' }),
    ),
  },
  { additionalProperties: false },
);

/** For each device, over all its connections; an SOS is never held back. */
export const DeviceRateConfig = Type.Object(
  {
    messagesPerSecond: Type.Optional(Type.Number({ minimum: 0.1, description: 'without it 50' })),
    bytesPerSecond: Type.Optional(Type.Integer({ minimum: 256, description: 'without it 262144' })),
    burstSeconds: Type.Optional(
      Type.Number({ minimum: 1, maximum: 3_600, description: 'seconds of its rate said at once; without it 10' }),
    ),
  },
  { additionalProperties: false },
);

export const EmbeddedBrokerConfig = Type.Object(
  {
    host: Type.String({ default: '127.0.0.1', minLength: 1 }),
    port: Type.Integer({ ...port, default: 1883 }),
    plain: Type.Optional(
      Type.Boolean({ description: 'false: only the port of tls is opened, and `port` is not used; without it true' }),
    ),
    tls: Type.Optional(BrokerTlsConfig),
    limits: Type.Optional(DeviceRateConfig),
  },
  { additionalProperties: false },
);

export const ExternalBrokerConfig = Type.Object(
  {
    url: Type.String({
      pattern: '^(mqtt|mqtts|ws|wss)://[^@\\s]+$',
      description: 'a mqtt://, mqtts://, ws:// or wss:// URL without credentials',
    }),
    username: Type.Optional(Type.String()),
    password: Type.Optional(Secret),
    /** Names our session on the broker: one for each command center on it. */
    clientId: Type.Optional(DeviceId),
    group: Type.Optional(
      Type.String({
        pattern: idPattern,
        description: 'a name: servers of the same group share the messages; those on one machine need a clientId each',
      }),
    ),
    brokerConfig: Type.Optional(
      Type.String({ minLength: 1, description: "the path of Mosquitto's configuration, to see whether it is safe" }),
    ),
    durable: Type.Optional(
      Type.Boolean({ description: 'true: your word that the broker keeps through a crash what it acknowledged' }),
    ),
  },
  { additionalProperties: false },
);

/** `mqtt:` is either `embedded:` or the `url:` of a broker. */
export const MqttConfig = Type.Object(
  {
    embedded: Type.Optional(EmbeddedBrokerConfig),
    ...ExternalBrokerConfig.properties,
    url: Type.Optional(ExternalBrokerConfig.properties.url),
    /** Hears everything on the broker, so that unknown topics can be looked at. */
    explore: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false, default: {} },
);

export const DeviceConfig = Type.Object(
  {
    id: DeviceId,
    password: Secret,
    /** What it is called in topics of decoders and dialects, where that is not its id. */
    topicName: Type.Optional(
      Type.String({ pattern: '^[^/+#\\s]{1,128}$', description: 'one level of a topic, without /, + and #' }),
    ),
    kind: Type.Enum(['terminal', 'sensor']),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    position: Type.Optional(WrittenPoint),
    road: Type.Optional(
      Type.Object(
        {
          id: Type.String({ minLength: 1, maxLength: 64 }),
          stake: Type.String({ pattern: '^K\\d{1,5}\\+\\d{1,3}$', description: 'a stake mark like K1432+300' }),
        },
        { additionalProperties: false },
      ),
    ),
    area: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    jt808: Type.Optional(Jt808Terminal),
    interval: Type.Optional(
      Type.String({
        ...Duration,
        description: 'how often it reports, like 30s; it counts as lost after three of them',
      }),
    ),
  },
  { additionalProperties: false },
);

export const InfluxConfig = Type.Object(
  {
    url: HttpUrl,
    token: Type.Optional(Secret),
    org: Type.Optional(Type.String({ minLength: 1 })),
    bucket: Type.Optional(Type.String({ minLength: 1, description: 'the bucket (InfluxDB 2.x)' })),
    database: Type.Optional(Type.String({ minLength: 1, description: 'the database (InfluxDB 1.x)' })),
    username: Type.Optional(Type.String()),
    password: Type.Optional(Secret),
  },
  { additionalProperties: false },
);

export const TelemetryConfig = Type.Object(
  {
    store: Type.Enum(['sqlite', 'influx'], { default: 'sqlite' }),
    influx: Type.Optional(InfluxConfig),
    retention: Type.String({ ...Duration, default: '90d' }),
  },
  { additionalProperties: false, default: {} },
);

export const DevicesConfig = Type.Array(DeviceConfig, { default: [] });

export type BrokerTlsConfig = Readonly<Static<typeof BrokerTlsConfig>>;
export type EmbeddedBrokerConfig = Readonly<Static<typeof EmbeddedBrokerConfig>>;
export type ExternalBrokerConfig = Readonly<Static<typeof ExternalBrokerConfig>>;
export type MqttConfig = Readonly<Static<typeof MqttConfig>>;
export type DeviceConfig = Readonly<Static<typeof DeviceConfig>>;
export type InfluxConfig = Readonly<Static<typeof InfluxConfig>>;
export type TelemetryConfig = Readonly<Static<typeof TelemetryConfig>>;

/** What a schema cannot say, as (path, message) pairs for the reader of the file. */
export interface IngestIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The ingest part of `tianliang.yaml`. */
export interface IngestConfig {
  readonly mqtt: MqttConfig;
  readonly devices: readonly DeviceConfig[];
  readonly telemetry: TelemetryConfig;
  readonly decoders?: readonly DecoderConfig[];
  readonly dialects?: readonly DialectName[];
  readonly jt808?: Jt808Config;
}

/** Duplicate devices and numbers, two brokers at once, a store without its address. */
export function ingestIssues({ mqtt, devices, telemetry, decoders = [] }: IngestConfig): IngestIssue[] {
  const first = new Map<string, number>();
  const duplicates = devices.flatMap(({ id }, index) => {
    if (!first.has(id)) first.set(id, index);
    const earlier = first.get(id);
    if (earlier === index) return [];
    return [{ path: ['devices', index, 'id'], message: `is the id of devices[${earlier}] already` }];
  });
  const understood = [...topicNameIssues(devices), ...phoneIssues(devices), ...decoderIssues(decoders, devices)];
  return [...duplicates, ...understood, ...mqttIssues(mqtt), ...influxIssues(telemetry)];
}

/** A name on the wire leads to one device. */
function topicNameIssues(devices: readonly DeviceConfig[]): IngestIssue[] {
  const owners = new Map(devices.map(({ id }, index) => [id, index]));
  return devices.flatMap(({ topicName }, index) => {
    const owner = topicName === undefined ? index : (owners.get(topicName) ?? index);
    if (topicName !== undefined && owner === index) owners.set(topicName, index);
    if (owner === index) return [];
    return [{ path: ['devices', index, 'topicName'], message: `is a name of devices[${owner}] already` }];
  });
}

function mqttIssues({ embedded, url, ...external }: MqttConfig): IngestIssue[] {
  if (external.explore && !url)
    return [{ path: ['mqtt', 'explore'], message: 'expected with url only: an embedded broker hides nothing' }];
  if (embedded && url) return [{ path: ['mqtt', 'url'], message: 'expected either embedded or url, not both' }];
  const [only] = Object.keys(external);
  if (!url && only !== undefined)
    return [{ path: ['mqtt', only], message: 'expected only beside the url of a broker' }];
  return embedded ? embeddedIssues(embedded) : [];
}

function embeddedIssues({ plain = true, tls }: EmbeddedBrokerConfig): IngestIssue[] {
  const path = ['mqtt', 'embedded', 'plain'];
  if (!plain && !tls) return [{ path, message: 'expected tls beside it, or nobody could connect' }];
  if (plain && tls?.ca) return [{ path, message: 'expected false: who comes in plain shows no certificate of tls.ca' }];
  if (tls?.crl && !tls.ca)
    return [{ path: ['mqtt', 'embedded', 'tls', 'ca'], message: 'missing; expected whose crl it is' }];
  return [];
}

function influxIssues({ store, influx }: TelemetryConfig): IngestIssue[] {
  if (store !== 'influx') return [];
  if (!influx) return [{ path: ['telemetry', 'influx'], message: 'missing; expected where InfluxDB is' }];
  if (influx.database || (influx.bucket && influx.org)) return [];
  return [{ path: ['telemetry', 'influx'], message: 'expected org and bucket (2.x), or database (1.x)' }];
}
