import { join } from 'node:path';
import { ErrorTally } from '../shared/error-tally.ts';
import type { Log } from '../shared/log.ts';
import type { Store } from '../store/store.ts';
import { CameraStreams } from './camera-streams.ts';
import { CameraTools } from './cameras/camera-tools.ts';
import { askOnvifClock } from './onvif/onvif-clock.ts';
import { resolveOnvifSource } from './onvif/onvif-source.ts';
import type { Hear } from './recorder/recorded-cameras.ts';
import { Recorder } from './recorder/recorder.ts';
import type { RecordingConfig } from './recorder/recording-config.ts';
import type { CameraConfig } from './resolve-cameras.ts';
import { SelfTest } from './self-test/self-test.ts';
import { TestBeat } from './self-test/test-beat.ts';
import { OtherSources } from './sources/other-sources.ts';
import type { VideoConfig } from './video-config.ts';
import type { WebrtcConfig } from './whep/webrtc-config.ts';

export interface VideoOptions {
  readonly cameras: readonly CameraConfig[];
  readonly config: VideoConfig;
  readonly store: Store;
  /** Recordings and last pictures are below it. */
  readonly dataDirectory: string;
  readonly ffmpegPath: string;
  readonly log: Log;
}

/** The slice on one page: all that cameras show, and who makes it. */
export class Video {
  readonly streams: CameraStreams;
  readonly tools: CameraTools;
  readonly recorder: Recorder;
  readonly sources: OtherSources;
  readonly webrtc: WebrtcConfig;
  readonly selfTest: SelfTest;
  readonly #beat: TestBeat;
  readonly #unseen: ErrorTally;

  constructor(options: VideoOptions) {
    const { cameras, config, dataDirectory, ffmpegPath, log } = options;
    this.webrtc = config.webrtc;
    const { rtmp, sources, transcoders, decoding } = config;
    this.sources = new OtherSources({ cameras, rtmp, sources, ffmpegPath, log: log.child({ part: 'sources' }) });
    const otherSource = (camera: CameraConfig) => this.sources.sessionOf(camera);
    this.streams = new CameraStreams({
      cameras,
      resolveOnvif: resolveOnvifSource,
      otherSource,
      transcoders,
      decoding,
      pictureDirectory: join(dataDirectory, 'pictures'),
      sight: (camera) => this.selfTest.sight(camera),
      ffmpegPath,
      log,
    });
    this.tools = new CameraTools({
      cameras,
      otherSource,
      feed: (camera, take) => this.streams.feed(camera, take),
      onTurn: (camera) => this.selfTest.turned(camera),
    });
    this.selfTest = new SelfTest({
      cameras,
      config: config.selfTest,
      directory: join(dataDirectory, 'scenes'),
      streamClock: (camera) => this.streams.clockOffset(camera),
      log: log.child({ part: 'self-test' }),
    });
    this.#beat = beatOf(this.streams, this.selfTest, config);
    this.#unseen = joinSelfTest(this.streams, this.selfTest, log);
    this.recorder = recorderOf(options, this.streams);
  }

  /** Returns at once, cameras up or down. */
  start(): void {
    this.sources.start();
    this.streams.start();
    this.recorder.start();
    this.selfTest.start();
    this.#beat.start();
  }

  /** From now on these are the cameras; whoever watches one that is as it was notices nothing. */
  async configure(cameras: readonly CameraConfig[]): Promise<void> {
    this.tools.configure(cameras);
    this.sources.configure(cameras);
    this.selfTest.configure(cameras);
    await this.streams.configure(cameras);
    await this.recorder.configure(cameras);
  }

  /** Safe to call twice; viewers are ended, no connection and no process is left. */
  async close(): Promise<void> {
    await this.#beat.close();
    await this.recorder.close();
    await this.streams.close();
    await this.sources.close();
    await this.selfTest.close();
    this.#unseen.close();
  }
}

function beatOf(streams: CameraStreams, test: SelfTest, config: VideoConfig): TestBeat {
  return new TestBeat({
    config: config.selfTest,
    test,
    lookable: (idle) => streams.lookable(idle),
    look: (camera) => streams.snapshot(camera),
    clocks: () => streams.configs().filter(({ source }) => source.startsWith('onvif:')),
    askClock: askOnvifClock,
  });
}

/** Whatever is decoded is looked at; answers what counts the pictures that could not be. */
function joinSelfTest(streams: CameraStreams, test: SelfTest, log: Log): ErrorTally {
  const unseen = new ErrorTally((count, err) => log.warn({ count, err }, 'pictures not looked at'));
  streams.on('frame', (frame) => test.frame(frame));
  streams.on('still', (still) => void test.still(still).catch((error) => unseen.add(error)));
  streams.on('state', (camera) => test.state(camera));
  test.on('changed', (camera) => streams.retell(camera));
  return unseen;
}

function recorderOf({ cameras, config, dataDirectory, store, ffmpegPath, log }: VideoOptions, streams: CameraStreams) {
  const hear = hearing(streams, config.recording.sound);
  return new Recorder({
    cameras,
    config: config.recording,
    dataDirectory,
    store,
    feed: (camera, take) => streams.feed(camera, take),
    ...(hear && { hear }),
    transcoding: { slots: streams.slots, ffmpegPath },
    log: log.child({ part: 'recorder' }),
  });
}

/** How the recorder hears cameras; undefined when it does not. */
function hearing(streams: CameraStreams, sound: RecordingConfig['sound']): Hear | undefined {
  if (sound === 'off') return undefined;
  return sound === 'all'
    ? (camera, output) => streams.hear(camera, output)
    : (camera, output) => streams.overhear(camera, output);
}
