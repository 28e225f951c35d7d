/** Reads one document of a feed and says what is in it: the thread behind `document-thread.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { readDocument } from './cap-document.ts';
import type { DocumentReading } from './document-thread.ts';

function read(bytes: Uint8Array): DocumentReading {
  try {
    return { type: 'document', document: readDocument(bytes) };
  } catch (error) {
    return { type: 'failed', reason: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(read(workerData));
