import { once } from 'node:events';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { spawnChild } from '../../src/shared/child.ts';
import { verifyLedger } from '../../src/store/ledger-verdict.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { tempDir } from '../helpers/temp-dir.ts';

interface Answer {
  readonly action: string;
  readonly id: string;
  readonly version: number;
}

/** Runs the desk in a process of its own and kills it after so many answers, in the middle of whatever it does. */
async function answersUntilKilled(path: string, round: number): Promise<Answer[]> {
  const script = join(import.meta.dirname, 'desk-child.ts');
  const child = spawnChild(execPath, [script, path, `${round}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const answers: Answer[] = [];
  const enough = 20 + Math.floor(Math.random() * 60);
  for await (const line of createInterface({ input: child.stdout ?? expect.fail() })) {
    answers.push(JSON.parse(line));
    if (answers.length === enough) child.kill('SIGKILL');
  }
  await exited;
  return answers;
}

const changeOf = (action: string, id: string, version: number) => `${action} ${id} ${version}`;

/** What each of the three tables says happened, as `action id version`. */
async function stored(store: Store) {
  const ledger = await store.db.selectFrom('ledger').select(['action', 'object', 'details']).execute();
  const events = await store.db.selectFrom('events').select('data').orderBy('seq').execute();
  const alerts = await store.db.selectFrom('alerts').select('data').execute();
  const versions = (rows: { data: string }[]) =>
    rows.map(({ data }) => JSON.parse(data)).map(({ id, version }) => `${id} ${version}`);
  return {
    deeds: ledger.map(({ action, object, details }) => changeOf(action, `${object}`, JSON.parse(`${details}`).version)),
    events: versions(events),
    newest: new Set(versions(alerts)),
  };
}

test('after kill -9 every answered decision is there once with its ledger row, every other wholly or not at all', async () => {
  await using dir = await tempDir();
  const path = join(dir.path, 'operations.sqlite');
  const answered: Answer[] = [];
  for (let round = 0; round < 5; round += 1) answered.push(...(await answersUntilKilled(path, round)));

  await using store = await openStore(path);
  const { deeds, events, newest } = await stored(store);
  expect(answered.length).toBeGreaterThanOrEqual(100);
  for (const { action, id, version } of answered) {
    expect(deeds.filter((deed) => deed === changeOf(action, id, version))).toHaveLength(1);
  }
  // Row for row the same changes, each once: nothing is half there.
  expect(deeds.map((deed) => deed.slice(deed.indexOf(' ') + 1))).toEqual(events);
  expect(new Set(events).size).toBe(events.length);
  expect([...newest].every((version) => events.includes(version))).toBe(true);
  expect(await verifyLedger(store.db)).toMatchObject({ intact: true, rows: events.length });
});
