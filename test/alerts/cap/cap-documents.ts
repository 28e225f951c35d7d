/** CAP 1.2 messages as agencies write them, made to measure. */

export const cap12 = 'urn:oasis:names:tc:emergency:cap:1.2';
export const sender = 'bijie@weather.example';

export interface CapInfo {
  readonly language?: string;
  readonly event?: string;
  readonly headline?: string;
  readonly severity?: string;
  readonly urgency?: string;
  readonly certainty?: string;
  readonly effective?: string;
  readonly onset?: string;
  readonly expires?: string;
  readonly responseType?: string;
  /** The inside of the `area` element. */
  readonly area?: string;
}

export interface CapAlert {
  readonly identifier: string;
  readonly sender?: string;
  readonly sent: string;
  readonly status?: string;
  readonly msgType?: string;
  readonly references?: string;
  readonly infos?: readonly CapInfo[];
}

/** Around K1430 of the demo's road. */
export const fogPolygon = '27.25,105.15 27.25,105.29 27.38,105.29 27.38,105.15 27.25,105.15';
export const outline = (polygon: string) => `<areaDesc>七星关区</areaDesc><polygon>${polygon}</polygon>`;

const optional = (name: string, value: string | undefined) =>
  value === undefined ? '' : `<${name}>${value}</${name}>`;

export function infoXml({ event = '大雾', urgency = 'Expected', certainty = 'Likely', ...info }: CapInfo): string {
  return `<info>
  ${optional('language', info.language)}<category>Met</category><event>${event}</event>
  ${optional('responseType', info.responseType)}
  <urgency>${urgency}</urgency><severity>${info.severity ?? 'Severe'}</severity><certainty>${certainty}</certainty>
  ${optional('effective', info.effective)}${optional('onset', info.onset)}${optional('expires', info.expires)}
  <senderName>毕节市气象台</senderName>${optional('headline', info.headline)}
  <area>${info.area ?? outline(fogPolygon)}</area>
</info>`;
}

export function capXml({ status = 'Actual', msgType = 'Alert', infos = [{}], ...alert }: CapAlert): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="${cap12}">
  <identifier>${alert.identifier}</identifier><sender>${alert.sender ?? sender}</sender><sent>${alert.sent}</sent>
  <status>${status}</status><msgType>${msgType}</msgType><scope>Public</scope>
  ${optional('references', alert.references)}
  ${infos.map(infoXml).join('\n')}
</alert>`;
}

/** The reference to a message of the same sender. */
export const referenceTo = ({ identifier, sent }: CapAlert) => `${sender},${identifier},${sent}`;

export function atomXml(hrefs: readonly string[]): string {
  const entries = hrefs.map((href, index) => `<entry><id>e${index}</id><link href="${href}"/></entry>`);
  return `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/"/>${entries.join('')}</feed>`;
}
