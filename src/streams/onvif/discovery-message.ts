import { element, elements, parseXml, text, type XmlNode } from '../../shared/xml.ts';

/** A device that answered our probe. What it says of itself is unchecked until an operator onboards it. */
export interface DiscoveredDevice {
  /** Its endpoint reference: the same over reboots and address changes. */
  readonly urn: string;
  /** The address its answer came from. */
  readonly address: string;
  /** Its device service on that very address. */
  readonly xaddr: string;
  readonly types: readonly string[];
  readonly scopes: readonly string[];
  readonly name?: string;
  readonly hardware?: string;
  readonly location?: string;
}

const soap = 'http://www.w3.org/2003/05/soap-envelope';
const addressing = 'http://schemas.xmlsoap.org/ws/2004/08/addressing';
const discovery = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
const maxMatches = 16;
const maxTexts = 32;

/** A Probe for video transmitters (WS-Discovery §5.3.1, ONVIF Core §7.3.3.1). */
export function probeMessage(messageId: string): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="${soap}" xmlns:a="${addressing}" xmlns:d="${discovery}"` +
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>' +
    `<a:Action s:mustUnderstand="1">${discovery}/Probe</a:Action><a:MessageID>urn:uuid:${messageId}</a:MessageID>` +
    '<a:ReplyTo><a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo>' +
    '<a:To s:mustUnderstand="1">urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To></s:Header>' +
    '<s:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></s:Body></s:Envelope>'
  );
}

/**
 * The devices of one answer that may be believed: it relates to our probe, and they live where it came from (T23).
 * Never throws: whatever else arrives is no device.
 */
export function parseMatches(message: Buffer, sender: string, messageId: string): DiscoveredDevice[] {
  // Cheaper than parsing: nothing that lacks our id can relate to it.
  if (!message.includes(messageId)) return [];
  const envelope = element(parseQuietly(message), 'Envelope');
  const relatesTo = text(envelope, 'Header', 'RelatesTo') ?? '';
  if (!relatesTo.toLowerCase().endsWith(messageId)) return [];
  const matches = elements(element(envelope, 'Body', 'ProbeMatches'), 'ProbeMatch');
  return matches.slice(0, maxMatches).flatMap((match) => deviceOf(match, sender) ?? []);
}

function parseQuietly(message: Buffer): XmlNode {
  try {
    return parseXml(message.toString('utf8'));
  } catch {
    return undefined;
  }
}

function deviceOf(match: XmlNode, sender: string): DiscoveredDevice | undefined {
  const xaddr = words(match, 'XAddrs').find((address) => isAt(address, sender));
  if (xaddr === undefined) return undefined;
  const scopes = words(match, 'Scopes');
  return {
    urn: text(match, 'EndpointReference', 'Address')?.slice(0, 200) ?? xaddr,
    address: sender,
    xaddr,
    types: words(match, 'Types'),
    scopes,
    ...scopeValue(scopes, 'name'),
    ...scopeValue(scopes, 'hardware'),
    ...scopeValue(scopes, 'location'),
  };
}

function words(match: XmlNode, name: string): string[] {
  const all = text(match, name)?.split(/\s+/) ?? [];
  return all.slice(0, maxTexts).map((word) => word.slice(0, 500));
}

function isAt(address: string, sender: string): boolean {
  const url = URL.parse(address);
  return (url?.protocol === 'http:' || url?.protocol === 'https:') && url.hostname === sender;
}

function scopeValue<K extends 'name' | 'hardware' | 'location'>(scopes: readonly string[], key: K) {
  const prefix = `onvif://www.onvif.org/${key}/`;
  const value = scopes.find((scope) => scope.toLowerCase().startsWith(prefix))?.slice(prefix.length);
  return value ? { [key]: unescaped(value) } : {};
}

function unescaped(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
