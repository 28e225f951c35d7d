import { AppError } from '../../shared/app-error.ts';
import type { RelayState } from '../camera/relay-state.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import { ageText, bandTexts, burnAge } from './age-band.ts';
import { type DecodeGate, DecodersBusyError } from './decode-gate.ts';
import { encodeJpeg } from './jpeg-encoder.ts';
import type { LastPictures, StillPicture } from './last-pictures.ts';

export interface Snapshot {
  readonly jpeg: Buffer;
  /** When the picture arrived. */
  readonly at: Date;
  /** False when the camera could not be reached: this is the last picture there is, and says so itself. */
  readonly live: boolean;
}

/** There is no picture of the camera to be had. */
export class NoPictureError extends AppError {
  readonly code = 'CAMERA_NO_PICTURE';
  override readonly statusCode = 503;

  constructor(camera: string, options?: ErrorOptions) {
    super(`Camera ${camera} gives no picture now, and there is none from before.`, options);
  }
}

/** What a snapshot needs of a camera's stream. */
export interface PictureSource {
  /** The newest key picture, also of a connection that was lost. */
  readonly key: ArrivedUnit | undefined;
  readonly phase: RelayState['phase'];
  feed(take: (arrived: ArrivedUnit) => void): () => void;
  on(event: 'changed', listener: () => void): unknown;
  off(event: 'changed', listener: () => void): unknown;
}

export interface SnapshotTakerOptions {
  readonly camera: string;
  /** The stream that gives a picture with the least effort now. */
  readonly source: () => PictureSource;
  readonly ffmpegPath: string;
  /** One for all cameras. */
  readonly gate: DecodeGate;
  /** Absent: last pictures are forgotten with the process. */
  readonly lastPictures?: LastPictures | undefined;
}

const openTimeoutMs = 8_000;
const minIntervalMs = 1_000;
/** A camera that was not reached is not tried again for so long by who asks for a snapshot. */
const failureRestMs = 10_000;
/** Of a camera that goes dark the last picture is decoded, unless there is one almost as new. */
const darkEveryMs = 3 * 60_000;

/** Still pictures of one camera: at most one decoder at a time and one a second, however many ask. */
export class SnapshotTaker {
  readonly #options: SnapshotTakerOptions;
  #last: StillPicture | undefined;
  #looked = false;
  #marked: { readonly label: string; readonly jpeg: Buffer } | undefined;
  #takenAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;
  #running: Promise<Snapshot> | undefined;
  #darkening: Promise<unknown> | undefined;

  constructor(options: SnapshotTakerOptions) {
    this.#options = options;
  }

  /**
   * The newest key picture; opens the stream for a moment when nobody watches. Of a camera that cannot be reached the last
   * one there is, with its age burnt in. Throws NoPictureError, DecodersBusyError.
   */
  take(): Promise<Snapshot> {
    this.#running ??= this.#take().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** The camera has gone dark: what it showed last is kept. */
  darken(key: ArrivedUnit): void {
    this.#darkening ??= this.#keepDark(key)
      .catch(() => undefined)
      .finally(() => {
        this.#darkening = undefined;
      });
  }

  /** Resolves when nothing is being decoded any more. */
  async close(): Promise<void> {
    await Promise.all([this.#running?.catch(() => undefined), this.#darkening]);
  }

  async #take(): Promise<Snapshot> {
    const recent = performance.now() - this.#takenAt < minIntervalMs;
    if (recent && this.#last && this.#options.source().phase === 'live') return { ...this.#last, live: true };
    try {
      const key = await this.#liveKey();
      if (key) return { ...(await this.#decoded(key)), live: true };
    } catch (error) {
      if (error instanceof DecodersBusyError) throw error;
    }
    return await this.#old();
  }

  /** Undefined when the camera is down; a camera known to be down is not waited for. */
  async #liveKey(): Promise<ArrivedUnit | undefined> {
    const { phase, key } = this.#options.source();
    if (phase === 'live' && key) return key;
    const isDown = phase === 'stale' || phase === 'waiting' || phase === 'closed';
    if (isDown || performance.now() - this.#failedAt < failureRestMs) return undefined;
    const awaited = await this.#awaitKey();
    this.#failedAt = awaited ? Number.NEGATIVE_INFINITY : performance.now();
    return awaited;
  }

  /** Connects, for a moment, and gives up as soon as the camera does not answer. */
  async #awaitKey(): Promise<ArrivedUnit | undefined> {
    const source = this.#options.source();
    const { promise, resolve } = Promise.withResolvers<ArrivedUnit | undefined>();
    const timer = setTimeout(() => resolve(undefined), openTimeoutMs);
    const onChanged = () => source.phase === 'waiting' && resolve(undefined);
    source.on('changed', onChanged);
    const stop = source.feed((arrived) => {
      if (arrived.unit.key) resolve(arrived);
    });
    return await promise.finally(() => {
      clearTimeout(timer);
      source.off('changed', onChanged);
      stop();
    });
  }

  async #decoded({ unit, at }: ArrivedUnit): Promise<StillPicture> {
    if (this.#last?.at.getTime() !== at.getTime()) {
      const { camera, ffmpegPath, gate, lastPictures } = this.#options;
      this.#last = { jpeg: await gate.run(() => encodeJpeg(ffmpegPath, unit)), at };
      lastPictures?.keep(camera, this.#last);
    }
    this.#takenAt = performance.now();
    return this.#last;
  }

  /** The last picture there is, from the lost connection, from memory or from disk. */
  async #old(): Promise<Snapshot> {
    const { camera, source } = this.#options;
    const { key } = source();
    const picture = (key && (await this.#decoded(key).catch(() => undefined))) ?? (await this.#kept());
    if (!picture) throw new NoPictureError(camera);
    try {
      return { at: picture.at, jpeg: await this.#withAge(picture), live: false };
    } catch (cause) {
      // A file that is no picture is as good as none.
      throw new NoPictureError(camera, { cause });
    }
  }

  async #kept(): Promise<StillPicture | undefined> {
    if (!this.#last && !this.#looked) {
      this.#looked = true;
      const read = await this.#options.lastPictures?.read(this.#options.camera);
      this.#last ??= read;
    }
    return this.#last;
  }

  async #withAge({ jpeg, at }: StillPicture): Promise<Buffer> {
    const age = ageText((Date.now() - at.getTime()) / 1_000);
    const label = `${at.getTime()} ${age}`;
    if (this.#marked?.label !== label) this.#marked = { label, jpeg: await burnAge(jpeg, bandTexts(at, age)) };
    return this.#marked.jpeg;
  }

  async #keepDark(key: ArrivedUnit): Promise<void> {
    const kept = await this.#kept();
    if (!kept || key.at.getTime() - kept.at.getTime() > darkEveryMs) await this.#decoded(key);
  }
}
