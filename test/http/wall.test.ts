import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { openHouse } from '../helpers/access-house.ts';

async function builtWall() {
  const folder = await mkdtemp(join(tmpdir(), 'tianliang-wall-'));
  const wall = join(folder, 'dist');
  await mkdir(join(wall, 'assets'), { recursive: true });
  await writeFile(join(wall, 'index.html'), '<title>wall</title>');
  await writeFile(join(wall, 'assets/main-1a2b3c.js'), 'wall()');
  await writeFile(join(wall, '.env'), 'canary');
  await writeFile(join(folder, 'secret.txt'), 'canary');
  await symlink(join(folder, 'secret.txt'), join(wall, 'assets/link.txt'));
  return { wall, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** The path exactly as written: a client library would tidy it. */
async function rawGet(port: number, path: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`);
  return await text(socket);
}

test('the wall’s files are public; the page is asked for anew, hashed files are kept', async () => {
  await using files = await builtWall();
  await using house = await openHouse({ http: { wall: files.wall } });
  const page = await house.app.inject('/');
  expect([page.statusCode, page.body, page.headers['cache-control']]).toEqual([200, '<title>wall</title>', 'no-cache']);
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  const script = await house.app.inject('/assets/main-1a2b3c.js');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(script.headers['content-type']).toContain('javascript');
  expect((await house.app.inject('/assets/missing.js')).json().code).toBe('NOT_FOUND');
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/..%5csecret.txt',
  '/%252e%252e/secret.txt',
  '/assets/..%00/secret.txt',
  '/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
  '//etc/passwd',
  '/.env',
  '/assets/link.txt',
])('%s does not leave the wall’s folder', async (path) => {
  await using files = await builtWall();
  await using house = await openHouse({ http: { wall: files.wall } });
  const address = await house.app.listen({ port: 0, host: '127.0.0.1' });
  const answer = await rawGet(Number(new URL(address).port), path);
  expect(answer).toMatch(/^HTTP\/1\.1 (400|404) /);
  expect(answer).not.toContain('canary');
  expect(answer).not.toContain('root:');
});

test('without a built wall the page says how to build it', async () => {
  await using house = await openHouse({ http: { wall: '/nonexistent' } });
  const answer = await house.app.inject('/');
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([503, 'text/html; charset=utf-8']);
  expect(answer.body).toContain('npm run build');
});

test('the patrol’s page has an address of its own, asked for anew each time', async () => {
  await using files = await builtWall();
  await writeFile(join(files.wall, 'patrol.html'), '<title>patrol</title>');
  await using house = await openHouse({ http: { wall: files.wall } });
  const answer = await house.app.inject('/patrol');
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-cache');
  expect(answer.body).toContain('patrol');
});
