import { constants, type FileHandle, mkdir, open, realpath, rm, statfs } from 'node:fs/promises';
import { dirname, isAbsolute, join, sep } from 'node:path';
import { AppError } from '../../shared/app-error.ts';
import type { ReadAt } from './fmp4-reader.ts';

/** A file being written. Every method rejects with what the system says (ENOSPC, EIO). */
export interface DiskFile {
  write(data: Buffer, position: number): Promise<void>;
  /** On the platter, not only in the cache. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface DiskUsage {
  readonly totalBytes: number;
  /** What this process may still write. */
  readonly freeBytes: number;
}

/** An open recorded file; its bytes stay readable when it is deleted meanwhile. */
export interface ReadableFile extends AsyncDisposable {
  readonly read: ReadAt;
}

/** What the recorder needs of a disk. Files are named by their path below the folder of recordings. */
export interface Disk {
  create(file: string): Promise<DiskFile>;
  open(file: string): Promise<ReadableFile>;
  cut(file: string, bytes: number): Promise<void>;
  /** Not there is as good as removed. */
  remove(file: string): Promise<void>;
  usage(): Promise<DiskUsage>;
}

/** A name that leads out of the folder of recordings, by dots or by a link. */
export class ForeignFileError extends AppError {
  readonly code = 'RECORDING_FOREIGN';

  constructor() {
    super('A recorded file is not inside the folder of recordings.');
  }
}

/**
 * A disk that hangs must not take all of the four threads that Node has for files, names and hashes: so many operations
 * run at once, the others wait their turn here.
 */
const parallel = 2;

/** The folder of recordings. */
export class RecordingDisk implements Disk {
  readonly #root: string;
  readonly #turns = new Turns(parallel);

  constructor(root: string) {
    this.#root = root;
  }

  async create(file: string): Promise<DiskFile> {
    return await this.#turns.run(async () => {
      await mkdir(dirname(this.#named(file)), { recursive: true });
      const handle = await open(await this.#inside(file), 'wx', 0o640);
      return new WritableFile(handle, this.#turns);
    });
  }

  async open(file: string): Promise<ReadableFile> {
    const handle = await this.#turns.run(async () =>
      open(await realInside(this.#root, this.#named(file)), constants.O_RDONLY | constants.O_NOFOLLOW),
    );
    const read: ReadAt = (offset, length) => this.#turns.run(() => readWhole(handle, offset, length));
    return { read, [Symbol.asyncDispose]: () => handle.close() };
  }

  async cut(file: string, bytes: number): Promise<void> {
    const handle = await open(await realInside(this.#root, this.#named(file)), 'r+');
    try {
      await handle.truncate(bytes);
    } finally {
      await handle.close();
    }
  }

  async remove(file: string): Promise<void> {
    await this.#turns.run(async () => rm(await this.#inside(file), { force: true })).catch(ignoreMissing);
  }

  async usage(): Promise<DiskUsage> {
    await mkdir(this.#root, { recursive: true });
    const { bsize, blocks, bfree, bavail } = await statfs(this.#root);
    // What is reserved for root counts neither as used nor as free, as `df` has it.
    return { totalBytes: (blocks - bfree + bavail) * bsize, freeBytes: bavail * bsize };
  }

  /** T37: names come from our own index only, and even so they may not leave the folder. */
  #named(file: string): string {
    const path = join(this.#root, file);
    if (isAbsolute(file) || file.includes('\0') || !path.startsWith(this.#root + sep)) throw new ForeignFileError();
    return path;
  }

  /** For a file that may not be there yet: its folder is inside. */
  async #inside(file: string): Promise<string> {
    const path = this.#named(file);
    const folder = await realInside(this.#root, dirname(path));
    return join(folder, path.slice(dirname(path).length + 1));
  }
}

class WritableFile implements DiskFile {
  readonly #handle: FileHandle;
  readonly #turns: Turns;

  constructor(handle: FileHandle, turns: Turns) {
    this.#handle = handle;
    this.#turns = turns;
  }

  async write(data: Buffer, position: number): Promise<void> {
    await this.#turns.run(async () => {
      for (let done = 0; done < data.length; ) {
        const { bytesWritten } = await this.#handle.write(data, done, data.length - done, position + done);
        done += bytesWritten;
      }
    });
  }

  async sync(): Promise<void> {
    await this.#turns.run(() => this.#handle.datasync());
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** A few at once, the others in the order they came. */
class Turns {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

async function realInside(root: string, path: string): Promise<string> {
  const [realRoot, real] = await Promise.all([realpath(root), realpath(path)]);
  if (real !== realRoot && !real.startsWith(realRoot + sep)) throw new ForeignFileError();
  return real;
}

async function readWhole(handle: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
