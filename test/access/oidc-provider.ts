import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export const clientId = 'tianliang';
export const clientSecret = 'Zg8s-4kQv-91xw-Lm2n';

export interface Person {
  readonly sub: string;
  readonly preferred_username: string;
  readonly groups: readonly string[];
  readonly areas?: readonly string[];
}

/** A real OpenID provider on this machine; whoever says who they are is believed. */
export interface OidcSite extends AsyncDisposable {
  readonly issuer: string;
  readonly people: Map<string, Person>;
  /** Once the house listens. */
  open(callback: string): void;
  /** As if it were switched off; `open` brings it back. */
  shut(): void;
}

const unavailable: RequestListener = (_request, response) => response.writeHead(503).end();

export async function startOidcSite(): Promise<OidcSite> {
  const server: Server = createServer();
  let listener = unavailable;
  server.on('request', (request, response) => listener(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const people = new Map<string, Person>();
  const end = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return {
    issuer,
    people,
    open: (callback) => {
      listener = providerOf(issuer, people, callback).callback();
    },
    shut: () => {
      listener = unavailable;
    },
    [Symbol.asyncDispose]: end,
  };
}

function providerOf(issuer: string, people: ReadonlyMap<string, Person>, callback: string): Provider {
  return new Provider(issuer, {
    clients: [
      { client_id: clientId, client_secret: clientSecret, redirect_uris: [callback], response_types: ['code'] },
    ],
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups', 'areas'], email: ['email'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['only-of-this-test'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    findAccount: async (_context, id) => {
      const person = people.get(id);
      return person && { accountId: id, claims: async () => ({ ...person }) };
    },
  });
}

/** A browser as far as redirects, forms and cookies go; every host has a jar of its own. */
export class FormBrowser {
  readonly #jars = new Map<string, Map<string, string>>();

  cookie(url: string, name: string): string | undefined {
    return this.#jars.get(new URL(url).host)?.get(name);
  }

  forget(): void {
    this.#jars.clear();
  }

  /** Follows redirects until `until` is reached or there are none; answers where it ended. */
  async follow(from: string, until = (_url: string) => false): Promise<{ url: string; response: Response }> {
    let url = from;
    for (let hops = 0; hops < 15; hops += 1) {
      const response = await this.#fetch(url);
      const location = response.headers.get('location');
      if (location === null || until(new URL(location, url).href))
        return { url: location === null ? url : new URL(location, url).href, response };
      url = new URL(location, url).href;
    }
    throw new Error(`too many redirects from ${from}`);
  }

  /** Sends the one form of the page. */
  async submit(page: string, fields: Record<string, string>): Promise<string> {
    const body = new URLSearchParams(fields);
    const response = await this.#fetch(page, { method: 'POST', body });
    const location = response.headers.get('location');
    if (location === null) throw new Error(`no redirect from ${page}: ${response.status}`);
    return new URL(location, page).href;
  }

  async #fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const { host, pathname } = new URL(url);
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const signal = AbortSignal.timeout(15_000);
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie }, signal });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const path = attributes.find((one) => one.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
      if (value === '' || !`${pathname}/`.startsWith(path.replace(/\/?$/, ''))) jar.delete(name);
      if (value !== '') jar.set(name, value);
    }
    return response;
  }
}
