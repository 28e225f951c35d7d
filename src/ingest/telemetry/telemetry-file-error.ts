import { AppError } from '../../shared/app-error.ts';

/** SQLite's primary result codes for a disk that may come back: BUSY, LOCKED, IOERR, FULL, CANTOPEN. */
const passing = new Set([5, 6, 10, 13, 14]);

/** A file of telemetry could not do what was asked. */
export class TelemetryFileError extends AppError {
  readonly code = 'TELEMETRY_FILE';
  /** True where waiting may help (a full disk); false where the request itself is at fault. */
  readonly passing: boolean;

  constructor(reason: string, sqlite?: number) {
    super(`the telemetry file failed: ${reason}`);
    this.passing = sqlite !== undefined && passing.has(sqlite & 0xff);
  }
}
