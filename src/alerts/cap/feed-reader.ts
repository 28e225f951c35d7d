import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { CapDocument } from './cap-document.ts';
import type { CapReading } from './cap-message.ts';
import { chooseLinks } from './choose-links.ts';
import { readDocumentApart } from './document-thread.ts';
import {
  FeedError,
  type Fetched,
  type FetchLimits,
  fetchDocument,
  fetchLimits,
  isAllowed,
  type Validators,
} from './fetch-document.ts';
import type { FeedConfig } from './warnings-config.ts';

export interface FeedReaderOptions {
  readonly feed: FeedConfig;
  readonly hosts: readonly string[];
  readonly limits?: FetchLimits | undefined;
}

/** What one round brought. A document that did not change brings nothing. */
export interface FeedRound {
  readonly readings: readonly CapReading[];
  /** Why some of the linked documents are missing. */
  readonly trouble?: string;
}

/** What a document was when it was last read. */
interface Version {
  readonly validators: Validators;
  readonly digest: string;
}

interface Known {
  readonly version: Version;
  readonly askedAt: number;
}

const unread: Version = { validators: {}, digest: '' };
const mostLinked = 64;
const lanes = 4;

/** Reads one feed again and again; remembers what it has read, to ask for changes only. */
export class FeedReader {
  readonly #options: FeedReaderOptions;
  readonly #linked = new Map<string, Known>();
  #feed: Version = unread;
  #links: readonly URL[] = [];

  constructor(options: FeedReaderOptions) {
    this.#options = options;
  }

  /** Fails when the feed itself cannot be read, or with the reason of `signal`. */
  async read(signal: AbortSignal): Promise<FeedRound> {
    const document = await this.#readFeed(signal);
    const { links, elsewhere } = document ? this.#allowedLinks(document) : { links: this.#links, elsewhere: 0 };
    this.#links = links;
    const readings = [...(document?.readings ?? [])];
    const failures = await this.#readLinked(readings, signal);
    const troubles = [
      ...(elsewhere > 0 ? [`${elsewhere} links lead to hosts that are not listed`] : []),
      ...(failures.length > 0 ? [`${failures.length} linked documents cannot be read: ${failures[0]}`] : []),
      ...readings.flatMap((reading) => (reading.kind === 'refused' ? [`a message is refused: ${reading.reason}`] : [])),
    ];
    return { readings, ...(troubles[0] !== undefined && { trouble: troubles[0] }) };
  }

  /** Undefined when it is as it was. */
  async #readFeed(signal: AbortSignal): Promise<CapDocument | undefined> {
    const { feed, hosts, limits } = this.#options;
    const { validators } = this.#feed;
    const fetched =
      feed.file === undefined
        ? await fetchDocument({ url: new URL(feed.url ?? ''), hosts, limits, validators }, signal)
        : { kind: 'document' as const, bytes: await readFeedFile(feed.file, limits ?? fetchLimits), validators: {} };
    const { document, version } = await newDocument(fetched, this.#feed, signal);
    this.#feed = version;
    return document;
  }

  #allowedLinks({ links }: CapDocument): { links: readonly URL[]; elsewhere: number } {
    const { feed, hosts } = this.#options;
    const urls = links.flatMap((link) => URL.parse(link, feed.url) ?? []);
    const allowed = urls.filter((url) => isAllowed(url, hosts));
    const hrefs = new Set(allowed.map(({ href }) => href));
    for (const known of this.#linked.keys()) if (!hrefs.has(known)) this.#linked.delete(known);
    return { links: allowed, elsewhere: links.length - allowed.length };
  }

  /** Adds to the readings; answers why documents could not be read. */
  async #readLinked(readings: CapReading[], signal: AbortSignal): Promise<string[]> {
    const askedAt = (url: URL) => this.#linked.get(url.href)?.askedAt;
    const waiting = chooseLinks(this.#links, askedAt, mostLinked);
    const failures: string[] = [];
    const work = async () => {
      for (let url = waiting.shift(); url; url = waiting.shift()) {
        try {
          readings.push(...(await this.#readLink(url, signal)));
        } catch (error) {
          signal.throwIfAborted();
          failures.push(reasonOf(error));
        }
      }
    };
    await Promise.all(Array.from({ length: lanes }, work));
    return failures;
  }

  async #readLink(url: URL, signal: AbortSignal): Promise<readonly CapReading[]> {
    const { hosts, limits } = this.#options;
    const before = this.#linked.get(url.href)?.version ?? unread;
    const askedAt = performance.now();
    this.#linked.set(url.href, { version: before, askedAt });
    const fetched = await fetchDocument({ url, hosts, limits, validators: before.validators }, signal);
    const { document, version } = await newDocument(fetched, before, signal);
    this.#linked.set(url.href, { version, askedAt });
    return document?.readings ?? [];
  }
}

interface NewDocument {
  /** Undefined when it is as it was. */
  readonly document?: CapDocument;
  readonly version: Version;
}

/** Only a document that was understood in full is left unread the next time, whether its server knows versions or not. */
async function newDocument(fetched: Fetched, before: Version, signal: AbortSignal): Promise<NewDocument> {
  if (fetched.kind === 'unchanged') return { version: before };
  const digest = createHash('sha256').update(fetched.bytes).digest('base64');
  if (digest === before.digest) return { version: { digest, validators: fetched.validators } };
  const document = await readDocumentApart(fetched.bytes, signal);
  const isWhole = document.readings.every(({ kind }) => kind !== 'refused');
  return { document, version: isWhole ? { digest, validators: fetched.validators } : unread };
}

async function readFeedFile(path: string, { maxBytes }: FetchLimits): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    // A pipe would never end, a device never stop.
    if (!found.isFile()) throw new FeedError('it is no file');
    if (found.size > maxBytes) throw new FeedError(`it is over ${maxBytes} bytes`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw new FeedError(`it cannot be read (${error.code})`);
    throw error;
  }
}

/** In a sentence without addresses. */
export function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
