import { FlvMuxer, type FlvPicture } from '../flv/flv-muxer.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import type { VideoFormat } from '../rtp/video-format.ts';
import { HubViewer, type ViewerEnd, type ViewerSink } from './hub-viewer.ts';

/** Less than a viewer's queue holds, so that a new one takes the whole group and still has room for what follows. */
const maxGroupBytes = 1_536 * 1024;

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

/** One camera's pictures: muxed once, kept since the last key picture, handed to everybody who watches. */
export class StreamHub {
  readonly #muxer = new FlvMuxer();
  readonly #viewers = new Set<HubViewer>();
  readonly #decoders = new Set<(arrived: ArrivedUnit) => void>();
  readonly #rate = new BitRate();
  #group: FlvPicture[] = [];
  #groupBytes = 0;
  #key: ArrivedUnit | undefined;
  #dropped = 0;

  get viewers(): number {
    return this.#viewers.size;
  }

  /** Pictures left out for viewers that were too slow, of all viewers so far. */
  get dropped(): number {
    return [...this.#viewers].reduce((sum, viewer) => sum + viewer.dropped, this.#dropped);
  }

  /** The newest key picture; undefined before the first and after `clear`. */
  get key(): ArrivedUnit | undefined {
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
    if (unit.key) this.#key = arrived;
    this.#remember(picture);
    for (const viewer of this.#viewers) {
      this.#begin(viewer);
      viewer.offer(picture, now);
    }
    for (const decode of this.#decoders) decode(arrived);
    return arrived.at;
  }

  /** The camera was connected anew: its clock starts over, the viewers' goes on. */
  restart(): void {
    this.#muxer.restart();
    this.#group = [];
    this.#groupBytes = 0;
  }

  /** Nobody watches any more: nothing old may be shown to who comes next. */
  clear(): void {
    this.restart();
    this.#key = undefined;
    this.#rate.clear();
  }

  /** Adds a viewer, which gets the pictures since the last key picture at once. */
  view(sink: ViewerSink, onEnd: (viewer: HubViewer, reason: ViewerEnd) => void): HubViewer {
    const viewer = new HubViewer(sink, (ended, reason) => {
      this.#dropped += ended.dropped;
      this.#viewers.delete(ended);
      onEnd(ended, reason);
    });
    this.#viewers.add(viewer);
    const now = performance.now();
    if (this.#group.length > 0) this.#begin(viewer);
    for (const picture of this.#group) viewer.offer(picture, now);
    return viewer;
  }

  /** Calls `decode` with every picture until the returned function is called. */
  decode(decode: (arrived: ArrivedUnit) => void): () => void {
    this.#decoders.add(decode);
    return () => this.#decoders.delete(decode);
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.close('closed');
    this.clear();
  }

  #begin(viewer: HubViewer): void {
    if (!viewer.begun) viewer.begin(this.#muxer.preamble());
  }

  #remember(picture: FlvPicture): void {
    if (picture.key) {
      this.#group = [];
      this.#groupBytes = 0;
    } else if (this.#group.length === 0) return;
    this.#groupBytes += picture.data.length;
    if (this.#groupBytes > maxGroupBytes) this.#group = [];
    else this.#group.push(picture);
  }
}

const rateWindowMs = 2_000;

class BitRate {
  #since: number | undefined;
  #bytes = 0;
  bitsPerSecond = 0;

  add(bytes: number, now: number): void {
    this.#since ??= now;
    this.#bytes += bytes;
    const elapsed = now - this.#since;
    if (elapsed < rateWindowMs) return;
    this.bitsPerSecond = Math.round((this.#bytes * 8_000) / elapsed);
    this.#since = now;
    this.#bytes = 0;
  }

  clear(): void {
    this.#since = undefined;
    this.#bytes = 0;
    this.bitsPerSecond = 0;
  }
}
