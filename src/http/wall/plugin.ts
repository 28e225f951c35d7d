import { realpathSync } from 'node:fs';
import { access, readFile, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

export interface WallOptions {
  /** Where Vite put the wall. */
  readonly directory: string | undefined;
}

const notBuilt = `<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<title>天亮 Tianliang</title>
<h1>天亮</h1>
<p>指挥墙尚未构建。请运行 <code>npm run build</code>，然后刷新。</p>
<p lang="en">The wall is not built yet. Run <code>npm run build</code> and reload.</p>
<p><a href="/docs/">API</a></p>
</html>
`;

/** The directory when there is a built wall in it. */
async function builtWall(directory: string | undefined): Promise<string | undefined> {
  if (directory === undefined) return undefined;
  return await access(join(directory, 'index.html')).then(
    () => realpath(directory),
    () => undefined,
  );
}

/** Vite names a file under assets/ after its content. */
const isHashed = (path: string) => /[\\/]assets[\\/]/.test(path);

/** A link in the folder must not lead out of it. Fastify asks synchronously; the file system has the path at hand. */
function isInside(root: string, path: string): boolean {
  try {
    return `${realpathSync(join(root, path))}${sep}`.startsWith(`${root}${sep}`);
  } catch {
    return false;
  }
}

/** The patrol's page has an address that is told over the radio. */
async function servePatrol(app: FastifyInstance, root: string): Promise<void> {
  const page = await readFile(join(root, 'patrol.html')).catch(() => undefined);
  if (!page) return;
  app.get('/patrol', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page),
  );
}

/** The wall's own files, for everybody: what it shows comes from the API, and that asks who is there. */
export async function wallPlugin(app: FastifyInstance, { directory }: WallOptions): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'public' };
    route.schema = { ...route.schema, hide: true };
  });
  const root = await builtWall(directory);
  if (root === undefined) {
    app.get('/', async (_request, reply) => reply.code(503).type('text/html; charset=utf-8').send(notBuilt));
    return;
  }
  await servePatrol(app, root);
  await app.register(fastifyStatic, {
    root,
    dotfiles: 'ignore',
    decorateReply: false,
    cacheControl: false,
    allowedPath: (path) => isInside(root, path),
    setHeaders: (response, path) => {
      response.header('cache-control', isHashed(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
