import { type Clip, clockRate } from './mp4-clip.ts';
import { type PacketizedFrame, packetize } from './rtp-packetizer.ts';

/** A picture as it goes on the air; ticks rise for ever, over every turn of the loop. */
export interface AiredFrame {
  readonly packets: PacketizedFrame;
  readonly key: boolean;
  readonly ticks: number;
}

/** A picture of the clip, packetized once for all its viewers and turns. */
export type LoopFrame = Omit<AiredFrame, 'ticks'>;

export interface LoopOptions {
  /** Pads with filler NAL units up to this rate, in bits a second; a clip that is richer stays as it is. */
  readonly bitrate?: number;
  /** SPS and PPS in front of each key frame. Cameras differ; both must work. */
  readonly inBand: boolean;
  /** RTP packets with padding and a header extension. */
  readonly padded?: boolean;
}

type Listener = (frame: AiredFrame) => void;

/** Told of each picture as it goes on the air: its place in the clip. */
export type OnPicture = (index: number) => void;

/** Plays a clip round and round by the clock, to whoever listens: every viewer sees the same moment. */
export class ClipLoop {
  readonly clip: Clip;
  readonly #frames: readonly LoopFrame[];
  readonly #epochMs: number;
  readonly #onPicture: OnPicture | undefined;
  readonly #listeners = new Set<Listener>();
  #timer: NodeJS.Timeout | undefined;
  /** Counts pictures over all turns. */
  #next = 0;
  #frozen: AiredFrame | undefined;
  #lastKey: AiredFrame | undefined;

  constructor(clip: Clip, frames: readonly LoopFrame[], onPicture?: OnPicture) {
    this.clip = clip;
    this.#frames = frames;
    this.#onPicture = onPicture;
    this.#epochMs = performance.now();
  }

  /** Since its first picture was shown, whether anybody looked or not. */
  get playedMs(): number {
    return performance.now() - this.#epochMs;
  }

  /** Ticks of the key frame a new client will start with. */
  get nextKeyTicks(): number {
    let index = this.#indexNow();
    while (!this.#frames[index % this.#frames.length]?.key) index += 1;
    return this.#ticksOf(index);
  }

  play(listener: Listener): void {
    this.#listeners.add(listener);
    if (this.#timer !== undefined) return;
    this.#next = this.#indexNow();
    this.#schedule();
  }

  stop(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** From now on the last key frame comes again and again, with rising timestamps: a frozen encoder. */
  freeze(): void {
    this.#frozen = this.#lastKey ?? this.#aired(0);
  }

  thaw(): void {
    this.#frozen = undefined;
  }

  #schedule(): void {
    const delayMs = this.#dueMs(this.#next) - performance.now();
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, delayMs));
  }

  #tick(): void {
    const now = performance.now();
    // A machine that slept does not owe the viewers an hour of pictures.
    if (now - this.#dueMs(this.#next) > 2_000) this.#next = this.#indexNow();
    while (this.#dueMs(this.#next) <= now) {
      this.#onPicture?.(this.#next % this.#frames.length);
      this.#air(this.#aired(this.#next));
      this.#next += 1;
    }
    if (this.#listeners.size > 0) this.#schedule();
  }

  #air(frame: AiredFrame): void {
    if (frame.key) this.#lastKey = frame;
    const shown = this.#frozen ? { ...this.#frozen, ticks: frame.ticks } : frame;
    for (const listener of this.#listeners) listener(shown);
  }

  #aired(index: number): AiredFrame {
    const frame = this.#frames[index % this.#frames.length];
    if (!frame) throw new Error('a clip has at least one frame');
    return { ...frame, ticks: this.#ticksOf(index) };
  }

  #ticksOf(index: number): number {
    const { frames, durationTicks } = this.clip;
    const turn = Math.floor(index / frames.length);
    return turn * durationTicks + (frames[index % frames.length]?.presentationTicks ?? 0);
  }

  #dueMs(index: number): number {
    const { frames, durationTicks } = this.clip;
    const turn = Math.floor(index / frames.length);
    const ticks = turn * durationTicks + (frames[index % frames.length]?.decodeTicks ?? 0);
    return this.#epochMs + (ticks * 1_000) / clockRate;
  }

  #indexNow(): number {
    const { frames, durationTicks } = this.clip;
    const elapsed = ((performance.now() - this.#epochMs) * clockRate) / 1_000;
    const turn = Math.floor(elapsed / durationTicks);
    const within = frames.findIndex(({ decodeTicks }) => decodeTicks >= elapsed - turn * durationTicks);
    return turn * frames.length + (within === -1 ? frames.length : within);
  }
}

/** The frames of a loop; several loops may share them. */
export function packetizeClip(clip: Clip, { bitrate = 0, inBand, padded }: LoopOptions): LoopFrame[] {
  const share = (bitrate / 8) * (clip.durationTicks / clockRate / clip.frames.length);
  let owed = 0;
  return clip.frames.map(({ nals, key }) => {
    const whole = key && inBand ? [...clip.parameterSets, ...nals] : [...nals];
    owed += share - whole.reduce((sum, nal) => sum + nal.length, 0);
    const padding = Math.floor(owed);
    if (padding < 8) return { packets: packetize(whole, clip.codec, padded), key };
    owed -= padding;
    return { packets: packetize([...whole, filler(padding, clip.codec)], clip.codec, padded), key };
  });
}

/** Filler data: H.264 NAL type 12 (§7.3.2.7), H.265 NAL type 38. */
function filler(bytes: number, codec: 'h264' | 'h265'): Buffer {
  const nal = Buffer.alloc(bytes, 0xff);
  nal.set(codec === 'h264' ? [12] : [38 << 1, 1]);
  nal[bytes - 1] = 0x80;
  return nal;
}
