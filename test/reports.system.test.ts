import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { firstIdAt } from '../src/store/first-id-at.ts';
import { insertIncident } from '../src/store/incidents-repository.ts';
import { openStore } from '../src/store/store.ts';
import { incidentOf } from './dispatch/incidents/incident-fixtures.ts';
import { runCommand } from './helpers/program.ts';
import { tempDir } from './helpers/temp-dir.ts';

test('the report of a day or a week is printed, as JSON or CSV, by the clock of the place', async () => {
  await using dir = await tempDir();
  await writeFile(join(dir.path, 'tianliang.yaml'), '{}\n');
  await writeFile(join(dir.path, 'cameras.yaml'), 'cameras: []\n');
  {
    await using store = await openStore(join(dir.path, 'operations.sqlite'));
    const incident = incidentOf({ id: firstIdAt(new Date('2026-11-25T16:30:00Z')), area: 'north' });
    await store.transaction((tx) => insertIncident(tx, { incident, wakeAt: undefined, words: '' }));
  }
  const report = async (...words: string[]) =>
    await runCommand(['reports', ...words, '--config', dir.path, '--data', dir.path]);
  const day = await report('daily', '--date', '2026-11-26');
  expect([day.code, JSON.parse(day.output).incidents]).toEqual([0, { received: 1, closed: 0, overdue: 0 }]);
  const week = await report('weekly', '--date', '2026-W48', '--format', 'csv');
  expect(week.lines).toContain('area,north,,received,1');
  expect((await report('daily', '--date', '2026-02-30')).code).toBe(1);
  expect((await report('daily', '--format', 'pdf')).code).toBe(1);
});
