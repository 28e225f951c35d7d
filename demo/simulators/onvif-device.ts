import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type OnvifAuth, OnvifGate } from './onvif/onvif-gate.ts';
import { misbehaveOnvif, type OnvifMisbehaviour } from './onvif/onvif-misbehaviour.ts';
import {
  type DeviceFacts,
  type DeviceIdentity,
  type DeviceProfile,
  openOperations,
  operations,
} from './onvif/onvif-operations.ts';
import { type PtzCommand, type PtzPreset, SimulatedPtz } from './onvif/onvif-ptz.ts';
import { readSoap, type SoapRequest, soapEnvelope, soapFault } from './onvif/soap-message.ts';

export interface OnvifDeviceOptions {
  readonly host?: string;
  readonly port?: number;
  readonly identity?: Partial<DeviceIdentity>;
  readonly profiles: readonly DeviceProfile[];
  readonly username: string;
  readonly password: string;
  /** What it takes; both unless told. */
  readonly auth?: OnvifAuth;
  /** How far its clock is ahead. */
  readonly clockOffsetMs?: number;
  readonly presets?: readonly PtzPreset[];
  /** Makes the JPEG of the snapshot URL. Without it there is none (404). */
  readonly snapshot?: () => Promise<Uint8Array>;
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const defaultPresets: readonly PtzPreset[] = [
  { token: '01', name: '全景' },
  { token: '1', name: '应急车道' },
  { token: 'far', name: '远端' },
];

const maxRequestBytes = 64 * 1024;

/** An ONVIF device (Device, Media, PTZ; SOAP 1.2 over HTTP) that remembers what it was told and can turn evil. */
export class SimulatedOnvifDevice {
  readonly #options: OnvifDeviceOptions;
  readonly #host: string;
  readonly #server: Server;
  readonly #gate: OnvifGate;
  readonly #ptz: SimulatedPtz;
  readonly #now: () => number;
  readonly #requests: string[] = [];
  #port = 0;
  #misbehaviour: OnvifMisbehaviour | undefined;

  constructor(options: OnvifDeviceOptions) {
    const { username, password, auth = 'both', clockOffsetMs = 0, presets = defaultPresets } = options;
    this.#options = options;
    this.#host = options.host ?? '127.0.0.1';
    this.#now = () => Date.now() + clockOffsetMs;
    this.#gate = new OnvifGate({ username, password, auth, now: this.#now });
    this.#ptz = new SimulatedPtz(presets);
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  get port(): number {
    return this.#port;
  }

  /** The address of its device service, as WS-Discovery announces it. */
  get xaddr(): string {
    return `${this.#origin}/onvif/device_service`;
  }

  /** As `source` of cameras.yaml. */
  get url(): string {
    return `onvif://${this.#host}:${this.#port}/`;
  }

  get identity(): DeviceIdentity {
    const {
      name = 'Simulated',
      hardware = 'SIM-1',
      location = 'Guizhou',
      serial = '0001',
    } = this.#options.identity ?? {};
    return { name, hardware, location, serial };
  }

  /** What the motors were told, oldest first. */
  get ptzCommands(): readonly PtzCommand[] {
    return this.#ptz.commands;
  }

  /** The operations asked for since the start, refused ones too. */
  get requests(): readonly string[] {
    return this.#requests;
  }

  misbehave(how: OnvifMisbehaviour | undefined): void {
    this.#misbehaviour = how;
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#options.port ?? 0, this.#host);
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #origin(): string {
    return `http://${this.#host}:${this.#port}`;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (this.#misbehaviour && misbehaveOnvif(this.#misbehaviour, response)) return;
    const reply = request.method === 'GET' ? await this.#snapshot(request) : this.#answer(request, body);
    response.writeHead(reply.status, { 'content-type': 'application/soap+xml; charset=utf-8', ...reply.headers });
    response.end(reply.body);
  }

  #answer(request: IncomingMessage, body: string): Reply {
    const soap = readSoap(body);
    if (!soap) return { status: 400, body: soapFault('ter:WellFormed', 'Not a SOAP 1.2 message') };
    this.#requests.push(soap.operation);
    const allowed = openOperations.has(soap.operation) || this.#gate.allows(soap, credentialsOf(request));
    return allowed ? this.#perform(soap) : this.#denial();
  }

  #perform(soap: SoapRequest): Reply {
    const operation = operations.get(soap.operation);
    if (!operation)
      return { status: 500, body: soapFault('ter:ActionNotSupported', 'Optional action not implemented') };
    const result = operation(soap, this.#facts());
    if (typeof result === 'string') return { status: 200, body: soapEnvelope(result) };
    return { status: 400, body: soapFault(result.fault, 'The requested item does not exist') };
  }

  #facts(): DeviceFacts {
    const how = this.#misbehaviour;
    return {
      identity: this.identity,
      profiles: this.#options.profiles,
      ptz: this.#ptz,
      now: this.#now,
      origin: how?.kind === 'services-elsewhere' ? how.origin : this.#origin,
      streamUri: how?.kind === 'stream-uri' ? how.uri : undefined,
    };
  }

  #denial(): Reply {
    const { challenge } = this.#gate;
    const body = soapFault('ter:NotAuthorized', 'Sender not authorized');
    if (challenge === undefined) return { status: 400, body };
    return { status: 401, headers: { 'www-authenticate': challenge }, body };
  }

  async #snapshot(request: IncomingMessage): Promise<Reply> {
    const { snapshot } = this.#options;
    if (!snapshot || !request.url?.startsWith('/snapshot.jpg')) return { status: 404, body: '' };
    if (!this.#gate.allowsHttp(credentialsOf(request))) return this.#denial();
    return { status: 200, headers: { 'content-type': 'image/jpeg' }, body: await snapshot() };
  }
}

/** Starts a device on a free port unless told; rejects when the port is taken. */
export async function startOnvifDevice(options: OnvifDeviceOptions): Promise<SimulatedOnvifDevice> {
  const device = new SimulatedOnvifDevice(options);
  await device.listen();
  return device;
}

function credentialsOf({ headers, method = '' }: IncomingMessage) {
  return { authorization: headers.authorization, method };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxRequestBytes) throw new Error('a request is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
