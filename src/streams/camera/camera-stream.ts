import { EventEmitter } from 'node:events';
import type { Log } from '../../shared/log.ts';
import { CameraSound, type SoundOutput } from '../audio/camera-sound.ts';
import { SoundShare } from '../audio/sound-share.ts';
import type { StatusFacts } from '../cameras/camera-status.ts';
import { HubViewer, type ViewerEnd, type ViewerSink } from '../hub/hub-viewer.ts';
import { type ArrivedUnit, StreamHub, type ViewerWish } from '../hub/stream-hub.ts';
import { type Codec, toAnnexB } from '../rtp/nal.ts';
import { CameraRelay, type RunSession } from './camera-relay.ts';
import type { DialGate } from './dial-gate.ts';
import type { RelayState } from './relay-state.ts';

export interface CameraStreamOptions {
  readonly runSession: RunSession;
  readonly gate: DialGate;
  readonly ffmpegPath: string;
  /** Says which camera and which of its streams. */
  readonly log: Log;
  /** How long the connection stays after the last one who wanted it, milliseconds. */
  readonly lingerMs?: number;
}

interface CameraStreamEvents {
  changed: [];
  /** What it shows is live no more: its last key picture. */
  dark: [ArrivedUnit];
}

const noConfig = Buffer.alloc(0);
const usualLingerMs = 10_000;

/** One stream of one camera: a relay that feeds a hub while somebody wants pictures, and 10 s longer. */
export class CameraStream extends EventEmitter<CameraStreamEvents> {
  readonly #relay: CameraRelay;
  readonly #hub = new StreamHub();
  readonly #sound: CameraSound;
  readonly #share = new SoundShare();
  readonly #log: Log;
  readonly #lingerMs: number;
  #holders = 0;
  #hearers = 0;
  #linger: NodeJS.Timeout | undefined;
  #lastFrameAt: Date | undefined;
  #knownCodec: Codec | undefined;
  #wasLive = false;

  constructor({ runSession, gate, ffmpegPath, log, lingerMs = usualLingerMs }: CameraStreamOptions) {
    super();
    this.#log = log;
    this.#lingerMs = lingerMs;
    this.#relay = new CameraRelay({ runSession, gate, log: this.#log });
    this.#share.add(this.#hub);
    this.#sound = new CameraSound({ output: this.#share, ffmpegPath, log });
    this.#relay.on('playing', () => this.#restart());
    this.#relay.on('soundOffer', (offer) => this.#sound.offer(offer));
    this.#relay.on('sound', (frame) => this.#sound.take(frame));
    this.#relay.on('picture', (unit, isNew) => {
      this.#knownCodec = unit.codec;
      const at = this.#hub.publish(unit);
      if (isNew) this.#lastFrameAt = at;
    });
    this.#relay.on('state', (state) => {
      const facts = { phase: state.phase, ...('cause' in state && { cause: state.cause, reason: state.message }) };
      this.#log.info(facts, 'camera state');
      if (this.#wasLive && !this.live && this.key) this.emit('dark', this.key);
      this.#wasLive = this.live;
      this.emit('changed');
    });
  }

  /** How it stands; `viewers` counts those of the encoder's own stream. */
  get facts(): StatusFacts {
    const { state } = this.#relay;
    const video = state.phase === 'idle' ? undefined : this.#hub.facts;
    const sound = state.phase === 'idle' ? undefined : this.#sound.facts;
    return { state, lastFrameAt: this.#lastFrameAt, video, sound, viewers: this.#hub.viewers };
  }

  /** The newest key picture of the running connection. */
  get key(): ArrivedUnit | undefined {
    return this.#hub.key;
  }

  get phase(): RelayState['phase'] {
    return this.#relay.state.phase;
  }

  /** Whether what is shown is live right now. */
  get live(): boolean {
    return this.phase === 'live';
  }

  /** What the stream was coded in when it was last seen; undefined before the first picture. */
  get knownCodec(): Codec | undefined {
    return this.#knownCodec;
  }

  get dropped(): number {
    return this.#hub.dropped;
  }

  /** Keeps the camera connected until the returned function is called. */
  hold(): () => void {
    this.#holders += 1;
    clearTimeout(this.#linger);
    this.#linger = undefined;
    this.#relay.open();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holders -= 1;
      if (this.#holders === 0) this.#linger = setTimeout(() => this.#rest(), this.#lingerMs);
    };
  }

  view(sink: ViewerSink, onEnd: (viewer: HubViewer, reason: ViewerEnd) => void, wish?: ViewerWish): HubViewer {
    const release = this.hold();
    const left = (ended: HubViewer, reason: ViewerEnd) => {
      release();
      this.#tellListened();
      this.emit('changed');
      onEnd(ended, reason);
    };
    const viewer = this.#hub.view(sink, left, wish);
    this.#tellListened();
    this.emit('changed');
    return viewer;
  }

  /** A viewer that takes the bare pictures of the encoder (annex B) instead of FLV, from the next key picture on. */
  viewElementary(sink: ViewerSink, onEnd: (viewer: HubViewer, reason: ViewerEnd) => void): HubViewer {
    const viewer = new HubViewer(sink, (ended, reason) => {
      stop();
      onEnd(ended, reason);
    });
    const stop = this.feed(({ unit }) => {
      const picture = { data: toAnnexB(unit), key: unit.key, decodeMs: 0, config: noConfig };
      viewer.offer(picture, performance.now());
    });
    return viewer;
  }

  /** The codec of the stream; connects for it when needed. Undefined when the camera shows nothing in time. */
  async codec(timeoutMs: number): Promise<Codec | undefined> {
    if (this.live && this.key) return this.key.unit.codec;
    const { promise, resolve } = Promise.withResolvers<Codec | undefined>();
    const timer = setTimeout(() => resolve(undefined), timeoutMs);
    const stop = this.feed(({ unit }) => resolve(unit.codec));
    return await promise.finally(() => {
      clearTimeout(timer);
      stop();
    });
  }

  /** Calls `take` with every picture until the returned function is called; keeps the camera connected so long. */
  feed(take: (arrived: ArrivedUnit) => void): () => void {
    const release = this.hold();
    const stop = this.#hub.decode(take);
    return () => {
      stop();
      release();
    };
  }

  /** Gives the stream's sound, as AAC, to `output` until the returned function is called. Does not connect the camera. */
  hear(output: SoundOutput): () => void {
    const stop = this.#share.add(output);
    this.#hearers += 1;
    this.#tellListened();
    let hears = true;
    return () => {
      if (!hears) return;
      hears = false;
      stop();
      this.#hearers -= 1;
      this.#tellListened();
    };
  }

  /** The same without being a listener: what has to be transcoded first comes only while others listen. */
  overhear(output: SoundOutput): () => void {
    return this.#share.add(output);
  }

  /** Connects anew when it is connected or tries to be; whoever watches stays. */
  redial(): void {
    this.#relay.redial();
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    this.#hub.close();
    clearTimeout(this.#linger);
    await Promise.all([this.#relay.close(), this.#sound.close()]);
  }

  #tellListened(): void {
    this.#sound.listened(this.#hub.listeners + this.#hearers > 0);
  }

  #restart(): void {
    this.#hub.restart();
    this.#sound.offer(undefined);
  }

  #rest(): void {
    void this.#relay.rest().then(() => {
      if (this.#holders === 0) this.#hub.clear();
    });
  }
}
