import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type DocumentRequest, fetchDocument, isAllowed } from '../../../src/alerts/cap/fetch-document.ts';
import { redirecting, saying, startWeatherServer, tagged, type WeatherServer } from './weather-server.ts';

const open = new AbortController().signal;

async function get({ url, host }: WeatherServer, path: string, more: Partial<DocumentRequest> = {}) {
  const fetched = await fetchDocument({ url: new URL(path, url), hosts: [host], ...more }, open);
  if (fetched.kind === 'unchanged') return { text: undefined, validators: undefined };
  return { text: Buffer.from(fetched.bytes).toString(), validators: fetched.validators };
}

test('a document is fetched with what tells its next version from this one', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/a', tagged('<alert/>', '"v1"'));
  const { text, validators } = await get(server, '/a');
  expect([text, validators]).toEqual(['<alert/>', { etag: '"v1"', modified: 'Thu, 26 Nov 2026 00:00:00 GMT' }]);
  expect(await get(server, '/a', { validators })).toMatchObject({ text: undefined });
  expect(server.asked.map(({ status }) => status)).toEqual([200, 304]);
  expect(server.asked[1]?.headers).toMatchObject({ 'if-modified-since': 'Thu, 26 Nov 2026 00:00:00 GMT' });
});

test('a compressed document is read, and counts by what it unpacks to', async () => {
  await using server = await startWeatherServer();
  const gzip = { 'content-encoding': 'gzip' };
  server.answers.set('/small', saying(gzipSync('<alert/>'), gzip));
  server.answers.set('/bomb', saying(gzipSync(Buffer.alloc(50 * 1024 * 1024)), gzip));
  expect((await get(server, '/small')).text).toBe('<alert/>');
  await expect(get(server, '/bomb')).rejects.toThrow('it is over 1048576 bytes');
});

test('two megabytes are not read to their end', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/large', saying(Buffer.alloc(2 * 1024 * 1024, 0x20)));
  await expect(get(server, '/large')).rejects.toThrow('it is over 1048576 bytes');
});

test('an answer that drips is given up, header and body together', async () => {
  await using server = await startWeatherServer();
  server.answers.set('/drip', (_, response) => {
    response.writeHead(200);
    const dripping = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(dripping));
  });
  server.answers.set('/silent', () => {});
  const limits = { maxBytes: 1_000_000, deadlineMs: 500 };
  for (const path of ['/drip', '/silent'])
    await expect(get(server, path, { limits })).rejects.toThrow('no whole answer within 0.5 s');
});

test('a redirect is followed on the same host, and nowhere else', async () => {
  await using server = await startWeatherServer();
  await using other = await startWeatherServer();
  other.answers.set('/secret', saying('<alert/>'));
  server.answers.set('/moved', redirecting('/here'));
  server.answers.set('/here', saying('<alert/>'));
  server.answers.set('/away', redirecting('http://weather.example/'));
  server.answers.set('/inside', redirecting(`${other.url}/secret`));
  server.answers.set('/file', redirecting('file:///etc/passwd'));
  server.answers.set('/round', redirecting('/round'));
  expect((await get(server, '/moved')).text).toBe('<alert/>');
  for (const path of ['/away', '/file']) await expect(get(server, path)).rejects.toThrow('redirects to another host');
  // The same machine on another port is another server.
  await expect(get(server, '/inside')).rejects.toThrow('is not one of the hosts');
  await expect(get(server, '/round')).rejects.toThrow('redirects without end');
  expect(other.asked).toEqual([]);
});

test.each([
  ['/none', 'it answers HTTP 404'],
  ['/down', 'it answers HTTP 503'],
  ['/cut', 'it cannot be reached'],
  ['/noise', 'it cannot be reached'],
])('%s is refused: %s', async (path, reason) => {
  await using server = await startWeatherServer();
  server.answers.set('/down', (_, response) => void response.writeHead(503).end('x'));
  server.answers.set('/cut', (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('x');
    response.socket?.end();
  });
  server.answers.set('/noise', (_, response) => void response.socket?.end('SSH-2.0-OpenSSH\r\n'));
  await expect(get(server, path)).rejects.toThrow(reason);
});

test('a server that is not there is said so, without its address', async () => {
  const { url, host } = await (async () => {
    await using server = await startWeatherServer();
    return server;
  })();
  const asked = fetchDocument({ url: new URL(`${url}/?key=canary`), hosts: [host] }, open);
  const error = await asked.catch((reason: unknown) => reason);
  expect(String(error)).toBe('Error: it cannot be reached (ECONNREFUSED)');
});

test('who stops waiting hears his own reason', async () => {
  await using server = await startWeatherServer();
  const stop = new AbortController();
  server.answers.set('/silent', () => stop.abort(new Error('enough')));
  const asked = fetchDocument({ url: new URL('/silent', server.url), hosts: [server.host] }, stop.signal);
  await expect(asked).rejects.toThrow('enough');
});

test.each([
  ['https://alerts.example/feed', true],
  ['http://alerts.example/feed', true],
  ['https://ALERTS.example:443/feed', true],
  ['https://alerts.example:8443/feed', false],
  ['https://10.0.0.7:8443/', true],
  ['https://10.0.0.7/', false],
  ['https://user@alerts.example/', false],
  ['ftp://alerts.example/', false],
  ['file:///etc/passwd', false],
  ['https://alerts.example.evil.example/', false],
])('%s is allowed: %s', (url, allowed) => {
  expect(isAllowed(new URL(url), ['alerts.example', '10.0.0.7:8443'])).toBe(allowed);
});
