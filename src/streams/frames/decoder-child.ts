import type { ChildProcess } from 'node:child_process';
import { AppError } from '../../shared/app-error.ts';
import { endChild, spawnChild } from '../../shared/child.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import { type Codec, toAnnexB } from '../rtp/nal.ts';
import { PpmReader, type RgbPicture } from './ppm-reader.ts';

/** A decoder process ended although it was still wanted. */
export class DecoderError extends AppError {
  readonly code = 'DECODER_FAILED';
}

export interface DecoderOptions {
  readonly ffmpegPath: string;
  readonly codec: Codec;
  readonly everyMs: number;
  readonly onPicture: (picture: RgbPicture) => void;
}

const maxQueuedBytes = 4 * 1024 * 1024;
const blockedLimitMs = 10_000;
const widest = 1_280;

/** Frames leave as soon as they are decoded; the clock is the one they arrive by, since a raw stream has none. */
export function decoderArguments({ codec, everyMs }: Pick<DecoderOptions, 'codec' | 'everyMs'>): string[] {
  const seconds = ((everyMs * 0.95) / 1_000).toFixed(3);
  const select = `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${seconds})'`;
  const input = ['-f', codec === 'h264' ? 'h264' : 'hevc', '-i', 'pipe:0'];
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-protocol_whitelist', 'pipe', '-threads', '1'],
    ...['-fflags', 'nobuffer', '-flags', 'low_delay', '-probesize', '32768', '-analyzeduration', '0'],
    ...['-fpsprobesize', '0', '-use_wallclock_as_timestamps', '1', ...input, '-an'],
    ...['-vf', `${select},scale='min(${widest},iw)':-2`, '-fps_mode', 'passthrough', '-pix_fmt', 'rgb24'],
    ...['-threads', '1', '-c:v', 'ppm', '-f', 'image2pipe', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** One ffmpeg that turns pictures of a camera into RGB. It skips to the next key picture when it cannot follow. */
export class DecoderChild {
  readonly codec: Codec;
  readonly #child: ChildProcess;
  readonly #ended = Promise.withResolvers<DecoderError>();
  #waitsForKey = true;
  #blockedSince: number | undefined;
  #complaint = '';

  constructor(options: DecoderOptions) {
    this.codec = options.codec;
    this.#child = spawnChild(options.ffmpegPath, decoderArguments(options));
    this.#listen(new PpmReader(options.onPicture));
  }

  /** Resolves with the reason when the process is gone or useless. */
  get ended(): Promise<DecoderError> {
    return this.#ended.promise;
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
    stdin.write(toAnnexB(unit));
  }

  /** Safe to call twice; once it resolves the process is gone. */
  async close(): Promise<void> {
    this.#child.stdin?.destroy();
    await endChild(this.#child);
  }

  #watchBacklog(bytes: number): void {
    const now = performance.now();
    if (bytes > maxQueuedBytes) this.#waitsForKey = true;
    this.#blockedSince = bytes === 0 ? undefined : (this.#blockedSince ?? now);
    if (this.#blockedSince !== undefined && now - this.#blockedSince > blockedLimitMs) {
      this.#ended.resolve(new DecoderError('ffmpeg takes no more pictures'));
    }
  }

  #listen(reader: PpmReader): void {
    const fail = (error: Error) => this.#ended.resolve(new DecoderError(error.message, { cause: error }));
    this.#child.stdin?.on('error', fail).on('drain', () => {
      this.#blockedSince = undefined;
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint = chunk.toString('utf8').trim().slice(-300);
    });
    this.#child.stdout?.on('error', fail).on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        fail(error instanceof Error ? error : new Error('unreadable picture'));
      }
    });
    this.#child.on('error', fail).on('exit', (code, signal) => {
      fail(new Error(`ffmpeg ended with ${signal ?? code}: ${this.#complaint}`));
    });
  }
}
