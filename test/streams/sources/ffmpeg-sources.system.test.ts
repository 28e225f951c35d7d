import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from '../../../demo/free-port.ts';
import { commandLines } from '../../helpers/processes.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { makeClip, run } from '../clips.ts';
import { camera, play, startSources } from './playing.ts';

async function startHttp(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { port, [Symbol.asyncDispose]: close };
}

test.each(['h264', 'h265'] as const)('footage in %s plays in a loop at its own speed', async (codec) => {
  const clip = camera(`file:${await makeClip({ codec, size: '320x240', seconds: 1, slices: 1 })}`);
  await using house = startSources([clip]);
  await using played = play(house.sources, clip);
  await expect.poll(() => played.pictures.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const startedAt = performance.now();
  await expect.poll(() => played.pictures.length, { timeout: 20_000 }).toBeGreaterThan(60);
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeGreaterThan(1_800);
  expect(played.pictures[0]).toMatchObject({ codec, key: true });
  expect(new Set(played.pictures.map(({ parameters }) => parameters)).size).toBe(1);
  const steps = played.pictures
    .slice(1)
    .map(({ timestamp }, index) => timestamp - (played.pictures[index]?.timestamp ?? 0));
  expect(steps.every((step) => step > 2_000 && step < 9_000)).toBe(true);
});

test('a file that is not there is said so', async () => {
  const clip = camera('file:/no/such/footage.mp4');
  await using house = startSources([clip]);
  expect(await play(house.sources, clip).ended).toMatchObject({ failure: 'not_found' });
});

test('a name of a file is never an option, a pattern of a shell, or another protocol', async () => {
  await using dir = await tempDir();
  const names = ['-i', '$(touch owned)', 'a b; touch owned', 'new\nline', "it's", 'concat:a|b', '%n%n'];
  const clip = await makeClip({ size: '320x240', seconds: 1, slices: 1 });
  for (const name of names) {
    await copyFile(clip, join(dir.path, name));
    const config = camera(`file:${join(dir.path, name)}`);
    await using house = startSources([config]);
    await using played = play(house.sources, config);
    await expect.poll(() => played.pictures.length, { timeout: 20_000 }).toBeGreaterThan(0);
  }
  expect([join(dir.path, 'owned'), 'owned'].some((path) => existsSync(path))).toBe(false);
});

test('footage that is a script or a playlist naming other files is not followed', async () => {
  await using dir = await tempDir();
  const clip = await makeClip({ size: '320x240', seconds: 1, slices: 1 });
  await writeFile(join(dir.path, 'script.txt'), `ffconcat version 1.0\nfile '${clip}'\n`);
  await writeFile(
    join(dir.path, 'list.m3u8'),
    `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\nfile://${clip}\n#EXT-X-ENDLIST\n`,
  );
  for (const name of ['script.txt', 'list.m3u8']) {
    const config = camera(`file:${join(dir.path, name)}`);
    await using house = startSources([config]);
    const played = play(house.sources, config);
    expect((await played.ended)?.failure).toBe('protocol');
    expect(played.pictures).toEqual([]);
  }
});

test('HTTP-FLV and HLS play from a server that wants a login, which stands on no command line', async () => {
  await using dir = await tempDir();
  const clip = await makeClip({ size: '320x240', seconds: 2, slices: 1 });
  await run('ffmpeg', ['-loglevel', 'error', '-i', clip, '-c', 'copy', join(dir.path, 'live.flv')]);
  await run('ffmpeg', ['-loglevel', 'error', '-i', clip, '-c', 'copy', '-f', 'hls', join(dir.path, 'live.m3u8')]);
  const asked: string[] = [];
  await using http = await startHttp((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    const right = request.headers.authorization === `Basic ${Buffer.from('operator:canary-secret').toString('base64')}`;
    if (!right) response.writeHead(401).end();
    else createReadStream(join(dir.path, new URL(`http://x${request.url}`).pathname.slice(1))).pipe(response);
  });
  for (const file of ['live.flv', 'live.m3u8']) {
    const config = camera(`http://localhost:${http.port}/${file}?token=canary-token`, {
      username: 'operator',
      password: 'canary-secret',
    });
    await using house = startSources([config]);
    await using played = play(house.sources, config);
    const seen: string[] = [];
    const pictures = () => {
      seen.push(...commandLines(process.pid));
      return played.pictures.length;
    };
    await expect.poll(pictures, { timeout: 20_000, interval: 10 }).toBeGreaterThan(10);
    expect(seen.join('\n')).toMatch(/ffmpeg/);
    expect(seen.join('\n')).not.toContain('canary');
    const wrong = { ...config, password: 'wrong' };
    expect(await play(house.sources, wrong).ended).toMatchObject({ failure: 'unauthorized' });
  }
  expect(asked[0]).toBe(`localhost:${http.port} /live.flv?token=canary-token`);
});

test('a redirect and a playlist that lead elsewhere are not followed', async () => {
  const strangers: string[] = [];
  await using stranger = await startHttp((request, response) => {
    strangers.push(request.url ?? '');
    response.end();
  });
  await using http = await startHttp((request, response) => {
    if (request.url === '/moved')
      response.writeHead(302, { location: `http://127.0.0.1:${stranger.port}/secret` }).end();
    else
      response.end(
        `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1,\nhttp://127.0.0.1:${stranger.port}/secret.ts\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`,
      );
  });
  for (const path of ['moved', 'list.m3u8']) {
    const config = camera(`http://127.0.0.1:${http.port}/${path}`);
    await using house = startSources([config]);
    expect((await play(house.sources, config).ended)?.failure).toBe('protocol');
  }
  expect(strangers).toEqual([]);
});

test('what is not there, not listening or silent is told apart', async () => {
  await using http = await startHttp((_, response) => response.writeHead(404).end());
  const gone = camera(`http://127.0.0.1:${http.port}/x.flv`);
  await using house = startSources([gone]);
  expect(await play(house.sources, gone).ended).toMatchObject({ failure: 'not_found' });
  const closed = await freePort(0);
  expect(await play(house.sources, camera(`http://127.0.0.1:${closed}/`)).ended).toMatchObject({ failure: 'refused' });
  expect(await play(house.sources, camera('http://no-such-host.invalid/')).ended).toMatchObject({ failure: 'dns' });
  await using silent = await startHttp(() => undefined);
  expect((await play(house.sources, camera(`http://127.0.0.1:${silent.port}/`)).ended)?.failure).toMatch(
    /no_packets|timeout/,
  );
}, 60_000);
