import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What an evil or broken device does instead of answering (T22). */
export type OnvifMisbehaviour =
  | {
      readonly kind:
        | 'huge'
        | 'drip'
        | 'silent'
        | 'entity-bomb'
        | 'xxe'
        | 'deep'
        | 'gzip-bomb'
        | 'reserved-tags'
        | 'long-nonce'
        | 'html';
    }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'services-elsewhere'; readonly origin: string }
  | { readonly kind: 'stream-uri'; readonly uri: string };

type Wrong = (response: ServerResponse, how: OnvifMisbehaviour) => void;

const chunk = Buffer.alloc(64 * 1024, '<a>x</a>');
const hugeBytes = 200 * 1024 * 1024;
const head = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>';
const xml = { 'content-type': 'application/soap+xml' };

/** Answers in the given wrong way; `false` for those that only change a true answer. */
export function misbehaveOnvif(how: OnvifMisbehaviour, response: ServerResponse): boolean {
  const wrong = wrongs[how.kind];
  wrong?.(response, how);
  return wrong !== undefined;
}

const wrongs: Partial<Record<OnvifMisbehaviour['kind'], Wrong>> = {
  silent: () => {},
  redirect: (response, how) => response.writeHead(307, { location: how.kind === 'redirect' ? how.location : '' }).end(),
  huge: (response) => {
    response.writeHead(200, xml).write(head);
    pour(response, hugeBytes);
  },
  drip: (response) => {
    response.writeHead(200, xml);
    const drop = setInterval(() => response.write(' '), 1_000);
    response.on('close', () => clearInterval(drop));
  },
  'entity-bomb': (response) => {
    const entities = Array.from({ length: 20 }, (_, i) => `<!ENTITY e${i + 1} "${`&e${i};`.repeat(10)}">`).join('');
    response
      .writeHead(200, xml)
      .end(`<!DOCTYPE x [<!ENTITY e0 "boom">${entities}]>${head}<a>&e20;</a></s:Body></s:Envelope>`);
  },
  xxe: (response) => {
    const definition = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>';
    response.writeHead(200, xml).end(`${definition}${head}<a>&file;</a></s:Body></s:Envelope>`);
  },
  deep: (response) => response.writeHead(200, xml).end(`${head}${'<a>'.repeat(200_000)}`),
  'gzip-bomb': (response) => {
    const bomb = gzipSync(Buffer.alloc(16 * 1024 * 1024));
    response.writeHead(200, { ...xml, 'content-encoding': 'gzip' }).end(bomb);
  },
  'reserved-tags': (response) =>
    response.writeHead(200, xml).end(`${head}<__proto__><polluted>yes</polluted></__proto__></s:Body></s:Envelope>`),
  'long-nonce': (response) =>
    response.writeHead(401, { 'www-authenticate': `Digest realm="r", nonce="${'n'.repeat(60_000)}"` }).end(),
  html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Router</body></html>'),
};

function pour(response: ServerResponse, left: number): void {
  if (response.destroyed) return;
  if (left <= 0) response.end();
  else response.write(chunk, () => pour(response, left - chunk.length));
}
