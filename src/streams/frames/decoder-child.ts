import type { ChildProcess } from 'node:child_process';
import { AppError } from '../../shared/app-error.ts';
import { endChild, spawnChild } from '../../shared/child.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import { type Codec, toAnnexB } from '../rtp/nal.ts';
import type { ChildPipe } from './child-pipe.ts';
import type { Hardware } from './hardware-decoding.ts';
import type { PictureMemory } from './picture-memory.ts';
import { type YuvPicture, YuvReader } from './yuv-reader.ts';

/** A decoder process ended although it was still wanted. */
export class DecoderError extends AppError {
  readonly code = 'DECODER_FAILED';
}

export interface DecoderOptions {
  readonly ffmpegPath: string;
  readonly codec: Codec;
  readonly everyMs: number;
  /** Left out: ffmpeg decodes itself. */
  readonly hardware?: Hardware | undefined;
  readonly onPicture: (picture: YuvPicture) => void;
  readonly memory: PictureMemory;
  /** Where its pictures come through, its own from now on; its `stdout` when left out. */
  readonly pipe?: ChildPipe | undefined;
}

const maxQueuedBytes = 4 * 1024 * 1024;
const blockedLimitMs = 10_000;
/** A device that has shown nothing so long after the first picture will not. */
const firstPictureMs = 8_000;
const widest = 1_280;
/** Even sides, and one meaning of the numbers whatever the camera's is. */
const scale = `scale='trunc(min(${widest},iw)/2)*2':-2:out_range=tv:out_color_matrix=bt601`;

/**
 * Frames leave as soon as they are decoded; the clock is the one they arrive by, since a raw stream has none. A key picture
 * that is a little early is taken: where there are no others, the next would be far too late. What a device decoded must be
 * fetched from there: fails, rather than being decoded otherwise, when it did not.
 */
export function decoderArguments({
  codec,
  everyMs,
  hardware,
}: Pick<DecoderOptions, 'codec' | 'everyMs' | 'hardware'>): string[] {
  const since = (share: number) => `gte(t-prev_selected_t,${((everyMs * share) / 1_000).toFixed(3)})`;
  const select = `select='isnan(prev_selected_t)+${since(0.95)}+key*${since(0.8)}'`;
  const input = ['-f', codec === 'h264' ? 'h264' : 'hevc', '-i', 'pipe:0'];
  const device = hardware ? ['-hwaccel', hardware.name, '-hwaccel_output_format', hardware.format] : [];
  const fetch = hardware ? ',hwdownload,format=nv12' : '';
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'pipe', '-threads', '1', ...device],
    ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32768', '-analyzeduration', '0'],
    ...['-fpsprobesize', '0', '-use_wallclock_as_timestamps', '1', ...input, '-an'],
    ...['-vf', `${select}${fetch},${scale}`, '-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p'],
    ...['-threads', '1', '-c:v', 'pgmyuv', '-f', 'image2pipe', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** One ffmpeg that decodes pictures of a camera. It skips to the next key picture when it cannot follow. */
export class DecoderChild {
  readonly codec: Codec;
  readonly #child: ChildProcess;
  readonly #ended = Promise.withResolvers<DecoderError>();
  readonly #isOnDevice: boolean;
  readonly #pipe: ChildPipe | undefined;
  #waitsForKey = true;
  #hasShown = false;
  #firstPicture: NodeJS.Timeout | undefined;
  #blockedSince: number | undefined;
  #complaint = '';

  constructor(options: DecoderOptions) {
    this.codec = options.codec;
    this.#isOnDevice = options.hardware !== undefined;
    this.#pipe = options.pipe;
    this.#child = spawnChild(options.ffmpegPath, decoderArguments(options), {
      stdio: ['pipe', options.pipe?.far ?? 'pipe', 'pipe'],
    });
    const onPicture = (picture: YuvPicture) => {
      clearTimeout(this.#firstPicture);
      this.#hasShown = true;
      options.onPicture(picture);
    };
    this.#listen(new YuvReader(onPicture, options.memory));
  }

  /** Resolves with the reason when the process is gone or useless. */
  get ended(): Promise<DecoderError> {
    return this.#ended.promise;
  }

  /** Whether any picture came out of it. */
  get hasShown(): boolean {
    return this.#hasShown;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  push({ unit }: ArrivedUnit): void {
    const { stdin } = this.#child;
    if (!stdin?.writable) return;
    this.#watchBacklog(stdin.writableLength);
    if (this.#waitsForKey && !unit.key) return;
    this.#waitsForKey = false;
    if (this.#isOnDevice && !this.#hasShown) this.#expectPicture();
    stdin.write(toAnnexB(unit));
  }

  /** Safe to call twice; once it resolves the process is gone. */
  async close(): Promise<void> {
    clearTimeout(this.#firstPicture);
    this.#pipe?.close();
    this.#child.stdin?.destroy();
    await endChild(this.#child);
  }

  #expectPicture(): void {
    const none = () => this.#ended.resolve(new DecoderError('the device shows no picture'));
    this.#firstPicture ??= setTimeout(none, firstPictureMs);
  }

  #watchBacklog(bytes: number): void {
    const now = performance.now();
    if (bytes > maxQueuedBytes) this.#waitsForKey = true;
    this.#blockedSince = bytes === 0 ? undefined : (this.#blockedSince ?? now);
    if (this.#blockedSince !== undefined && now - this.#blockedSince > blockedLimitMs) {
      this.#ended.resolve(new DecoderError('ffmpeg takes no more pictures'));
    }
  }

  #listen(reader: YuvReader): void {
    const fail = (error: Error) => this.#ended.resolve(new DecoderError(error.message, { cause: error }));
    this.#child.stdin?.on('error', fail).on('drain', () => {
      this.#blockedSince = undefined;
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = chunk.toString('utf8').trim().slice(-300);
    });
    const readably = (read: () => void) => {
      try {
        read();
      } catch (error) {
        fail(error instanceof Error ? error : new Error('unreadable picture'));
      }
    };
    const push = (chunk: Uint8Array) => readably(() => reader.push(chunk));
    this.#pipe?.handedOver({
      space: () => reader.space(),
      taken: (bytes) => readably(() => reader.taken(bytes)),
      push,
    });
    this.#child.stdout?.on('error', fail).on('data', push);
    this.#child.on('error', fail).on('exit', (code, signal) => {
      fail(new Error(`ffmpeg ended with ${signal ?? code}: ${this.#complaint}`));
    });
  }
}
