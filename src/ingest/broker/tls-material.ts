import { readFile } from 'node:fs/promises';
import { createSecureContext, type TLSSocket } from 'node:tls';
import { AppError } from '../../shared/app-error.ts';
import type { BrokerTlsConfig } from '../config.ts';

/** The files of a `tls:` entry, read. */
export interface TlsMaterial {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly ca?: Buffer;
  readonly crl?: Buffer;
}

/** A file of `mqtt.embedded.tls` is not there, or is not what it should be. */
export class BrokerTlsError extends AppError {
  readonly code = 'BROKER_TLS';

  constructor(cause: unknown) {
    super(`mqtt.embedded.tls: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** Fails with `BrokerTlsError`. */
export async function readTlsMaterial({ cert, key, ca, crl }: BrokerTlsConfig): Promise<TlsMaterial> {
  try {
    const material = {
      cert: await readFile(cert),
      key: await readFile(key),
      ...(ca !== undefined && { ca: await readFile(ca) }),
      ...(crl !== undefined && { crl: await readFile(crl) }),
    };
    createSecureContext(material);
    return material;
  } catch (error) {
    throw new BrokerTlsError(error);
  }
}

/** The common name in a certificate that was checked; undefined when it has none, or more than one. */
export function peerName(socket: TLSSocket): string | undefined {
  const name: unknown = socket.getPeerCertificate().subject?.CN;
  return typeof name === 'string' && name !== '' ? name : undefined;
}
