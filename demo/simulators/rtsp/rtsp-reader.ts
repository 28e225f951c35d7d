export interface RtspRequest {
  readonly method: string;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

/** What a client sends on its connection: requests, and interleaved packets. */
export type RtspInput = { type: 'request'; request: RtspRequest } | { type: 'packet'; channel: number; data: Buffer };

const maxBuffered = 256 * 1024;

/** Cuts a byte stream into requests and interleaved packets (RFC 2326 §10.12). Throws when neither comes of it. */
export class RtspReader {
  #buffered: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): RtspInput[] {
    this.#buffered = Buffer.concat([this.#buffered, chunk]);
    const inputs: RtspInput[] = [];
    for (let input = this.#next(); input; input = this.#next()) inputs.push(input);
    if (this.#buffered.length > maxBuffered) throw new Error('a request is too long');
    return inputs;
  }

  #next(): RtspInput | undefined {
    return this.#buffered[0] === 0x24 ? this.#packet() : this.#request();
  }

  #packet(): RtspInput | undefined {
    if (this.#buffered.length < 4) return undefined;
    const size = 4 + this.#buffered.readUInt16BE(2);
    if (this.#buffered.length < size) return undefined;
    const channel = this.#buffered.readUInt8(1);
    const data = this.#buffered.subarray(4, size);
    this.#buffered = this.#buffered.subarray(size);
    return { type: 'packet', channel, data };
  }

  #request(): RtspInput | undefined {
    const end = this.#buffered.indexOf('\r\n\r\n');
    if (end === -1) return undefined;
    const request = parseRequest(this.#buffered.toString('latin1', 0, end));
    const size = end + 4 + Number(request.headers.get('content-length') ?? 0);
    if (this.#buffered.length < size) return undefined;
    this.#buffered = this.#buffered.subarray(size);
    return { type: 'request', request };
  }
}

function parseRequest(head: string): RtspRequest {
  const [line = '', ...fields] = head.trimStart().split('\r\n');
  const [method = '', url = '', version = ''] = line.split(' ');
  if (!version.startsWith('RTSP/1.')) throw new Error('not an RTSP request');
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':');
      return [field.slice(0, colon).trim().toLowerCase(), field.slice(colon + 1).trim()] as const;
    }),
  );
  return { method, url, headers };
}
