import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../shared/app-error.ts';

/** Another command center runs on the same data directory. */
export class DirectoryLockedError extends AppError {
  readonly code = 'DATA_LOCKED';

  constructor(directory: string) {
    super(`another Tianliang runs on ${directory}; stop it first, or give this one its own --data DIR`);
  }
}

/** Keeps a second server off the directory. The lock is the kernel's: it is gone with the process, even by kill -9. */
export function lockDirectory(directory: string): Disposable {
  const database = new DatabaseSync(join(directory, 'lock.sqlite'));
  try {
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch {
    database.close();
    throw new DirectoryLockedError(directory);
  }
  return { [Symbol.dispose]: () => database.close() };
}
