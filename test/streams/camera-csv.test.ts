import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const header = 'id,name,source,username,password,lat,lon,area,tags,road,stake';

/** A directory whose cameras.yaml includes one CSV file of these rows. */
async function load(rows: readonly string[], environment = {}) {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'cameras.yaml'), 'defaults: { transport: udp }\ninclude: ["*.csv"]\n');
  await writeFile(join(dir.path, 'more.csv'), [header, ...rows].join('\n'));
  try {
    return { cameras: (await loadConfig(dir.path, environment)).cameras };
  } catch (error) {
    return {
      issues: String((error as Error).message)
        .replaceAll(`${dir.path}/`, '')
        .split('\n'),
    };
  }
}

test('cameras of a CSV file are as those of a YAML file, with the defaults of both', async () => {
  const row = 'k12,桥头,rtsp://10.0.0.1/main,operator,${SECRET},27.3,105.29,west,bridge fog,G76,K1432+120';
  const { cameras } = await load([row, 'k13,,rtsp://10.0.0.2/,,,,,,,,'], { SECRET: 'from-outside' });
  expect(cameras).toMatchObject([
    {
      id: 'k12',
      name: '桥头',
      username: 'operator',
      password: 'from-outside',
      position: { lat: 27.3, lon: 105.29 },
      area: 'west',
      tags: ['bridge', 'fog'],
      road: { id: 'G76', stake: 'K1432+120' },
      transport: 'udp',
    },
    { id: 'k13', name: 'k13', tags: [] },
  ]);
});

test('what is wrong in a CSV file is named with file, line and column, all at once', async () => {
  const { issues } = await load([
    'k12,,ftp://10.0.0.1/,,,27.3,105.29,,,,',
    'k13,,rtsp://10.0.0.2/,,,north,105.29,,,,',
    'k12,,rtsp://10.0.0.3/,,,,,,,,',
    ',,rtsp://10.0.0.4/,,,,,,,,',
  ]);
  const start = (place: string) => expect.stringContaining(`more.csv:${place} `);
  expect(issues).toEqual([start('2:6'), start('3:25'), start('4:1'), start('5:1')]);
});
