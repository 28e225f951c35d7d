/** What Prometheus is told of the house besides its HTTP. */
import { Gauge, type Registry } from 'prom-client';
import type { WarningFeeds } from './alerts/cap/warning-feeds.ts';
import type { RunningDetector } from './alerts/detection/running-detector.ts';
import type { Channels } from './dispatch/channels/channels.ts';
import type { Downlink } from './dispatch/downlink/downlink.ts';
import type { UnitBoard } from './dispatch/unit-board.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { LiveHub } from './live/hub.ts';
import type { CameraStreams } from './streams/camera-streams.ts';
import type { Recorder } from './streams/recorder/recorder.ts';

interface Measured {
  readonly streams: CameraStreams;
  readonly recorder: Recorder;
  readonly units: UnitBoard;
  readonly downlink: Downlink;
  readonly ingest: Ingest;
  readonly live: LiveHub;
  readonly detector: RunningDetector;
  readonly warnings: WarningFeeds;
  readonly channels: Channels;
}

type Samples = Readonly<Record<string, number>>;

/** Read when Prometheus asks, never in between. */
export function measureHouse(registry: Registry, measured: Measured): void {
  const { streams, recorder, units, downlink, ingest, live, detector, warnings, channels } = measured;
  const gauge = (name: string, help: string, read: () => Samples | Promise<Samples>) =>
    new Gauge({
      name: `tianliang_${name}`,
      help,
      labelNames: ['of'],
      registers: [registry],
      async collect() {
        this.reset();
        for (const [of, value] of Object.entries(await read())) this.set({ of }, value);
      },
    });

  gauge('cameras', 'Cameras by phase', () => countBy(streams.list(), ({ state }) => state.phase));
  gauge('camera_faults', 'Faults of cameras that stand now, by kind', () => faultsByKind(streams));
  gauge('viewers', 'Open viewers of all cameras', () => ({
    all: streams.list().reduce((sum, { viewers }) => sum + viewers, 0),
  }));
  gauge('recordings', 'Recorded cameras by phase, and pictures that the disk could not take', () => ({
    ...countBy([...recorder.states().values()], ({ phase }) => phase),
    skipped: recorder.skipped,
  }));
  gauge(
    'transcoders',
    'Streams turned into H.264: how many, their viewers, what it adds in ms at worst, restarts',
    () => {
      const each = streams.transcoded();
      const sum = (of: 'viewers' | 'restarts') => each.reduce((total, one) => total + one[of], 0);
      const latency = Math.max(0, ...each.map(({ latencyMs = 0 }) => latencyMs));
      return { running: each.length, viewers: sum('viewers'), latency_ms: latency, restarts: sum('restarts') };
    },
  );
  gauge('units', 'Units online and offline', () => countBy(units.list(), presence));
  gauge('unit_messages', 'Messages to terminals not yet read, and receipts refused', () => downlink.counts());
  gauge('seats', 'Walls connected, and those closed for not reading or for what they sent', () => ({
    ...live.counts(),
  }));
  gauge('detector', 'Pictures detected, failed, dropped; worker restarts; blind is 1', () => detectorSamples(detector));
  gauge('warnings', 'Messages of weather warning feeds taken, ignored (tests, exercises) and refused', () => ({
    ...warnings.counts,
  }));
  measureChannels(gauge, channels);
  gauge('ingest', 'What waits on disk to be delivered, and what was given up', async () => {
    const { connected, skewed, spoolDepth, outboxDepth, deadLetters } = await ingest.counts();
    return { connected, skewed, spool: spoolDepth, outbox: outboxDepth, dead_letters: deadLetters };
  });
  gauge('messages_accepted', 'Device messages accepted, by kind', () => ingest.counters.accepted);
  gauge('messages_noted', 'Events that came with device messages, by kind', () => ingest.counters.noted);
  gauge('messages_refused', 'Device messages refused, by reason', () => ingest.counters.refused);
}

type AddGauge = (name: string, help: string, read: () => Samples | Promise<Samples>) => unknown;

function measureChannels(gauge: AddGauge, channels: Channels): void {
  gauge('channels', 'Notices told to receivers, attempts that failed, notices given up; channels that stopped', () => ({
    ...channels.counts(),
  }));
  gauge('channel_waiting', 'Alerts and incidents that wait to be told, by channel', () => channels.waiting());
  gauge('push', 'Letters to browsers sent, attempts that failed, letters given up; subscriptions that ended', () => ({
    ...channels.push?.counts(),
  }));
}

function detectorSamples({ counts, isBlind }: RunningDetector): Samples {
  return { ...counts, blind: isBlind ? 1 : 0 };
}

const presence = ({ online }: { readonly online: boolean }) => (online ? 'online' : 'offline');

function faultsByKind(streams: CameraStreams): Samples {
  const standing = streams.list().flatMap(({ faults = [] }) => faults);
  return countBy(standing, ({ kind }) => kind);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Samples {
  const counts: Record<string, number> = {};
  for (const item of items) counts[keyOf(item)] = (counts[keyOf(item)] ?? 0) + 1;
  return counts;
}
