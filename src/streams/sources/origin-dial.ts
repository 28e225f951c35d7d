import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import type { TlsTrust } from '../rtsp/rtsp-dial.ts';
import { StreamFailure } from '../stream-failure.ts';

const dialTimeoutMs = 5_000;

/** A TLS connection to a source at its one address, proven before a byte of ours is sent. Throws StreamFailure. */
export async function dialTls(url: URL, address: string, trust: TlsTrust = {}): Promise<Socket> {
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const servername = isIP(name) === 0 ? { servername: name } : {};
  const socket = connect({ host: address, port: Number(url.port || 443), ...servername, rejectUnauthorized: false });
  const connected = Promise.withResolvers<void>();
  const late = setTimeout(
    () => connected.reject(new StreamFailure('timeout', 'The source does not answer.')),
    dialTimeoutMs,
  );
  socket.once('secureConnect', connected.resolve).on('error', (error) => connected.reject(dialFailure(error)));
  try {
    await connected.promise;
    refuseUnproven(socket, trust);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
}

function refuseUnproven(socket: TLSSocket, { fingerprint, insecure }: TlsTrust): void {
  const shown = plain(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
  if (fingerprint === undefined && (insecure || socket.authorized)) return;
  if (fingerprint !== undefined && shown === plain(fingerprint)) return;
  const sentence = fingerprint === undefined ? 'Nobody vouches for its certificate' : 'It shows another certificate';
  throw new StreamFailure(
    'protocol',
    `${sentence}; if it is the right source, pin it: tls: { fingerprint: ${shown} }.`,
  );
}

const plain = (fingerprint: string) => fingerprint.replaceAll(':', '').toLowerCase();

const codes: Record<string, readonly ['refused' | 'timeout', string]> = {
  ECONNREFUSED: ['refused', 'The source refuses connections on its port.'],
  ETIMEDOUT: ['timeout', 'The source does not answer.'],
  EHOSTUNREACH: ['timeout', 'There is no way to the source from here.'],
  ENETUNREACH: ['timeout', 'There is no way to the network of the source from here.'],
};

/** Why a source could not be reached. */
export function dialFailure(error: NodeJS.ErrnoException | StreamFailure): StreamFailure {
  if (error instanceof StreamFailure) return error;
  const [cause, sentence] = codes[error.code ?? ''] ?? ['lost', 'The source ended the connection.'];
  return new StreamFailure(cause, sentence, { cause: error });
}
