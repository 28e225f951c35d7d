import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type CapDocument, readDocument } from './cap-document.ts';
import { FeedError } from './fetch-document.ts';

/** What the thread says, once. */
export type DocumentReading =
  | { readonly type: 'document'; readonly document: CapDocument }
  | { readonly type: 'failed'; readonly reason: string };

/** Up to so many bytes are read in a few milliseconds; a thread would take longer to start. */
const smallBytes = 65_536;
const deadlineMs = 10_000;
const resourceLimits = { maxOldGenerationSizeMb: 256 };

/**
 * Reads a document as `readDocument` does: a large one in a thread of its own, for no picture may wait so long. Fails when it
 * cannot be read, or with the reason of `signal`.
 */
export async function readDocumentApart(bytes: Uint8Array, signal: AbortSignal): Promise<CapDocument> {
  if (bytes.length <= smallBytes) return readDocument(bytes);
  const worker = new Worker(new URL('./document-worker.ts', import.meta.url), { workerData: bytes, resourceLimits });
  try {
    const [reading] = await once(worker, 'message', {
      signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]),
    });
    return documentOf(reading);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof FeedError) throw error;
    throw new FeedError('it takes too long or too much memory to read');
  } finally {
    await worker.terminate();
  }
}

function documentOf(reading: DocumentReading): CapDocument {
  if (reading.type === 'failed') throw new FeedError(reading.reason);
  return reading.document;
}
