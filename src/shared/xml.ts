import { XMLParser } from 'fast-xml-parser';

const maxDepth = 64;

/** Refused before parsing: nothing we read has a document type or an entity of its own (SOAP 1.2 §5). */
const documentType = /<!\s*(?:DOCTYPE|ENTITY)/i;

const predefined = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** An element as parsed: read it with `element`, `elements`, `text` and `attribute`, which take anything. */
export type XmlNode = unknown;

/** XML that is well formed and yet must not be read: it carries definitions, reserved names or endless nesting. */
export class DangerousXml extends Error {}

/** Parses XML without prefixes, entities or guessed types. Throws DangerousXml. */
export function parseXml(source: string): XmlNode {
  if (documentType.test(source)) throw new DangerousXml('it holds a document type definition');
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    removeNSPrefix: true,
    processEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    maxNestedTags: maxDepth,
  });
  try {
    return parser.parse(source);
  } catch (error) {
    const reason = error instanceof Error ? error.message.slice(0, 100) : 'it cannot be parsed';
    throw /nested tags|SECURITY/.test(reason) ? new DangerousXml(reason) : new SyntaxError(reason);
  }
}

/** All children of that name, whether the document has none, one or many. */
export function elements(node: XmlNode, name: string): XmlNode[] {
  const value = field(node, name);
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** The first element at a path of names. */
export function element(node: XmlNode, ...path: readonly string[]): XmlNode {
  return path.reduce<XmlNode>((at, name) => elements(at, name)[0], node);
}

/** The text at a path of names, trimmed; `undefined` when there is none. */
export function text(node: XmlNode, ...path: readonly string[]): string | undefined {
  const found = element(node, ...path);
  const value = typeof found === 'string' ? found : field(found, '#text');
  return typeof value === 'string' && value.trim() !== '' ? decode(value.trim()) : undefined;
}

export function number(node: XmlNode, ...path: readonly string[]): number | undefined {
  const value = Number(text(node, ...path) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}

export function attribute(node: XmlNode, name: string): string | undefined {
  const value = field(node, `@${name}`);
  return typeof value === 'string' ? decode(value) : undefined;
}

/** For text and attribute values alike. */
export function escapeXml(value: string): string {
  return [...predefined].reduce((escaped, [name, sign]) => escaped.replaceAll(sign, `&${name};`), value);
}

function field(node: XmlNode, name: string): unknown {
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
  return Object.getOwnPropertyDescriptor(node, name)?.value;
}

function decode(value: string): string {
  return value.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|amp|lt|gt|quot|apos);/gi, (whole, reference: string) => {
    if (!reference.startsWith('#')) return predefined.get(reference.toLowerCase()) ?? whole;
    const code = Number(reference.slice(1).replace(/^x/i, '0x'));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
