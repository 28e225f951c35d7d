import { constants, setPriority } from 'node:os';
import { workerData } from 'node:worker_threads';
import { serveCalls } from './file-thread.ts';
import type { TelemetryCalls } from './telemetry-calls.ts';
import { TelemetryDatabase, type TelemetryDatabaseOptions } from './telemetry-database.ts';

/* The thread of the file of series. */
const database = new TelemetryDatabase(workerData as TelemetryDatabaseOptions);
serveCalls<TelemetryCalls>(
  {
    write: (batch) => database.write(batch),
    outboxDepth: () => database.outboxDepth(),
    readOutbox: (limit) => database.readOutbox(limit),
    settleOutbox: (seq) => database.settleOutbox(seq),
    page: (query) => database.points.page(query),
    fold: (query) => database.points.fold(query),
    latest: (until) => database.points.latest(until),
    prune: (slice) => database.prune(slice),
  },
  () => database.close(),
);

setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
