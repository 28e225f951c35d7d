import type { Alert } from '../alert.ts';
import { tag } from './cap-xml.ts';

/** An Atom index (RFC 4287) of CAP documents, which lie beside it. */
export function atomXml(alerts: readonly Alert[], { sender }: { readonly sender: string }): string {
  const updated = alerts.map(changedAt).toSorted().at(-1) ?? '1970-01-01T00:00:00.000Z';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    tag('id', `urn:tianliang:alerts:${encodeURIComponent(sender)}`),
    tag('title', '天亮 · 告警'),
    tag('updated', updated),
    `<author>${tag('name', sender)}</author>`,
    ...alerts.map(entry),
    '</feed>',
    '',
  ].join('\n');
}

function entry(alert: Alert): string {
  const { id, title } = alert;
  return [
    '<entry>',
    tag('id', `urn:uuid:${id}`),
    tag('title', title),
    tag('updated', changedAt(alert)),
    `<link rel="alternate" type="application/cap+xml" href="alerts/${encodeURIComponent(id)}.cap.xml"/>`,
    '</entry>',
  ].join('\n');
}

/** The last of what the alert says of itself. */
function changedAt({ lastSeenAt, endedAt, acknowledgedBy, closedBy }: Alert): string {
  const times = [lastSeenAt, endedAt, acknowledgedBy?.at, closedBy?.at].filter((at) => at !== undefined);
  return times.toSorted().at(-1) ?? lastSeenAt;
}
