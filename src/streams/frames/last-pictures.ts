import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../shared/log.ts';

/** A still picture and when it was taken. */
export interface StillPicture {
  readonly jpeg: Buffer;
  readonly at: Date;
}

/** A disk need not be written more often: what a camera looked like minutes ago tells as much. */
const everyMs = 3 * 60_000;
const maxBytes = 4 * 1024 * 1024;

/**
 * The last picture of each camera on disk, so that one which is down after a restart still shows something. The file's time
 * is the picture's. The names are ids of cameras, which the configuration has checked.
 */
export class LastPictures {
  readonly #directory: string;
  readonly #log: Log;
  readonly #written = new Map<string, number>();
  readonly #unwritten = new Map<string, StillPicture>();
  #writing: Promise<void> = Promise.resolve();

  constructor(directory: string, log: Log) {
    this.#directory = directory;
    this.#log = log;
  }

  /** Undefined when there is none that can be read. */
  async read(camera: string): Promise<StillPicture | undefined> {
    const file = this.#fileOf(camera);
    try {
      const { mtime, size } = await stat(file);
      return size > maxBytes ? undefined : { jpeg: await readFile(file), at: mtime };
    } catch {
      return undefined;
    }
  }

  /** Writes it, at most every 3 minutes for a camera; what comes in between is written by `close`. */
  keep(camera: string, picture: StillPicture): void {
    if (picture.jpeg.length > maxBytes) return;
    const last = this.#written.get(camera) ?? Number.NEGATIVE_INFINITY;
    this.#unwritten.set(camera, picture);
    if (performance.now() - last >= everyMs) this.#writeSoon(camera);
  }

  /** Deletes the pictures of cameras that are no more. */
  async prune(cameras: ReadonlySet<string>): Promise<void> {
    const files = await readdir(this.#directory).catch(() => []);
    const old = files.filter((file) => !cameras.has(file.replace(/\.jpg$/, '')));
    for (const file of old) await rm(join(this.#directory, file), { force: true }).catch(() => undefined);
  }

  /** Safe to call twice; what was not written yet is. */
  async close(): Promise<void> {
    for (const camera of this.#unwritten.keys()) this.#writeSoon(camera);
    await this.#writing;
  }

  #writeSoon(camera: string): void {
    const picture = this.#unwritten.get(camera);
    this.#unwritten.delete(camera);
    this.#written.set(camera, performance.now());
    if (picture) this.#writing = this.#writing.then(() => this.#write(camera, picture));
  }

  async #write(camera: string, { jpeg, at }: StillPicture): Promise<void> {
    const file = this.#fileOf(camera);
    const unfinished = `${file}.new`;
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFile(unfinished, jpeg, { mode: 0o600 });
      await utimes(unfinished, at, at);
      await rename(unfinished, file);
    } catch (err) {
      this.#log.warn({ camera, err }, 'last picture not kept');
    }
  }

  #fileOf(camera: string): string {
    return join(this.#directory, `${camera}.jpg`);
  }
}
