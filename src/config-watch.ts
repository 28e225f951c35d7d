import { type FSWatcher, watch } from 'node:fs';
import { glob, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ErrorTally } from './shared/error-tally.ts';
import type { Log } from './shared/log.ts';

export interface ConfigWatchOptions {
  readonly dir: string;
  /** Paths and globs below the directory whose files count; asked again before each look. */
  readonly files: () => readonly string[];
  /** The files are other than at the last look. Called again only after it resolved; it must not reject. */
  readonly changed: () => Promise<unknown>;
  readonly log: Log;
  /** When the configuration that runs was read: what was written later is a change. */
  readonly since: Date;
  /** An editor writes in several steps: so long after the first one it is looked, milliseconds. */
  readonly settleMs?: number;
  /** A network share tells nothing: it is looked anyway so often, milliseconds. */
  readonly everyMs?: number;
}

/** More files or directories than anybody configures: beyond these, changes are seen by the clock only. */
const mostDirectories = 64;
const mostFiles = 5_000;

interface Look {
  readonly text: string;
  /** When the newest of the files was written, milliseconds since 1970. */
  readonly newestMs: number;
}

/** Tells when files of the config directory were changed, however an editor does it: in place, or by renaming a new one. */
export class ConfigWatch {
  readonly #options: ConfigWatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #unreadable: ErrorTally;
  #seen = '';
  #settling: NodeJS.Timeout | undefined;
  #clock: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: ConfigWatchOptions) {
    this.#options = options;
    this.#unreadable = new ErrorTally((count, err) =>
      options.log.warn({ count, err }, 'config directory not watched, changes are seen by the clock'),
    );
  }

  /** Resolves once a change would be noticed. */
  async start(): Promise<void> {
    const { text, newestMs } = await this.#look();
    if (this.#isClosed) return;
    this.#seen = newestMs < this.#options.since.getTime() ? text : 'older';
    if (this.#seen !== text) this.#soon();
    this.#clock = setInterval(() => this.#soon(), this.#options.everyMs ?? 10_000).unref();
  }

  /** Safe to call twice; once it resolves, nothing is watched and `changed` is not called any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#clock);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    await this.#looking;
    this.#unreadable.close();
  }

  /** Not put off by what comes later: who writes without end is read nevertheless. */
  #soon(): void {
    if (this.#isClosed) return;
    this.#settling ??= setTimeout(() => {
      this.#settling = undefined;
      this.#looking = this.#looking.then(() => this.#compare());
    }, this.#options.settleMs ?? 300);
  }

  async #compare(): Promise<void> {
    if (this.#isClosed) return;
    const { text } = await this.#look();
    if (text === this.#seen || this.#isClosed) return;
    this.#seen = text;
    await this.#options.changed();
  }

  /** Names, sizes and times of all files that count; another text means another configuration. */
  async #look(): Promise<Look> {
    const found = new Set<string>();
    for (const pattern of this.#options.files()) {
      for await (const file of glob(pattern, { cwd: this.#options.dir })) {
        if (found.size < mostFiles) found.add(file);
      }
    }
    const paths = [...found].toSorted();
    this.#watch([this.#options.dir, ...paths.map((path) => dirname(join(this.#options.dir, path)))]);
    const facts = await Promise.all(paths.map((path) => factsOf(join(this.#options.dir, path))));
    const text = paths.map((path, index) => `${path} ${facts[index]?.text}`).join('\n');
    return { text, newestMs: Math.max(0, ...facts.map(({ atMs }) => atMs)) };
  }

  /** Directories, not files: the name stays when an editor puts another file in its place. */
  #watch(directories: readonly string[]): void {
    for (const directory of new Set(directories)) {
      if (this.#isClosed || this.#watchers.has(directory) || this.#watchers.size >= mostDirectories) continue;
      try {
        const watcher = watch(directory, { persistent: false }, () => this.#soon());
        watcher.on('error', () => this.#forget(directory));
        this.#watchers.set(directory, watcher);
      } catch (error) {
        if (error instanceof Error) this.#unreadable.add(error);
      }
    }
  }

  #forget(directory: string): void {
    this.#watchers.get(directory)?.close();
    this.#watchers.delete(directory);
  }
}

async function factsOf(path: string): Promise<{ readonly text: string; readonly atMs: number }> {
  return await stat(path, { bigint: true }).then(
    ({ size, mtimeNs, mtimeMs, ino }) => ({ text: `${size} ${mtimeNs} ${ino}`, atMs: Number(mtimeMs) }),
    () => ({ text: 'gone', atMs: 0 }),
  );
}
