import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fileCases } from '../../../src/alerts/rehearsal/case-file.ts';
import type { RehearsalCase } from '../../../src/alerts/rehearsal/rehearsal-case.ts';
import { rehearsalOf } from '../../../src/cli/rules-rehearse.ts';
import { type Config, loadConfig } from '../../../src/config.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const corpus = fileURLToPath(new URL('./corpus', import.meta.url));
const config = await loadConfig(corpus, {});
const cases: RehearsalCase[] = [];
for await (const one of fileCases(`${corpus}/cases.jsonl`)) cases.push(one);

function wrong(rules: Config): string[] {
  const due = { confirmed: 'raised', dismissed: 'silent' } as const;
  return cases.flatMap((one) => {
    const outcome = rehearsalOf(rules).play(one);
    return outcome.type === due[one.state] ? [] : [`${one.id}: ${outcome.type}`];
  });
}

function scored(score: number): Config {
  return { ...config, tianliang: { ...config.tianliang, detector: { ...config.tianliang.detector, score } } };
}

test('what real clips showed keeps its label under the rules that ship', () => {
  expect(cases.map(({ state }) => state)).toEqual(expect.arrayContaining(['confirmed', 'dismissed']));
  expect(wrong(config)).toEqual([]);
});

test('a score set too high loses the true ones', () => {
  expect(wrong(scored(0.95)).length).toBeGreaterThanOrEqual(cases.filter(({ state }) => state === 'confirmed').length);
});

test('a rule that asks for less raises what must not be', async () => {
  await using dir = await tempDir();
  const cameras = await readFile(`${corpus}/cameras.yaml`, 'utf8');
  await writeFile(join(dir.path, 'cameras.yaml'), cameras.replace('count: 3', 'count: 2'));
  expect(wrong(await loadConfig(dir.path, {}))).toEqual(['person-bicycle-car-crowd: raised']);
});
