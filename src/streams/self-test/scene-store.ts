import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../shared/log.ts';
import type { Scenes } from './learnt-scene.ts';
import { scenesOfText, scenesText } from './scene-text.ts';

const maxBytes = 32 * 1024;
/** A scene moves slowly: the disk need not be written more often. */
const everyMs = 30 * 60_000;

/** The known scenes of the cameras on disk, a file of a few kilobytes each. The names are ids, which are checked. */
export class SceneStore {
  readonly #directory: string;
  readonly #log: Log;
  readonly #written = new Map<string, number>();
  readonly #unwritten = new Map<string, Scenes>();
  #writing: Promise<void> = Promise.resolve();

  constructor(directory: string, log: Log) {
    this.#directory = directory;
    this.#log = log;
  }

  /** Undefined when there is none that can be read. */
  async read(camera: string): Promise<Scenes | undefined> {
    const file = this.#fileOf(camera);
    try {
      const { size } = await stat(file);
      return size > maxBytes ? undefined : scenesOfText(await readFile(file, 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Writes them, at most every half hour for a camera; what comes in between is written by `close`. */
  keep(camera: string, scenes: Scenes): void {
    if (scenes.day?.phase !== 'known' && scenes.night?.phase !== 'known') return;
    this.#unwritten.set(camera, scenes);
    const last = this.#written.get(camera) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - last >= everyMs) this.#writeSoon(camera);
  }

  /** Resolves when nothing of the camera's is left on disk. */
  async forget(camera: string): Promise<void> {
    this.#unwritten.delete(camera);
    this.#written.delete(camera);
    this.#writing = this.#writing.then(() => rm(this.#fileOf(camera), { force: true })).catch(() => undefined);
    await this.#writing;
  }

  /** Deletes what is left of cameras that are no more. */
  async prune(cameras: ReadonlySet<string>): Promise<void> {
    const files = await readdir(this.#directory).catch(() => []);
    const old = files.filter((file) => !cameras.has(file.replace(/\.json$/, '')));
    for (const file of old) await rm(join(this.#directory, file), { force: true }).catch(() => undefined);
  }

  /** Safe to call twice; what was not written yet is. */
  async close(): Promise<void> {
    for (const camera of this.#unwritten.keys()) this.#writeSoon(camera);
    await this.#writing;
  }

  #writeSoon(camera: string): void {
    const scenes = this.#unwritten.get(camera);
    this.#unwritten.delete(camera);
    this.#written.set(camera, performance.now());
    if (scenes) this.#writing = this.#writing.then(() => this.#write(camera, scenesText(scenes)));
  }

  async #write(camera: string, text: string): Promise<void> {
    const file = this.#fileOf(camera);
    try {
      await mkdir(this.#directory, { recursive: true });
      await writeFile(`${file}.new`, text, { mode: 0o600 });
      await rename(`${file}.new`, file);
    } catch (err) {
      this.#log.warn({ camera, err }, 'scene not kept');
    }
  }

  #fileOf(camera: string): string {
    return join(this.#directory, `${camera}.json`);
  }
}
