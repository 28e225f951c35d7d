import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { expect, test } from 'vitest';
import { runDemo } from '../../demo/demo.ts';
import { freePort } from '../../demo/free-port.ts';
import { resolveOnvifSource } from '../../src/streams/onvif/onvif-source.ts';

const main = join(import.meta.dirname, 'server-stub.ts');

async function startDemo(extra: NodeJS.ProcessEnv = {}) {
  const data = mkdtempSync(join(tmpdir(), 'tianliang-demo-'));
  const stop = new AbortController();
  const printed: string[] = [];
  const port = await freePort(0);
  const print = (text: string) => void printed.push(text);
  const done = runDemo({
    port,
    data,
    env: { ...env, ...extra },
    print,
    signal: stop.signal,
    main,
    discoveryPort: 43_712,
  });
  return {
    done,
    printed,
    stop: () => stop.abort(),
    url: `http://127.0.0.1:${port}`,
    async welcomed() {
      const early = done.then((code) => expect.fail(`the demo ended with ${code}: ${printed.join()}`));
      await Promise.race([early, expect.poll(() => printed.length, { timeout: 30_000 }).toBeGreaterThan(0)]);
    },
    given: () =>
      existsSync(join(data, 'given.json')) ? JSON.parse(readFileSync(join(data, 'given.json'), 'utf8')) : {},
    log: () => readFileSync(join(data, 'server.log'), 'utf8'),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done.catch(() => {});
      rmSync(data, { recursive: true, force: true });
    },
  };
}

test('the demo starts a world, says how to get in, and ends with 0', async () => {
  await using demo = await startDemo({ TIANLIANG_DEMO_PASSWORD: '' });
  await demo.welcomed();
  const wanted = ['tianliang/sensors/ws06/reading', 'owntracks/xun9/phone'];
  await expect.poll(() => demo.given().topics ?? [], { timeout: 20_000 }).toEqual(expect.arrayContaining(wanted));
  await expect.poll(() => demo.given().topics.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(12 + 14);

  const { command, values, given } = demo.given();
  expect(command).toBe('start');
  expect(values.config).toMatch(/demo\/config$/);
  expect(values.host).toBe('127.0.0.1');
  expect(demo.printed[0]).toContain(demo.url);
  expect(demo.printed[0]).toContain(given.TIANLIANG_DEMO_PASSWORD);
  expect(given.TIANLIANG_DEMO_PASSWORD.length).toBeGreaterThanOrEqual(12);
  expect(given.TIANLIANG_DEMO_ACCOUNTS).toBe('1');

  const credentials = { username: 'operator', password: given.DEMO_CAMERA_PASSWORD };
  const signal = AbortSignal.timeout(10_000);
  const sources = [1, 2, 3, 4, 5, 6].map((n) => ({
    url: `onvif://127.0.0.1:${given[`DEMO_ONVIF_PORT_${n}`]}/`,
    ...credentials,
  }));
  const resolved = await Promise.all(sources.map((source) => resolveOnvifSource(source, signal)));
  expect(resolved.map(({ profile }) => profile.video?.codec)).toEqual(['h264', 'h264', 'h264', 'h264', 'h264', 'h265']);
  expect(resolved.every(({ rtspUrl }) => /^rtsp:\/\/127\.0\.0\.1:\d+\/main$/.test(rtspUrl))).toBe(true);

  const stoppedAt = performance.now();
  demo.stop();
  expect(await demo.done).toBe(0);
  expect(performance.now() - stoppedAt).toBeLessThan(10_000);
  await expect(resolveOnvifSource(sources[0] ?? { url: '' }, signal)).rejects.toMatchObject({ code: 'refused' });
});

test('a password that was given is not printed', async () => {
  await using demo = await startDemo({ TIANLIANG_DEMO_PASSWORD: 'correct-horse-battery' });
  await demo.welcomed();
  expect(demo.printed.join()).not.toContain('correct-horse-battery');
  await expect
    .poll(() => demo.given().given?.TIANLIANG_DEMO_PASSWORD, { timeout: 10_000 })
    .toBe('correct-horse-battery');
});

test("devices of one's own come in with the port and the password that were given", async () => {
  const port = `${await freePort(0)}`;
  await using demo = await startDemo({
    TIANLIANG_DEMO_MQTT_PORT: port,
    TIANLIANG_DEMO_DEVICE_PASSWORD: 'my-own-phone',
  });
  await demo.welcomed();
  expect(demo.printed[0]).toContain(`MQTT 127.0.0.1:${port}`);
  const given = () => demo.given().given;
  await expect.poll(given, { timeout: 10_000 }).toMatchObject({
    DEMO_MQTT_PORT: port,
    DEMO_DEVICE_PASSWORD: 'my-own-phone',
    DEMO_WARNINGS_FILE: expect.any(String),
  });
});

test('a port that is none is refused before anything starts', async () => {
  const options = { data: tmpdir(), env: { TIANLIANG_DEMO_PORT: 'http' }, print: () => {}, main };
  const refused = runDemo({ ...options, port: undefined, signal: AbortSignal.timeout(5_000) });
  await expect(refused).rejects.toThrow('the port must be a number');
});

test('when the server dies the demo says so, shows its last words and ends with 1', async () => {
  await using demo = await startDemo();
  await demo.welcomed();
  await fetch(`${demo.url}/die`).catch(() => {});
  expect(await demo.done).toBe(1);
  expect(demo.printed.at(-1)).toContain('the server ended (code 3)');
  expect(demo.printed.at(-1)).toContain('stub listening');
  expect(demo.log()).toContain('stub listening');
});
