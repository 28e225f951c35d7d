import { XMLParser } from 'fast-xml-parser';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
});

/** An operation a client asked for: its name, and a look at any value under its element or the message's header. */
export interface SoapRequest {
  readonly operation: string;
  value(...path: readonly string[]): string | undefined;
  header(...path: readonly string[]): string | undefined;
}

/** Reads a SOAP 1.2 envelope; `undefined` when it is none. */
export function readSoap(xml: string): SoapRequest | undefined {
  const envelope = at(parseQuietly(xml), ['Envelope']);
  const body = at(envelope, ['Body']);
  const [operation] = Object.keys(body ?? {}).filter((key) => !key.startsWith('@'));
  if (operation === undefined) return undefined;
  return {
    operation,
    value: (...path) => textAt(body, [operation, ...path]),
    header: (...path) => textAt(envelope, ['Header', ...path]),
  };
}

function parseQuietly(xml: string): unknown {
  try {
    return parser.parse(xml);
  } catch {
    return undefined;
  }
}

function at(node: unknown, path: readonly string[]): object | string | undefined {
  let here: unknown = node;
  for (const name of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = Object.getOwnPropertyDescriptor(here, name)?.value;
  }
  return typeof here === 'string' || (typeof here === 'object' && here !== null) ? here : undefined;
}

function textAt(node: unknown, path: readonly string[]): string | undefined {
  const found = at(node, path);
  return typeof found === 'object' ? textAt(found, ['#text']) : found;
}

export function soapEnvelope(body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"' +
    ' xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"' +
    ' xmlns:trt="http://www.onvif.org/ver10/media/wsdl" xmlns:tptz="http://www.onvif.org/ver20/ptz/wsdl"' +
    ` xmlns:ter="http://www.onvif.org/ver10/error"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`
  );
}

/** A SOAP 1.2 fault with ONVIF's subcode (Core §5.8.2). */
export function soapFault(subcode: string, reason: string): string {
  return soapEnvelope(
    '<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode>' +
      `<SOAP-ENV:Value>${subcode}</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code>` +
      `<SOAP-ENV:Reason><SOAP-ENV:Text xml:lang="en">${reason}</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>`,
  );
}

export function xmlText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
