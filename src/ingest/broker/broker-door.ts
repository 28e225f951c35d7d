import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { ConnectionRefusal } from '../intake-counters.ts';
import type { BrokerLimits } from './broker-limits.ts';
import type { RefusalFacts } from './refusal-log.ts';
import type { SocketPlace, SocketQuota } from './socket-quota.ts';
import { peerName, type TlsMaterial } from './tls-material.ts';

/** A socket that may speak MQTT now. */
export interface Arrival {
  readonly socket: Socket;
  readonly place: SocketPlace;
  readonly address: string;
  /** The name in its certificate, where one was asked for. */
  readonly certified?: string;
}

export interface BrokerDoorOptions {
  readonly limits: Pick<BrokerLimits, 'sockets' | 'connectMs'>;
  /** Shared by all doors. */
  readonly quota: SocketQuota;
  readonly arrived: (arrival: Arrival) => void;
  readonly refused: (reason: ConnectionRefusal, facts: RefusalFacts) => void;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** One port devices come in by: plain, or with TLS and then, where there is an authority, with a certificate of theirs. */
export class BrokerDoor {
  readonly #options: BrokerDoorOptions;
  readonly #server: Server;
  readonly #close: () => Promise<void>;

  constructor(options: BrokerDoorOptions, tls?: TlsMaterial) {
    this.#options = options;
    this.#server = tls ? this.#secure(tls) : this.#plain();
    this.#server.maxConnections = options.limits.sockets;
    this.#close = () => new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Resolves when it listens; rejects when the address is taken. */
  async listen({ host, port }: Address): Promise<void> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
  }

  /** Where it listens, once it does. */
  get address(): Address {
    const { address, port } = (this.#server.address() ?? { address: '', port: 0 }) as AddressInfo;
    return { host: address, port };
  }

  /** Nobody comes in any more; resolves when all who did are gone. */
  close(): Promise<void> {
    return this.#close();
  }

  #plain(): Server {
    return createServer({ noDelay: true, keepAlive: true }, (socket) => {
      const place = this.#enter(socket);
      if (place) this.#options.arrived({ socket, place, address: socket.remoteAddress ?? '' });
    });
  }

  #secure({ cert, key, ca, crl }: TlsMaterial): Server {
    const { refused, limits } = this.#options;
    const places = new Map<string, SocketPlace>();
    const asks = ca !== undefined;
    // What is wrong with a certificate is said in our log only when it is us who close.
    const trust = { ...(ca && { ca }), ...(crl && { crl }), requestCert: asks, rejectUnauthorized: false };
    const handshakeTimeout = limits.connectMs;
    const server = createTlsServer({ cert, key, ...trust, handshakeTimeout, noDelay: true, keepAlive: true });
    server.on('connection', (socket: Socket) => {
      const place = this.#enter(socket);
      const name = endpoint(socket);
      if (place) places.set(name, place);
      socket.once('close', () => {
        place?.leave();
        places.delete(name);
      });
    });
    server.on('tlsClientError', (error, socket) => {
      refused('tls-handshake', { address: socket.remoteAddress ?? '', why: error.message });
      // One that only took too long is still open.
      socket.destroy();
    });
    server.on('secureConnection', (socket: TLSSocket) => {
      const place = places.get(endpoint(socket));
      if (place) this.#admit({ socket, place, address: socket.remoteAddress ?? '' }, asks);
      else socket.destroy();
    });
    return server;
  }

  #admit(arrival: Arrival & { readonly socket: TLSSocket }, asks: boolean): void {
    const { arrived, refused } = this.#options;
    const { socket, address } = arrival;
    const certified = asks && socket.authorized ? peerName(socket) : undefined;
    if (!asks || certified !== undefined) {
      arrived({ ...arrival, ...(certified !== undefined && { certified }) });
      return;
    }
    refused('client-certificate', { address, why: String(socket.authorizationError ?? 'no name in it') });
    socket.on('error', () => {});
    socket.destroy();
  }

  /** Counted before a byte of it is read, and before TLS costs anything. */
  #enter(socket: Socket): SocketPlace | undefined {
    const { quota, refused } = this.#options;
    const address = socket.remoteAddress ?? '';
    const place = quota.enter(address);
    if (place) return place;
    refused('too-many-sockets', { address });
    socket.destroy();
    return undefined;
  }
}

/** A connection over TLS has the ends of the one below it. */
function endpoint({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
