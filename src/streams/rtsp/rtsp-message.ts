import { RtspError } from './rtsp-error.ts';

/** What a server says between the media: an answer, or (rare) a request of its own. Header names are lower case. */
export interface RtspMessage {
  /** 0 for a request of the server. */
  readonly status: number;
  readonly reason: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: Buffer;
}

/** A message whose body has not come yet. */
export interface Head {
  readonly message: Omit<RtspMessage, 'body'>;
  readonly bodyBytes: number;
}

export const limits = { lineBytes: 8_192, headerBytes: 65_536, bodyBytes: 262_144, headers: 256 } as const;

/** How the first bytes of an answer and of a server's own request look. */
export const messageStart: RegExp = /^RTSP\/1\./;
export const requestStart: RegExp = /^[A-Z_]{3,16} (?:rtsps?:|\*|\/)/i;

const startLine = /^(?:RTSP\/1\.\d (\d{3}) ?(.*)|([A-Z_]{3,16}) \S+ RTSP\/1\.\d)$/;

/** Reads a start line and headers, without the empty line at their end. Throws RtspError on what is out of bounds. */
export function parseHead(head: Buffer): Head {
  const [first = '', ...lines] = head.toString('latin1').split('\r\n');
  const start = startLine.exec(first);
  if (!start) throw broken('noise');
  if (first.length > limits.lineBytes || lines.some((line) => line.length > limits.lineBytes)) throw broken('line');
  if (lines.length > limits.headers) throw broken('count');
  const headers = parseHeaders(lines);
  const [, status = '0', reason = ''] = start;
  return { message: { status: Number(status), reason, headers }, bodyBytes: bodyLength(headers) };
}

function parseHeaders(lines: readonly string[]): Map<string, string[]> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return headers;
}

function bodyLength(headers: ReadonlyMap<string, readonly string[]>): number {
  const text = headers.get('content-length')?.[0] ?? '0';
  const length = /^\d{1,9}$/.test(text) ? Number(text) : Number.POSITIVE_INFINITY;
  if (length > limits.bodyBytes) throw broken('body');
  return length;
}

const sentences = {
  noise: 'it sends bytes that are neither a message nor an interleaved frame',
  line: 'it sends a header line longer than 8 KiB',
  headers: 'its headers are longer than 64 KiB',
  count: `it sends more than ${limits.headers} headers`,
  body: 'it announces a body longer than 256 KiB',
} as const;

/** What a camera does that is no RTSP, as a failure that says so. */
export function broken(what: keyof typeof sentences): RtspError {
  return new RtspError('protocol', `The camera does not speak RTSP properly: ${sentences[what]}.`);
}
