import { attribute, element, elements, parseXml, text, type XmlNode } from '../../shared/xml.ts';
import { type CapReading, readCap } from './cap-message.ts';

/** What a feed's address answers with: messages, links to more of them, or both. */
export interface CapDocument {
  readonly readings: readonly CapReading[];
  /** As written; some may be relative to the document. */
  readonly links: readonly string[];
}

/** It is XML, and neither a CAP message nor an Atom or RSS index of them. */
export class NotCapError extends Error {}

/** More entries than any index of warnings has. */
const mostEntries = 5_000;

/** Reads a CAP message, or an index whose entries link or hold messages. Throws what `parseXml` does, or NotCapError. */
export function readDocument(bytes: Uint8Array): CapDocument {
  const root = parseXml(decodeXml(bytes));
  const single = element(root, 'alert');
  if (single !== undefined) return { readings: [readCap(single)], links: [] };
  const entries = entriesOf(root)?.slice(0, mostEntries);
  if (!entries) throw new NotCapError('it is neither a CAP message nor an index of them');
  // An entry that holds its message need not be fetched as well.
  const held = entries.map((entry) => elements(element(entry, 'content'), 'alert'));
  return {
    readings: held.flat().map(readCap),
    links: [...new Set(entries.flatMap((entry, index) => (held[index]?.length ? [] : (linkOf(entry) ?? []))))],
  };
}

/** The text in the encoding that the document declares, UTF-8 unless it does. */
function decodeXml(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']/.exec(head)?.[1];
  try {
    return new TextDecoder(declared ?? 'utf-8').decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** Atom (RFC 4287), RSS 2.0, or RSS 1.0 whose items stand beside the channel. */
function entriesOf(root: XmlNode): XmlNode[] | undefined {
  const has = (name: string) => element(root, name) !== undefined;
  if (has('feed')) return elements(element(root, 'feed'), 'entry');
  if (has('rss')) return elements(element(root, 'rss', 'channel'), 'item');
  return has('RDF') ? elements(element(root, 'RDF'), 'item') : undefined;
}

const capType = 'application/cap+xml';

/** The link that says it is CAP, else the first that leads to the entry itself. */
function linkOf(entry: XmlNode): string | undefined {
  const links = elements(entry, 'link');
  const isCap = (link: XmlNode) => attribute(link, 'type')?.startsWith(capType) === true;
  const leads = (link: XmlNode) => [undefined, 'alternate'].includes(attribute(link, 'rel'));
  const enclosed = elements(entry, 'enclosure').find(isCap);
  const chosen = links.find(isCap) ?? links.find(leads);
  return attribute(enclosed, 'url') ?? attribute(chosen, 'href') ?? text(chosen);
}
