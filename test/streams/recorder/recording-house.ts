import { join } from 'node:path';
import { type SimulatedRtspServer, startRtspServer } from '../../../demo/simulators/rtsp-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { CameraStreams } from '../../../src/streams/camera-streams.ts';
import { Recorder, type RecorderOptions } from '../../../src/streams/recorder/recorder.ts';
import { type CameraConfig, resolveCameras } from '../../../src/streams/resolve-cameras.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

export interface RecordingHouse extends AsyncDisposable {
  readonly server: SimulatedRtspServer;
  readonly store: Store;
  readonly streams: CameraStreams;
  readonly recorder: Recorder;
  readonly cameras: readonly CameraConfig[];
  readonly directory: string;
  /** Ends the recorder and begins another on the same disk. */
  restart(): Promise<Recorder>;
}

export interface HouseOptions {
  /** By camera id: the path of a clip. */
  readonly clips: Readonly<Record<string, string>>;
  readonly mode?: 'continuous' | 'alert';
  /** What the cameras' microphones hear; nothing unless it says. */
  readonly sound?: 'aac' | 'pcma' | 'pcmu';
  readonly options?: Partial<RecorderOptions>;
}

/** Simulated cameras, recorded onto a disk of their own. */
export async function openRecordingHouse({
  clips,
  mode = 'continuous',
  sound,
  options,
}: HouseOptions): Promise<RecordingHouse> {
  await using opened = new AsyncDisposableStack();
  const { path: directory } = opened.use(await tempDir());
  const entries = Object.entries(clips);
  const streamsOf = Object.fromEntries(entries.map(([id, clip]) => [`/${id}`, { clip, ...(sound && { sound }) }]));
  const server = opened.use(await startRtspServer({ streams: streamsOf }));
  const cameras = resolveCameras({
    cameras: entries.map(([id]) => ({ id, source: server.urlOf(`/${id}`), record: mode })),
  });
  const store = opened.use(await openStore(join(directory, 'operations.sqlite')));
  const resolveOnvif = () => Promise.reject(new Error('no ONVIF here'));
  const streams = opened.use(
    new CameraStreams({ cameras, resolveOnvif, ffmpegPath: 'ffmpeg', log: silentLog, lingerMs: 200 }),
  );
  const build = () =>
    new Recorder({
      transcoding: { slots: streams.slots, ffmpegPath: 'ffmpeg' },
      cameras,
      config: { days: 3, maxDiskPercent: 99 },
      dataDirectory: directory,
      store,
      feed: (camera, take) => streams.feed(camera, take),
      hear: (camera, output) => streams.hear(camera, output),
      log: silentLog,
      ...options,
    });
  let recorder = build();
  opened.defer(() => recorder.close());
  recorder.start();
  const left = opened.move();
  return {
    server,
    store,
    streams,
    cameras,
    directory,
    get recorder() {
      return recorder;
    },
    restart: async () => {
      await recorder.close();
      recorder = build();
      recorder.start();
      return recorder;
    },
    [Symbol.asyncDispose]: () => left.disposeAsync(),
  };
}

/** What there is of a camera from a time until now. */
export async function timelineOf(recorder: Recorder, camera: string, from: Date) {
  return (await recorder.timeline({ camera, from, to: new Date() })).items;
}
