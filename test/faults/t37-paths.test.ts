import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Caller } from '../helpers/caller.ts';
import { openSmallSite } from '../helpers/small-site.ts';

/** Stands in a file beside the server's folders: whoever reads it got out of them. */
const canary = 'canary-beside-the-data';

const names = [
  '..',
  '../canary.txt',
  '../../../../../../etc/passwd',
  '..%2fcanary.txt',
  '..%2f..%2f..%2f..%2fetc%2fpasswd',
  '..%5ccanary.txt',
  '..%5c..%5c..%5cetc%5cpasswd',
  '%2e%2e%2fcanary.txt',
  '%2e%2e/canary.txt',
  '%252e%252e%252fcanary.txt',
  '%252e%252e%255ccanary.txt',
  '%c0%ae%c0%ae%c0%afcanary.txt',
  '....//canary.txt',
  '%2fetc%2fpasswd',
  '/etc/passwd',
  'C:%5cWindows%5cwin.ini',
  '%5c%5chost%5cshare',
  'file:%2f%2f%2fetc%2fpasswd',
  'k1432-120%00',
  'k1432-120%00.jpg',
  '%00',
  'k1432-120%0a',
  'k1432-120%2f..%2fk1432-120',
  'con',
  '.',
  '%2e',
  '~root',
  'a'.repeat(65),
];

/** Folders that serve files: the wall, the API's page. */
const folders = ['/', '/assets/', '/docs/', '/docs/static/', '/streams/', '/api/v1/cameras/'];

interface Answer {
  readonly what: string;
  readonly status: number;
  readonly body: string;
}

/** The path as it is written: `fetch` would straighten it. */
async function ask(caller: Caller, method: string, path: string): Promise<Answer> {
  const type = path.includes('.whep') ? 'application/sdp' : 'application/json';
  const body = method === 'GET' || method === 'DELETE' ? '' : '{}';
  const headers = { ...caller.headers, ...(body && { 'content-type': type }) };
  const { hostname, port } = new URL(caller.url);
  const asked = request({ hostname, port, path, method, headers, timeout: 30_000 });
  asked.end(body);
  const [response] = await once(asked, 'response');
  return { what: `${method} ${path}`, status: response.statusCode, body: await text(response) };
}

interface OpenApi {
  readonly paths: Record<string, Record<string, unknown>>;
}

/** Every route that takes a name, by what the server says of itself. */
async function routesWithNames(caller: Caller): Promise<{ method: string; path: string }[]> {
  const { paths }: OpenApi = JSON.parse(await (await caller.fetch('/openapi.json')).text());
  const named = Object.entries(paths).filter(([path]) => path.includes('{'));
  return named.flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

const leaks = ({ body }: Answer) => body.includes('root:') || body.includes(canary);

test('T37: no route that takes a name gives anything but 400 or 404 for one that leads elsewhere', async () => {
  await using site = await openSmallSite();
  await writeFile(join(site.config, 'canary.txt'), canary);
  await using server = await site.start();
  const admin = await server.admin();
  const before = await readdir(site.data);
  const routes = await routesWithNames(admin);
  const answers: Answer[] = [];
  for (const { method, path } of routes)
    for (const name of names)
      answers.push(
        await ask(
          admin,
          method,
          path.replace(/\{\w+\}/g, () => name),
        ),
      );
  const wrong = answers.filter((answer) => ![400, 404].includes(answer.status) || leaks(answer));
  console.log(
    `T37: ${routes.length} routes, ${answers.length} requests, ${wrong.length} answered otherwise than 400, 404`,
  );
  for (const { what, status, body } of wrong) console.log(`T37: ${what} -> ${status} ${body.slice(0, 120)}`);
  expect(routes.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/streams/{id}.flv', '/api/v1/cameras/{id}/snapshot.jpg']),
  );
  expect(wrong).toEqual([]);
  expect((await readdir(site.data)).filter((file) => !before.includes(file) && !/sqlite/.test(file))).toEqual([]);
});

test('T37: no folder of files leads out of itself', async () => {
  await using site = await openSmallSite();
  await writeFile(join(site.config, 'canary.txt'), canary);
  await using server = await site.start();
  const admin = await server.admin();
  const paths = folders.flatMap((folder) => names.map((name) => `${folder}${name}`));
  const answers: Answer[] = [];
  for (const path of paths) answers.push(await ask(admin, 'GET', path));
  console.log(`T37: ${answers.length} requests to folders, ${answers.filter(leaks).length} leaks`);
  expect(answers.filter(leaks)).toEqual([]);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
});

test('T37: a link among the last pictures is not followed to an answer', async () => {
  await using site = await openSmallSite();
  const pictures = join(site.data, 'pictures');
  await mkdir(pictures, { recursive: true });
  const outside = join(site.config, 'canary.txt');
  await writeFile(outside, canary);
  await symlink(outside, join(pictures, 'k1432-120.jpg'));
  await using server = await site.start();
  const admin = await server.admin();
  const answer = await ask(admin, 'GET', '/api/v1/cameras/k1432-120/snapshot.jpg');
  expect(leaks(answer)).toBe(false);
  expect([200, 503]).toContain(answer.status);
  await server.program.end();
  expect([await readFile(outside, 'utf8'), (await stat(outside)).isFile()]).toEqual([canary, true]);
});
