import { randomUUID } from 'node:crypto';
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { scopesOf } from './onvif/onvif-operations.ts';
import { readSoap, xmlText } from './onvif/soap-message.ts';

const group = '239.255.255.250';
const probeAction = 'http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe';

/** What a device announces of itself. */
export interface AnnouncedDevice {
  readonly urn: string;
  readonly xaddr: string;
  readonly identity: { readonly name: string; readonly hardware: string; readonly location: string };
}

export interface WsDiscoveryOptions {
  readonly devices: readonly AnnouncedDevice[];
  /** Multicast is joined on this interface only: loopback unless told. */
  readonly host?: string;
  readonly port?: number;
}

/** Answers WS-Discovery probes for its devices, each by one ProbeMatches to whoever asked, and nothing else. */
export class WsDiscoveryResponder {
  readonly #socket: Socket;
  readonly #devices: readonly AnnouncedDevice[];
  #answered = 0;
  #closed = false;

  constructor(socket: Socket, devices: readonly AnnouncedDevice[]) {
    this.#socket = socket;
    this.#devices = devices;
    socket.on('message', (message, sender) => this.#hear(message, sender));
    socket.on('error', () => {});
  }

  /** Probes answered since the start. */
  get answered(): number {
    return this.#answered;
  }

  /** Safe to call twice. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #hear(message: Buffer, sender: RemoteInfo): void {
    const probe = readSoap(message.toString());
    const messageId = probe?.header('MessageID');
    if (probe?.operation !== 'Probe' || probe.header('Action') !== probeAction || !messageId) return;
    const types = probe.value('Types') ?? 'NetworkVideoTransmitter';
    if (!types.includes('NetworkVideoTransmitter')) return;
    this.#answered += 1;
    for (const device of this.#devices) this.#socket.send(matchMessage(device, messageId), sender.port, sender.address);
  }
}

/** Joins the group and listens; rejects when UDP 3702 is taken by somebody who does not share it. */
export async function startWsDiscovery(options: WsDiscoveryOptions): Promise<WsDiscoveryResponder> {
  const { devices, host = '127.0.0.1', port = 3702 } = options;
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  // Bound to the group itself, the socket hears multicast only: a unicast datagram from afar never gets an answer.
  socket.bind({ address: group, port, exclusive: true });
  await once(socket, 'listening');
  socket.addMembership(group, host);
  socket.setMulticastInterface(host);
  return new WsDiscoveryResponder(socket, devices);
}

function matchMessage({ urn, xaddr, identity }: AnnouncedDevice, relatesTo: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"' +
    ' xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"' +
    ' xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><SOAP-ENV:Header>' +
    `<wsa:MessageID>urn:uuid:${randomUUID()}</wsa:MessageID><wsa:RelatesTo>${xmlText(relatesTo)}</wsa:RelatesTo>` +
    '<wsa:To>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</wsa:To>' +
    '<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/ProbeMatches</wsa:Action></SOAP-ENV:Header>' +
    '<SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch>' +
    `<wsa:EndpointReference><wsa:Address>${xmlText(urn)}</wsa:Address></wsa:EndpointReference>` +
    `<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>${xmlText(scopesOf(identity).join(' '))}</d:Scopes>` +
    `<d:XAddrs>${xmlText(xaddr)}</d:XAddrs><d:MetadataVersion>1</d:MetadataVersion>` +
    '</d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>'
  );
}
