import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everyMs, WarningsConfig } from '../../../src/alerts/cap/warnings-config.ts';
import { loadConfig } from '../../../src/config.ts';
import { checkValue } from '../../../src/shared/check-value.ts';
import { ConfigError } from '../../../src/shared/config-error.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const areas = JSON.stringify({
  type: 'FeatureCollection',
  features: [
    {
      type: 'Feature',
      properties: { id: 'west', name: '西段' },
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [105, 27],
            [106, 27],
            [106, 28],
            [105, 27],
          ],
        ],
      },
    },
  ],
});

/** What `tianliang.yaml` with these lines under `warnings:` is read as; its issues when it is refused. */
async function load(...lines: string[]) {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'tianliang.yaml'), ['warnings:', ...lines.map((line) => `  ${line}`), ''].join('\n'));
  await writeFile(join(dir.path, 'areas.geojson'), areas);
  try {
    return { path: dir.path, warnings: (await loadConfig(dir.path, {})).tianliang.warnings, issues: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { path: dir.path, issues: error.issues.map(({ path, message }) => `${path} ${message}`) };
  }
}

test('feeds, hosts and codes are read; a file is found from the config directory on', async () => {
  const { warnings, path } = await load(
    'hosts: [alerts.example, "10.0.0.7:8443"]',
    'areaCodes: { "520500": west }',
    'feeds:',
    '  - { id: cma, url: "https://alerts.example/feed?key=1", every: 5m }',
    '  - { id: local, file: warnings.xml, areaCodes: { "520502": west } }',
  );
  expect(warnings).toEqual({
    hosts: ['alerts.example', '10.0.0.7:8443'],
    areaCodes: { '520500': 'west' },
    feeds: [
      { id: 'cma', url: 'https://alerts.example/feed?key=1', every: '5m' },
      { id: 'local', file: join(path, 'warnings.xml'), every: '60s', areaCodes: { '520502': 'west' } },
    ],
  });
});

test('without the section there are no feeds', () => {
  expect(checkValue(WarningsConfig, undefined)).toEqual({ ok: true, value: { feeds: [], hosts: [], areaCodes: {} } });
});

test.each([
  [
    'a host that is not listed',
    ['feeds: [{ id: a, url: "https://x.example/" }]'],
    /^warnings\.feeds\[0\]\.url expected a host/,
  ],
  [
    'a port that is not listed',
    ['hosts: [x.example]', 'feeds: [{ id: a, url: "http://x.example:81/" }]'],
    /url expected a host/,
  ],
  ['a password', ['hosts: [x.example]', 'feeds: [{ id: a, url: "http://u:p@x.example/" }]'], /url expected an http/],
  ['another scheme', ['hosts: [x.example]', 'feeds: [{ id: a, url: "ftp://x.example/" }]'], /url expected an http/],
  ['neither url nor file', ['feeds: [{ id: a }]'], /^warnings\.feeds\[0\] expected either url or file/],
  [
    'an id that is there twice',
    ['feeds: [{ id: a, file: a }, { id: a, file: b }]'],
    /^warnings\.feeds\[1\]\.id expected an id/,
  ],
  ['too often', ['feeds: [{ id: a, file: a, every: 9s }]'], /every expected how often/],
  [
    'an area nobody has',
    ['areaCodes: { "520500": west, "520600": north }'],
    /^warnings\.areaCodes\.520600 expected the id of an area/,
  ],
  [
    'an area nobody has',
    ['feeds: [{ id: a, file: a, areaCodes: { "1": north } }]'],
    /^warnings\.feeds\[0\]\.areaCodes\.1 expected the id/,
  ],
  ['a host with a path', ['hosts: ["https://x.example/"]'], /^warnings\.hosts\[0\] expected a host/],
  ['an unknown key', ['feed: []'], /^warnings\.feed unknown key/],
] as const)('%s is refused by its path', async (...[, lines, issue]) => {
  expect((await load(...lines)).issues).toEqual([expect.stringMatching(issue)]);
});

test.each([
  ['60s', 60_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
])('every %s is %i ms', (every, ms) => {
  expect(everyMs({ every })).toBe(ms);
});
