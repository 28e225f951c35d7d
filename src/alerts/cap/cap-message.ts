import { elements, text, type XmlNode } from '../../shared/xml.ts';
import { type Notice, readNotices } from './cap-notice.ts';
import { readTime, readZoneMinutes } from './cap-time.ts';

/** One message of the Common Alerting Protocol 1.2 to act on. Times are RFC 3339 UTC. */
export interface CapMessage {
  /** Sender and identifier: what other messages name it by. */
  readonly id: string;
  readonly sent: string;
  readonly type: 'alert' | 'update' | 'cancel';
  /** The earlier messages that it updates or cancels, the oldest first. */
  readonly references: readonly string[];
  /** What it warns of, in one language; nothing when it says that the danger is over. */
  readonly notices: readonly Notice[];
}

export type CapReading =
  | { readonly kind: 'message'; readonly message: CapMessage }
  /** An exercise, a test, an acknowledgement: right, but nothing to act on. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly reason: string };

const longestName = 200;
const mostReferences = 100;
const types = ['alert', 'update', 'cancel'] as const;

/** What an `alert` element says (CAP 1.2 §3.2.1). */
export function readCap(alert: XmlNode): CapReading {
  const [identifier, sender, written] = ['identifier', 'sender', 'sent'].map((name) => text(alert, name));
  const at = readTime(written);
  if (!isName(identifier) || !isName(sender)) return refused('it has no identifier or no sender');
  if (written === undefined || at === undefined) return refused('it does not say when it was sent');
  const type = typeOf(alert);
  if (!type) return { kind: 'ignored' };
  const references = type === 'alert' ? [] : readReferences(text(alert, 'references') ?? '');
  if (type === 'cancel' && references.length === 0) return refused('it cancels nothing');
  const sent = { at, zoneMinutes: readZoneMinutes(written) };
  const notices = type === 'cancel' ? [] : readNotices(elements(alert, 'info'), sent);
  return { kind: 'message', message: { id: idOf(sender, identifier), sent: at, type, references, notices } };
}

const refused = (reason: string): CapReading => ({ kind: 'refused', reason });

/** No spaces and commas in either (CAP 1.2 §3.2.1), so the pair cannot be mistaken. */
const isName = (name: string | undefined): name is string =>
  name !== undefined && name.length <= longestName && !/[\s,<&]/.test(name);

const idOf = (sender: string, identifier: string) => `${sender},${identifier}`;

/** Undefined for what is not meant in earnest, and for what only answers another message. */
function typeOf(alert: XmlNode): CapMessage['type'] | undefined {
  const written = text(alert, 'msgType')?.toLowerCase();
  return text(alert, 'status') === 'Actual' ? types.find((type) => type === written) : undefined;
}

/** "sender,identifier,sent" with spaces between them; what is not of this form names nothing. */
function readReferences(written: string): string[] {
  const triples = written.split(/\s+/).slice(-mostReferences);
  const named = triples.flatMap((triple) => {
    const [sender, identifier, sent] = triple.split(',');
    return isName(sender) && isName(identifier) ? [{ id: idOf(sender, identifier), sent: readTime(sent) ?? '' }] : [];
  });
  return named.toSorted((a, b) => a.sent.localeCompare(b.sent)).map(({ id }) => id);
}
