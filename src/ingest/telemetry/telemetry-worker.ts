import { parentPort, workerData } from 'node:worker_threads';
import { answer, type TelemetryRequest } from './telemetry-calls.ts';
import { TelemetryDatabase, type TelemetryDatabaseOptions } from './telemetry-database.ts';

/* The thread of the telemetry file: node:sqlite is synchronous, and a commit with fsync must not stop the event loop. */
const options = workerData as TelemetryDatabaseOptions;
const database = new TelemetryDatabase(options);

parentPort?.on('message', (request: TelemetryRequest | 'close') => {
  if (request !== 'close') return parentPort?.postMessage(answer(database, request));
  database.close();
  parentPort?.close();
});
