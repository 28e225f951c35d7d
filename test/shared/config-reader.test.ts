import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { ConfigReader } from '../../src/shared/config-reader.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const Thing = Type.Object({ id: Type.String({ minLength: 1 }), port: Type.Integer() }, { additionalProperties: false });
const schema = Type.Object({ things: Type.Array(Thing) }, { additionalProperties: false });

async function issuesOf(lines: readonly string[], environment = {}): Promise<string[]> {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'things.yaml'), lines.join('\n'));
  const reader = new ConfigReader(dir.path, environment);
  await reader.read({ name: 'things.yaml', schema, also: () => [] });
  try {
    reader.throwIfWrong();
    return [];
  } catch (error) {
    return String(error instanceof Error ? error.message : error)
      .split('\n')
      .map((line) => line.replace(`${dir.path}/`, ''));
  }
}

test('an id that stands twice is named beside whatever else is wrong', async () => {
  const text = ['things:', '  - { id: a, port: 1 }', '  - { id: a, port: many }', '  - { port: 2 }', '  - 7'];
  expect(await issuesOf(text)).toEqual([
    'things.yaml:3:11 things[1].id expected an id that no other has; things[0] has it too',
    'things.yaml:3:20 things[1].port expected an integer',
    'things.yaml:4:5 things[2].id missing; expected this to be of type string',
    'things.yaml:5:5 things[3] expected this to be of type object',
  ]);
});

test('a variable that is not set hides no other mistake, and is the only thing said of its value', async () => {
  const text = ['things:', '  - { id: a, port: "${PORT}" }', '  - { id: b, port: many }'];
  expect(await issuesOf(text)).toEqual([
    'things.yaml:2:20 the environment variable PORT is not set',
    'things.yaml:3:20 things[1].port expected an integer',
  ]);
  expect(await issuesOf(text.slice(0, 2), { PORT: '80' })).toEqual([]);
});

test('of a file that is no YAML only that is said', async () => {
  const issues = await issuesOf(['things:', '  - { id: "a', '  - { id: a, port: many }']);
  expect(issues.length).toBeGreaterThan(0);
  expect(issues.join()).not.toContain('expected an integer');
});
