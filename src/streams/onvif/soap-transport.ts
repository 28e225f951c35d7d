import { attribute, DangerousXml, element, parseXml, text, type XmlNode } from '../../shared/xml.ts';
import { digestAuthorization } from './http-digest.ts';
import { exchange, type HttpAnswer, type HttpRequest } from './http-exchange.ts';
import { NotOnvif, OnvifFault, OnvifUnauthorized, UnsafeOnvifAnswer } from './onvif-errors.ts';
import { type Credentials, usernameToken } from './ws-security.ts';

/** Nothing an ONVIF device says is larger, or takes longer (T22). */
const soapLimits = { maxBytes: 1024 * 1024, deadlineMs: 5_000 };
const pictureLimits = { maxBytes: 8 * 1024 * 1024, deadlineMs: 10_000 };

export interface SoapTransportOptions {
  /** The device service as registered: its origin is the only place anything is ever sent to. */
  readonly address: URL;
  readonly credentials?: Credentials;
  /** For the whole of one call; 5 s unless told. */
  readonly deadlineMs?: number;
}

/** SOAP 1.2 calls to one device, with WS-Security by the device's clock and, when it insists, HTTP Digest. */
export class SoapTransport {
  readonly #address: URL;
  readonly #credentials: Credentials | undefined;
  readonly #deadlineMs: number;
  #clockOffsetMs = 0;

  constructor({ address, credentials, deadlineMs = soapLimits.deadlineMs }: SoapTransportOptions) {
    this.#address = address;
    this.#credentials = credentials;
    this.#deadlineMs = deadlineMs;
  }

  get host(): string {
    return this.#address.host;
  }

  get hostname(): string {
    return this.#address.hostname;
  }

  /** How far the device's clock is ahead of ours: its replay window counts by its own. */
  set clockOffsetMs(offsetMs: number) {
    this.#clockOffsetMs = offsetMs;
  }

  /** Where a service lives: whatever host the device names, its path on the registered one. */
  pinned(serviceAddress: string | undefined): URL {
    const claimed = serviceAddress === undefined ? null : URL.parse(serviceAddress, this.#address.href);
    if (claimed?.protocol !== 'http:' && claimed?.protocol !== 'https:') return this.#address;
    return new URL(`${claimed.pathname}${claimed.search}`, this.#address.origin);
  }

  /** Sends one request element and returns the first element of the answer's body. */
  async call(service: URL, body: string, signal: AbortSignal): Promise<XmlNode> {
    return this.#call(service, body, { signal, credentials: this.#credentials });
  }

  /** The same without credentials, for what ONVIF answers before login (Core §5.9.4.3, PRE_AUTH). */
  async callOpenly(service: URL, body: string, signal: AbortSignal): Promise<XmlNode> {
    return this.#call(service, body, { signal, credentials: undefined });
  }

  /** Fetches a picture from the registered device's host; the port may differ. */
  async picture(url: URL, signal: AbortSignal): Promise<Buffer> {
    if (url.hostname !== this.#address.hostname) throw new UnsafeOnvifAnswer(this.host, 'a snapshot on another host');
    const answer = await this.#withDigest({ method: 'GET', url }, pictureLimits, signal);
    if (answer.status === 401) throw new OnvifUnauthorized(this.host);
    if (answer.status !== 200) throw new NotOnvif(this.host, `HTTP ${answer.status} for a snapshot`);
    return answer.body;
  }

  async #call(
    service: URL,
    body: string,
    { signal, credentials }: { signal: AbortSignal; credentials: Credentials | undefined },
  ): Promise<XmlNode> {
    const token = credentials ? usernameToken(credentials, new Date(Date.now() + this.#clockOffsetMs)) : '';
    const request: HttpRequest = {
      method: 'POST',
      url: this.pinned(service.href),
      headers: { 'content-type': 'application/soap+xml; charset=utf-8' },
      body: envelope(token, body),
    };
    const limits = { ...soapLimits, deadlineMs: this.#deadlineMs };
    const answer = credentials
      ? await this.#withDigest(request, limits, signal)
      : await exchange(request, limits, signal);
    return this.#bodyOf(answer);
  }

  /** Once more with HTTP Digest, never twice: a device that asks again is refusing. */
  async #withDigest(request: HttpRequest, limits: typeof soapLimits, signal: AbortSignal): Promise<HttpAnswer> {
    const startedAt = performance.now();
    const answer = await exchange(request, limits, signal);
    const authorization = answer.status === 401 ? this.#authorization(answer.challenges, request) : undefined;
    if (authorization === undefined) return answer;
    const leftMs = Math.max(1, Math.floor(limits.deadlineMs - (performance.now() - startedAt)));
    const headers = { ...request.headers, authorization };
    return exchange({ ...request, headers }, { ...limits, deadlineMs: leftMs }, signal);
  }

  #authorization(challenges: readonly string[], { method, url }: HttpRequest): string | undefined {
    const credentials = this.#credentials;
    if (!credentials) return undefined;
    const uri = `${url.pathname}${url.search}`;
    const answers = challenges.map((challenge) => digestAuthorization(challenge, credentials, { method, uri }));
    return answers.find((answer) => answer !== undefined);
  }

  #bodyOf({ status, body }: HttpAnswer): XmlNode {
    if (status === 401 || status === 403) throw new OnvifUnauthorized(this.host);
    // A fault travels as 400 or 500 (SOAP 1.2 Part 2 §7.4.2); anything else is some other server's page.
    if (![200, 400, 500].includes(status)) throw new NotOnvif(this.host, `HTTP ${status}`);
    const envelopeBody = element(this.#parsed(body), 'Envelope', 'Body');
    const fault = element(envelopeBody, 'Fault');
    if (fault !== undefined) throw this.#fault(fault);
    if (status !== 200) throw new NotOnvif(this.host, `HTTP ${status}`);
    const names = typeof envelopeBody === 'object' && envelopeBody !== null ? Object.keys(envelopeBody) : [];
    const name = names.find((key) => !key.startsWith('@') && key !== '#text');
    if (name === undefined) throw new NotOnvif(this.host, 'there is no SOAP body');
    return element(envelopeBody, name);
  }

  #parsed(body: Buffer): XmlNode {
    try {
      return parseXml(body.toString('utf8'));
    } catch (error) {
      if (error instanceof DangerousXml) throw new UnsafeOnvifAnswer(this.host, error.message);
      throw new NotOnvif(this.host, 'it is no XML');
    }
  }

  #fault(fault: XmlNode): Error {
    const subcode = text(fault, 'Code', 'Subcode', 'Subcode', 'Value') ?? text(fault, 'Code', 'Subcode', 'Value') ?? '';
    const reason = text(fault, 'Reason', 'Text') ?? text(fault, 'faultstring') ?? attribute(fault, 'reason') ?? '';
    const denied = /not\s*authori[sz]ed|FailedAuthentication|InvalidSecurity/i;
    if (denied.test(subcode) || denied.test(reason)) return new OnvifUnauthorized(this.host);
    return new OnvifFault(this.host, subcode.slice(0, 100), reason.slice(0, 200));
  }
}

function envelope(header: string, body: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>' +
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">' +
    `<s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}
