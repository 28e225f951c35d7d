import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Program, root, runCommand } from '../helpers/program.ts';
import { openSmallSite, type SmallSite } from '../helpers/small-site.ts';

let site: SmallSite;
let tianliang: string;
let cameras: string;
beforeAll(async () => {
  site = await openSmallSite();
  tianliang = await readFile(join(site.config, 'tianliang.yaml'), 'utf8');
  cameras = await readFile(join(site.config, 'cameras.yaml'), 'utf8');
});
afterAll(() => site?.[Symbol.asyncDispose]());

/** How a start ended that is not meant to be one; a server that is ready is stopped again. */
async function startOn(words: readonly string[]) {
  const begun = performance.now();
  await using program = new Program([join(root, 'src/main.ts'), ...words]);
  const started = program.said(/is ready at/, 60_000).then(
    () => 'started' as const,
    () => 'not started' as const,
  );
  const code = await Promise.race([program.ended, started]);
  return { code, output: program.lines.join('\n'), tookMs: performance.now() - begun };
}

const weak = [
  ...[
    'change-me-change-me',
    'your-secret-here-27',
    '<the secret goes here>',
    'ReplaceMe-ReplaceMe',
    'an-example-of-one-27',
  ],
  ...[
    'aaaaaaaaaaaaaaaaaaaaaaaa',
    '123456789012345678',
    'Password-2026-2026',
    'abcabcabcabcabcabc',
    'supersecretpassword',
  ],
];
const short = ['x', '1234567', 'kurz'];

interface Place {
  /** As the refusal names it. */
  readonly path: string;
  readonly file: 'tianliang.yaml' | 'cameras.yaml';
  readonly with: (secret: string) => string;
  readonly refused: readonly string[];
  /** What it is really told: a good one. */
  readonly good: string;
}

const good = 'luchu-baiyun-28-xiaoqiao';
const quoted = (secret: string) => JSON.stringify(secret);
const broker = (secret: string) =>
  tianliang
    .replace(/^mqtt:\n.*\n/m, `mqtt: { url: "mqtt://127.0.0.1:9", username: u, password: ${quoted(secret)} }\n`)
    .replace(/^devices:[\s\S]*/m, 'devices: []\n');
const influx = (secret: string) =>
  `${tianliang}telemetry: { store: influx, influx: { url: "http://127.0.0.1:9", ${secret} } }\n`;

/** Every secret that the configuration knows. What a camera left its factory with is its own affair: see `config-secrets.ts`. */
const places: readonly Place[] = [
  {
    ...{ path: 'devices[0].password', file: 'tianliang.yaml', refused: [...weak, ...short], good },
    with: (secret) => tianliang.replace('password: my-own-phone-27', `password: ${quoted(secret)}`),
  },
  {
    ...{ path: 'channels[0].secret', file: 'tianliang.yaml', refused: [...weak, ...short, 'fifteen-lettrs'], good },
    with: (secret) =>
      `${tianliang}channels: [{ id: ops, kind: webhook, url: "https://ops.example/", secret: ${quoted(secret)} }]\n`,
  },
  {
    ...{
      path: 'access.oidc.clientSecret',
      file: 'tianliang.yaml',
      refused: [...weak, ...short, 'fifteen-lettrs'],
      good,
    },
    with: (secret) =>
      `${tianliang}access: { oidc: { issuer: "https://id.invalid", clientId: t, clientSecret: ${quoted(secret)}, roles: {} } }\n`,
  },
  { path: 'mqtt.password', file: 'tianliang.yaml', refused: weak, good, with: broker },
  {
    ...{ path: 'telemetry.influx.token', file: 'tianliang.yaml', refused: weak, good },
    with: (secret) => influx(`org: o, bucket: b, token: ${quoted(secret)}`),
  },
  {
    ...{ path: 'telemetry.influx.password', file: 'tianliang.yaml', refused: weak, good },
    with: (secret) => influx(`database: d, username: u, password: ${quoted(secret)}`),
  },
  {
    ...{ path: 'cameras[0].password', file: 'cameras.yaml', refused: weak.slice(0, 5), good },
    with: (secret) => cameras.replace('password: kan-jian-27', `password: ${quoted(secret)}`),
  },
  {
    ...{ path: 'cameras[1].publishKey', file: 'cameras.yaml', good },
    // Of the letters that may stand in it.
    refused: [...weak.filter((secret) => /^[\w.~-]+$/.test(secret)), ...short],
    with: (secret) => `${cameras}  - { id: drone, source: rtmp, publishKey: ${quoted(secret)} }\n`,
  },
];

async function written(place: Place, secret: string): Promise<void> {
  await writeFile(join(site.config, 'tianliang.yaml'), tianliang);
  await writeFile(join(site.config, 'cameras.yaml'), cameras);
  await writeFile(join(site.config, place.file), place.with(secret));
}

test.each(places)(
  'the server does not start with a weak, short or example $path, and says where it stands',
  async (place) => {
    const took: number[] = [];
    for (const secret of place.refused) {
      await written(place, secret);
      const { code, output, tookMs } = await startOn(site.startWords);
      took.push(tookMs);
      expect([secret, code, output.includes(place.path), output.includes('ready')]).toEqual([secret, 1, true, false]);
      // The rule, never the secret; one letter is in every sentence.
      if (secret.length > 4) expect(output).not.toContain(secret);
      expect(output).toMatch(new RegExp(`${place.file.replace('.', '\\.')}:\\d+:\\d+ `));
    }
    await written(place, place.good);
    expect((await runCommand(['check', '--config', site.config])).output).not.toContain('expected');
    console.log(
      `T34: ${place.path}: ${took.length} secrets refused, the slowest in ${Math.max(...took).toFixed(0)} ms`,
    );
  },
);

test.each([
  ['an empty one', '', undefined],
  ['a placeholder that nobody filled', '${NOBODY_HAS_SET_THIS}', 'NOBODY_HAS_SET_THIS'],
])('nor with %s in its place', async (...[, secret, named]) => {
  const asked = places.filter(({ path }) => named !== undefined || !/^(?:mqtt|telemetry|cameras)/.test(path));
  for (const place of asked) {
    await written(place, secret);
    const { code, output } = await startOn(site.startWords);
    expect([place.path, code, output.includes(named ?? place.path)]).toEqual([place.path, 1, true]);
  }
});

test.each([
  ['sealing.key', 'short', 'c2hvcnQ'],
  ['sealing.key', 'empty', ''],
  ['sealing.key', 'all the same', Buffer.alloc(32, 7).toString('base64url')],
  ['sealing.key', 'a word', 'change-me-change-me-change-me-change-me'],
  ['ledger.key', 'empty', ''],
  ['ledger.key', 'a word', 'secret'],
])('nor with a %s that is %s', async (name, _, text) => {
  await writeFile(join(site.config, 'tianliang.yaml'), tianliang);
  await writeFile(join(site.config, 'cameras.yaml'), cameras);
  const keys = join(site.data, 'keys');
  await rm(keys, { recursive: true, force: true });
  await mkdir(keys, { recursive: true, mode: 0o700 });
  await writeFile(join(keys, name), `${text}\n`, { mode: 0o600 });
  const { code, output } = await startOn(site.startWords);
  expect([code, output.includes(name), output.includes('ready')]).toEqual([1, true, false]);
  await rm(keys, { recursive: true });
});

test('nor with keys that others can read, or without the one that signed so far', async () => {
  const keys = join(site.data, 'keys');
  {
    await using _server = await site.start();
  }
  for (const name of ['sealing.key', 'ledger.key']) {
    await chmod(join(keys, name), 0o644);
    const { code, output } = await startOn(site.startWords);
    expect([code, output.includes('can be read by others')]).toEqual([1, true]);
    await chmod(join(keys, name), 0o600);
  }
  const own = await readFile(join(keys, 'ledger.key'));
  await rm(join(keys, 'ledger.key'));
  const { code, output } = await startOn(site.startWords);
  expect([code, output.includes('is not the key of')]).toEqual([1, true]);
  await writeFile(join(keys, 'ledger.key'), own, { mode: 0o600 });
  await using server = await site.start();
  expect(server.url).toContain('http');
});
