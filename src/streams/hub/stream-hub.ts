import { FlvMuxer } from '../flv/flv-muxer.ts';
import { type FlvSound, SoundMuxer } from '../flv/sound-muxer.ts';
import type { AudioFrame } from '../rtp/audio-frame.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import type { VideoFormat } from '../rtp/video-format.ts';
import { BitRate } from './bit-rate.ts';
import { GroupCache } from './group-cache.ts';
import { HubViewer, type ViewerEnd, type ViewerSink } from './hub-viewer.ts';

export interface VideoFacts {
  readonly format: VideoFormat;
  /** Pictures a second: what the stream says, else as measured. */
  readonly fps: number;
  /** Bits a second over the last seconds. */
  readonly bitrate: number;
}

/** A picture as it came, for decoders. `at` is when its last packet arrived. */
export interface ArrivedUnit {
  readonly unit: AccessUnit;
  readonly at: Date;
}

type OnViewerEnd = (viewer: HubViewer, reason: ViewerEnd) => void;

/** What one viewer wants. */
export interface ViewerWish {
  /** Sound too, when there is any; it is sent unless this is false. */
  readonly audio?: boolean | undefined;
}

/** One camera's pictures and sound: muxed once, kept since the last key picture, handed to everybody who watches. */
export class StreamHub {
  readonly #muxer = new FlvMuxer();
  readonly #sound = new SoundMuxer();
  readonly #group = new GroupCache();
  readonly #viewers = new Set<HubViewer>();
  readonly #listeners = new Set<HubViewer>();
  readonly #decoders = new Set<(arrived: ArrivedUnit) => void>();
  readonly #rate = new BitRate();
  /** Whether who comes now is promised sound. */
  #announces = false;
  #key: ArrivedUnit | undefined;
  /** Somebody who does not say when he is done may have pictures since the last key picture. */
  #lent = false;
  #dropped = 0;

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Those of the viewers who want sound. */
  get listeners(): number {
    return this.#listeners.size;
  }

  /** Pictures left out for viewers that were too slow, of all viewers so far. */
  get dropped(): number {
    return [...this.#viewers].reduce((sum, viewer) => sum + viewer.dropped, this.#dropped);
  }

  /** The newest key picture; undefined before the first and after `clear`. */
  get key(): ArrivedUnit | undefined {
    this.#lent = true;
    return this.#key;
  }

  get facts(): VideoFacts | undefined {
    const { format } = this.#muxer;
    if (!format) return undefined;
    const fps = format.fps ?? Math.round(10_000 / this.#muxer.intervalMs) / 10;
    return { format, fps, bitrate: this.#rate.bitsPerSecond };
  }

  /** Takes the next picture and says when that was. Throws CodecError when its parameter sets are refused. */
  publish(unit: AccessUnit): Date {
    const now = performance.now();
    const arrived = { unit, at: new Date() };
    const picture = this.#muxer.mux(unit, now);
    this.#rate.add(picture.data.length, now);
    if (unit.key) {
      this.#key = arrived;
      this.#letGroupGo();
    }
    this.#group.add(picture, unit.piece);
    for (const viewer of this.#viewers) {
      this.#begin(viewer);
      viewer.offer(picture, now);
    }
    this.#sound.follow(picture, now, unit.capturedAt);
    if (this.#listeners.size > 0) for (const tag of this.#sound.silence(picture.decodeMs)) this.#share(tag, now);
    for (const decode of this.#decoders) decode(arrived);
    return arrived.at;
  }

  /** The camera has sound (AAC, AudioSpecificConfig), or none: decides for those who come from now on. */
  announceSound(sound: { readonly config: Buffer; readonly channels: number } | undefined): void {
    if (sound) this.#sound.configure(sound.config, sound.channels);
    this.#announces = sound !== undefined;
  }

  /** Takes AAC; `arrivedMs` is when its first sample came, by `performance.now()`. */
  publishSound(frame: AudioFrame, arrivedMs: number): void {
    if (this.#listeners.size === 0) return;
    const tag = this.#sound.mux(frame, arrivedMs);
    if (tag) this.#share(tag, performance.now());
  }

  /** The camera was connected anew: its clock starts over, the viewers' goes on. */
  restart(): void {
    this.#muxer.restart();
    this.#sound.realign();
    this.#group.clear();
  }

  /** Nobody watches any more: nothing old may be shown to who comes next. */
  clear(): void {
    this.restart();
    this.announceSound(undefined);
    this.#key = undefined;
    this.#rate.clear();
  }

  /** Adds a viewer, which gets the pictures since the last key picture at once. */
  view(sink: ViewerSink, onEnd: OnViewerEnd, { audio = true }: ViewerWish = {}): HubViewer {
    const viewer = new HubViewer(sink, (ended, reason) => {
      this.#dropped += ended.dropped;
      this.#lent ||= !ended.idle;
      this.#viewers.delete(ended);
      this.#listeners.delete(ended);
      onEnd(ended, reason);
    });
    this.#viewers.add(viewer);
    if (audio) this.#listen(viewer);
    if (this.#group.items.length === 0) return viewer;
    this.#begin(viewer);
    viewer.catchUp(this.#group.items, performance.now());
    return viewer;
  }

  /** Calls `decode` with every picture until the returned function is called. */
  decode(decode: (arrived: ArrivedUnit) => void): () => void {
    this.#decoders.add(decode);
    this.#lent = true;
    return () => this.#decoders.delete(decode);
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.close('closed');
    this.clear();
  }

  /** Unless somebody may still look at it, its memory goes to pictures to come; what is not let go here the collector finds. */
  #letGroupGo(): void {
    const free = !this.#lent && [...this.#viewers].every(({ idle }) => idle);
    this.#lent = this.#decoders.size > 0;
    if (free) this.#group.letGo();
  }

  /** While nobody listens no sound is muxed: the first one hears silence in what was kept. */
  #listen(viewer: HubViewer): void {
    this.#listeners.add(viewer);
    if (this.#listeners.size > 1) return;
    this.#sound.begin(this.#group.items[0]?.picture.decodeMs);
    this.#group.resound((decodeMs) => this.#sound.silence(decodeMs));
  }

  #begin(viewer: HubViewer): void {
    if (viewer.begun) return;
    const header = this.#announces && this.#listeners.has(viewer) ? this.#sound.header : undefined;
    viewer.begin(this.#muxer.preamble(header !== undefined), header);
  }

  #share(tag: FlvSound, now: number): void {
    this.#group.addSound(tag);
    for (const viewer of this.#listeners) viewer.offerSound(tag, now);
  }
}
