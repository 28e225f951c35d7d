import { once } from 'node:events';
import { AppError } from '../../shared/app-error.ts';
import { endChild, spawnChild } from '../../shared/child.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import { toAnnexB } from '../rtp/nal.ts';

export interface Snapshot {
  readonly jpeg: Buffer;
  /** When the picture arrived. */
  readonly at: Date;
  /** False when the camera could not be reached and this is the last picture there is. */
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
  readonly key: ArrivedUnit | undefined;
  readonly live: boolean;
  feed(take: (arrived: ArrivedUnit) => void): () => void;
}

export interface SnapshotTakerOptions {
  readonly camera: string;
  readonly source: PictureSource;
  readonly ffmpegPath: string;
}

const openTimeoutMs = 8_000;
const decodeTimeoutMs = 5_000;
const minIntervalMs = 1_000;
const maxJpegBytes = 16 * 1024 * 1024;

/** Still pictures of one camera: at most one decoder at a time and one a second, however many ask. */
export class SnapshotTaker {
  readonly #camera: string;
  readonly #source: PictureSource;
  readonly #ffmpegPath: string;
  #last: Omit<Snapshot, 'live'> | undefined;
  #takenAt = Number.NEGATIVE_INFINITY;
  #running: Promise<Snapshot> | undefined;

  constructor({ camera, source, ffmpegPath }: SnapshotTakerOptions) {
    this.#camera = camera;
    this.#source = source;
    this.#ffmpegPath = ffmpegPath;
  }

  /** The newest key picture; opens the stream for a moment when nobody watches. Throws NoPictureError. */
  take(): Promise<Snapshot> {
    this.#running ??= this.#take().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #take(): Promise<Snapshot> {
    const recent = performance.now() - this.#takenAt < minIntervalMs;
    if (recent && this.#last) return { ...this.#last, live: this.#source.live };
    try {
      const key = (this.#source.live && this.#source.key) || (await this.#awaitKey());
      if (this.#last?.at.getTime() !== key.at.getTime()) {
        this.#last = { jpeg: await encodeJpeg(this.#ffmpegPath, key), at: key.at };
      }
      this.#takenAt = performance.now();
      return { ...this.#last, live: true };
    } catch (cause) {
      if (this.#last) return { ...this.#last, live: false };
      throw new NoPictureError(this.#camera, { cause });
    }
  }

  async #awaitKey(): Promise<ArrivedUnit> {
    const { promise, resolve, reject } = Promise.withResolvers<ArrivedUnit>();
    const timer = setTimeout(() => reject(new Error('no key picture in time')), openTimeoutMs);
    const stop = this.#source.feed((arrived) => {
      if (arrived.unit.key) resolve(arrived);
    });
    return await promise.finally(() => {
      clearTimeout(timer);
      stop();
    });
  }
}

async function encodeJpeg(ffmpegPath: string, { unit }: ArrivedUnit): Promise<Buffer> {
  const format = unit.codec === 'h264' ? 'h264' : 'hevc';
  const quiet = ['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'pipe'];
  const output = ['-frames:v', '1', '-pix_fmt', 'yuvj420p', '-q:v', '4', '-c:v', 'mjpeg', '-f', 'image2pipe', 'pipe:1'];
  const child = spawnChild(ffmpegPath, [...quiet, '-threads', '1', '-f', format, '-i', 'pipe:0', ...output]);
  const parts: Buffer[] = [];
  let bytes = 0;
  child.stdin?.on('error', () => undefined).end(toAnnexB(unit));
  child.stderr?.resume();
  child.stdout?.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxJpegBytes) parts.push(chunk);
  });
  try {
    await once(child, 'close', { signal: AbortSignal.timeout(decodeTimeoutMs) });
  } finally {
    child.on('error', () => undefined);
    await endChild(child, 1_000);
  }
  if (bytes === 0 || bytes > maxJpegBytes) throw new Error('ffmpeg gave no picture');
  return Buffer.concat(parts);
}
