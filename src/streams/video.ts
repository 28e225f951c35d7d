import { join } from 'node:path';
import type { Log } from '../shared/log.ts';
import type { Store } from '../store/store.ts';
import { CameraStreams } from './camera-streams.ts';
import { CameraTools } from './cameras/camera-tools.ts';
import { resolveOnvifSource } from './onvif/onvif-source.ts';
import type { Hear } from './recorder/recorded-cameras.ts';
import { Recorder } from './recorder/recorder.ts';
import type { RecordingConfig } from './recorder/recording-config.ts';
import type { CameraConfig } from './resolve-cameras.ts';
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

  constructor({ cameras, config, store, dataDirectory, ffmpegPath, log }: VideoOptions) {
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
      ffmpegPath,
      log,
    });
    this.tools = new CameraTools({
      cameras,
      otherSource,
      feed: (camera, take) => this.streams.feed(camera, take),
    });
    const hear = hearing(this.streams, config.recording.sound);
    this.recorder = new Recorder({
      cameras,
      config: config.recording,
      dataDirectory,
      store,
      feed: (camera, take) => this.streams.feed(camera, take),
      ...(hear && { hear }),
      transcoding: { slots: this.streams.slots, ffmpegPath },
      log: log.child({ part: 'recorder' }),
    });
  }

  /** Returns at once, cameras up or down. */
  start(): void {
    this.sources.start();
    this.streams.start();
    this.recorder.start();
  }

  /** From now on these are the cameras; whoever watches one that is as it was notices nothing. */
  async configure(cameras: readonly CameraConfig[]): Promise<void> {
    this.tools.configure(cameras);
    this.sources.configure(cameras);
    await this.streams.configure(cameras);
    await this.recorder.configure(cameras);
  }

  /** Safe to call twice; viewers are ended, no connection and no process is left. */
  async close(): Promise<void> {
    await this.recorder.close();
    await this.streams.close();
    await this.sources.close();
  }
}

/** How the recorder hears cameras; undefined when it does not. */
function hearing(streams: CameraStreams, sound: RecordingConfig['sound']): Hear | undefined {
  if (sound === 'off') return undefined;
  return sound === 'all'
    ? (camera, output) => streams.hear(camera, output)
    : (camera, output) => streams.overhear(camera, output);
}
