import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectTls, type PeerCertificate, type TLSSocket } from 'node:tls';
import { RtspError, type RtspFailure } from './rtsp-error.ts';

/** How a camera proves that it is the right one. Without either, a public authority must vouch for it. */
export interface TlsTrust {
  /** SHA-256 of its certificate, hex, with or without colons. */
  readonly fingerprint?: string;
  /** Takes whatever it shows: whoever sits between may listen. */
  readonly insecure?: boolean;
}

export interface DialOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly trust?: TlsTrust;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Where bytes are read into, and what happens then: without a stream's queue, and without a copy. */
  readonly onread: OnReadOpts;
  /** Nothing is read any more; called for a dial that failed, too. */
  readonly onClosed: () => void;
}

/** A connection to the camera, proven when it is TLS. Throws RtspError `dns`, `refused`, `timeout` or `protocol`. */
export async function dial(options: DialOptions): Promise<Socket> {
  const { timeoutMs, signal } = options;
  signal.throwIfAborted();
  const socket = options.tls
    ? openTls(options)
    : connectTcp({ ...place(options), noDelay: true, onread: options.onread });
  socket.once('close', options.onClosed);
  const connected = Promise.withResolvers<void>();
  const timer = setTimeout(() => connected.reject(tooLate(socket, timeoutMs)), timeoutMs);
  const onAbort = () => connected.reject(new RtspError('lost', 'The attempt was given up.'));
  signal.addEventListener('abort', onAbort);
  const ready = options.tls ? 'secureConnect' : 'connect';
  const onError = (cause: Error) => connected.reject(dialError(cause));
  socket.once(ready, connected.resolve).once('error', onError);
  try {
    await connected.promise;
    if (options.tls) refuseUnproven(socket as TLSSocket, options.trust ?? {});
    return socket.off('error', onError);
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function tooLate(socket: Socket, timeoutMs: number): RtspError {
  const within = `within ${timeoutMs / 1_000} s`;
  if (socket.connecting) return new RtspError('timeout', `The camera's address does not answer ${within}.`);
  return new RtspError('timeout', `The camera does not speak TLS on this port ${within}; is it an rtsp:// port?`);
}

function place({ host, port }: DialOptions): { host: string; port: number } {
  return { host, port };
}

/** Proof is asked for afterwards, so that the sentence can tell which fingerprint to pin. */
function openTls(options: DialOptions): TLSSocket {
  const { host, onread } = options;
  const named = isIP(host) === 0 ? { servername: host } : {};
  const reading = { onread };
  const socket = connectTls({ ...place(options), ...named, ...reading, rejectUnauthorized: false });
  return socket.setNoDelay(true);
}

function refuseUnproven(socket: TLSSocket, { fingerprint, insecure }: TlsTrust): void {
  const shown = plain((socket.getPeerCertificate() as Partial<PeerCertificate>).fingerprint256 ?? '');
  if (fingerprint !== undefined) {
    if (shown === plain(fingerprint)) return;
    throw new RtspError(
      'protocol',
      `The camera shows another certificate than the one pinned; if it was renewed, pin ${shown}.`,
    );
  }
  if (insecure || socket.authorized) return;
  throw new RtspError(
    'protocol',
    `Nobody vouches for the camera's certificate; if it is the right camera, pin it: tls: { fingerprint: ${shown} }.`,
  );
}

function plain(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase();
}

const failures: Record<string, readonly [RtspFailure, string]> = {
  ENOTFOUND: ['dns', "The camera's host name is not known to DNS."],
  EAI_AGAIN: ['dns', 'DNS does not answer; the host name of the camera cannot be resolved.'],
  ECONNREFUSED: ['refused', 'The camera refuses connections on its RTSP port; is RTSP switched on, is the port right?'],
  ETIMEDOUT: ['timeout', "The camera's address does not answer."],
  EHOSTUNREACH: ['timeout', 'There is no way to the camera from here; check its network and power.'],
  ENETUNREACH: ['timeout', 'There is no way to the network of the camera from here.'],
  EPROTO: ['protocol', 'The camera does not speak TLS on this port; is it an rtsp:// port?'],
};

function dialError(cause: NodeJS.ErrnoException): RtspError {
  const code = cause.code?.startsWith('ERR_SSL') ? 'EPROTO' : (cause.code ?? '');
  const [failure, sentence] = failures[code] ?? ['refused', 'The connection to the camera failed.'];
  return new RtspError(failure, sentence, { cause });
}
