import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, runCommand } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const secret = 'geheim-geheim-27';
const camerasFile = `defaults:
  username: viewer
  password: ${secret}
cameras:
  - id: k1
    source: rtsp://127.0.0.1:8554/main
    pasword: ${secret}
  - id: k2
    source: ftp://admin:${secret}@127.0.0.1/
  - id: k3
    source: rtsp://127.0.0.1:8554/main
    position: { lat: 91, lon: 105.29 }
  - id: k1
    source: rtsp://admin:${secret}@127.0.0.1:8554/main
    password: \${NOBODY_HAS_SET_THIS}
`;
const expected = [
  /^cameras\.yaml:7:5 cameras\[0\]\.pasword unknown key; expected one of: id, name, source, .*password/,
  /^cameras\.yaml:9:13 cameras\[1\]\.source expected an rtsp:\/\/, rtsps:\/\/, onvif:\/\/,/,
  /^cameras\.yaml:12:22 cameras\[2\]\.position\.lat expected a number from -90 to 90/,
  /^cameras\.yaml:13:9 cameras\[3\]\.id expected an id that no other has; cameras\[0\] has it too/,
  /^cameras\.yaml:15:15 the environment variable NOBODY_HAS_SET_THIS is not set/,
];

/** The settings that ship with the product, and this cameras.yaml. */
async function siteWith(cameras: string) {
  const dir = await tempDir();
  await cp(join(root, 'config'), dir.path, { recursive: true });
  await writeFile(join(dir.path, 'cameras.yaml'), cameras);
  return dir;
}

/** A machine that runs a demo and a browser beside this may be slow once. */
const busy = { retry: 2, timeout: 60_000 };

test.each(['check', 'start'])(
  '%s names every mistake of cameras.yaml at once, and no secret',
  busy,
  async (command) => {
    await using site = await siteWith(camerasFile);
    const places = ['--config', site.path, '--data', join(site.path, 'data')];
    const { code, lines, output, tookMs } = await runCommand([command, ...places, '--port', '0']);
    expect(code).toBe(1);
    expect(lines.map((line) => line.replace(`${site.path}/`, ''))).toEqual(
      expected.map((line) => expect.stringMatching(line)),
    );
    expect(output).not.toContain(secret);
    // Under 2 s on a quiet machine.
    expect(tookMs).toBeLessThan(10_000);
  },
);

test('check says yes to the settings that ship with the product', async () => {
  const { code, output } = await runCommand(['check', '--config', join(root, 'config')]);
  expect(output).toMatch(/^\S+ is valid: \d+ cameras, \d+ units, \d+ devices$/);
  expect(code).toBe(0);
});

test.each(['check', 'start'])('%s refuses a config directory that is not there', async (command) => {
  await using site = await tempDir();
  const nowhere = join(site.path, 'nowhere');
  const { code, output } = await runCommand([command, '--config', nowhere, '--data', site.path, '--port', '0']);
  expect(output).toBe(`there is no config directory ${nowhere}; name it with --config DIR`);
  expect(code).toBe(1);
});
