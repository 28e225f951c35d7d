import { once } from 'node:events';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Incident } from '../../../src/dispatch/incidents/incident.ts';
import { spawnChild } from '../../../src/shared/child.ts';
import { verifyLedger } from '../../../src/store/ledger-verdict.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { applied, type LaneCommand, type LaneModel, type Outcome, refs, stateOf, units } from './loop-model.ts';

const lanes = 3;
const names = [
  'open',
  'assign',
  'dispatch',
  'accept',
  'arrive',
  'complete',
  'decline',
  'recall',
  'feedback',
  'verify',
  'close',
  'reopen',
] as const;
/** Steps forward more often than back, or nothing ever gets far. */
const weights = {
  open: 2,
  assign: 2,
  dispatch: 6,
  accept: 4,
  arrive: 4,
  complete: 3,
  decline: 1,
  recall: 1,
  feedback: 2,
  verify: 2,
  close: 1,
  reopen: 2,
};

const anyCommand = fc.record({
  name: fc.oneof(...names.map((name) => ({ weight: weights[name], arbitrary: fc.constant(name) }))),
  ref: fc.constantFrom(...refs),
  unit: fc.constantFrom(...units),
});
/** What each lane is to do, and when the process is killed: after so many answers, and a moment later. */
export const anyRound = fc.record({
  scripts: fc.array(fc.array(anyCommand, { minLength: 30, maxLength: 30 }), { minLength: lanes, maxLength: lanes }),
  killAfter: fc.integer({ min: 1, max: 60 }),
  delayMs: fc.integer({ min: 0, max: 6 }),
});
export type Round = typeof anyRound extends fc.Arbitrary<infer T> ? T : never;

interface Answer {
  readonly lane: number;
  readonly n: number;
  readonly outcome: Outcome;
}

/** A change that was answered, and must stand in the ledger. */
interface Change {
  readonly reference: string;
  readonly version: number;
  readonly action: string;
}

const ofUnit: ReadonlySet<string> = new Set(['accept', 'arrive', 'complete', 'decline', 'recall']);

async function incidentsIn(store: Store): Promise<Incident[]> {
  const rows = await store.db.selectFrom('incident_bodies').select('data').execute();
  return rows.map(({ data }): Incident => JSON.parse(data));
}

/** A database that outlives its processes, and what must be in it. */
export class KilledLoop {
  readonly #path: string;
  readonly #models: LaneModel[] = Array.from({ length: lanes }, () => ({ incidents: {} }));
  readonly #unanswered: (LaneCommand | undefined)[] = Array.from({ length: lanes });
  readonly #changes: Change[] = [];
  #next = 0;
  answered = 0;
  /** Commands that were there although nobody had been answered. */
  silent = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** One process from its start to its death, then a look at what it left. */
  async round({ scripts, killAfter, delayMs }: Round): Promise<void> {
    const commands = scripts.map((script, lane) => {
      // What was not answered is asked for again, under its key.
      const again = this.#unanswered[lane];
      const fresh = script.map((command) => ({ ...command, lane, n: this.#next++ }));
      return again ? [again, ...fresh] : fresh;
    });
    const answers = await this.#run(commands.flat(), killAfter, delayMs);
    for (const [lane, asked] of commands.entries()) this.#follow(lane, asked, answers);
    await using store = await openStore(this.#path);
    await this.#compare(store);
  }

  /** The whole of what is stored, once more. */
  async verify(): Promise<void> {
    await using store = await openStore(this.#path);
    const ledger = await store.db.selectFrom('ledger').select(['object', 'action', 'details']).orderBy('id').execute();
    const deeds = ledger.map(({ object, details }) => `${object} ${JSON.parse(`${details}`).version}`);
    const events = await store.db.selectFrom('events').select(['seq', 'data']).orderBy('seq').execute();
    const told = events.map(({ data }) => JSON.parse(data)).map(({ id, version }) => `${id} ${version}`);
    expect(deeds).toEqual(told);
    expect(new Set(told).size).toBe(told.length);
    expect(events.every(({ seq, data }) => JSON.parse(data).seq === seq)).toBe(true);
    const ids = new Map((await incidentsIn(store)).map(({ id, reference }) => [reference, id]));
    const actions = Map.groupBy(ledger, (_, index) => deeds[index]);
    for (const { reference, version, action } of this.#changes) {
      const rows = actions.get(`${ids.get(reference)} ${version}`) ?? [];
      expect(rows.map((row) => row.action)).toEqual([action]);
    }
    const kept = await store.db.selectFrom('rankings').select(['assignment', 'incident']).execute();
    const sent = (await incidentsIn(store)).flatMap(({ id, assignments }) =>
      assignments.map((one) => `${id} ${one.id}`),
    );
    expect(kept.map(({ assignment, incident }) => `${incident} ${assignment}`).toSorted()).toEqual(sent.toSorted());
    expect(await verifyLedger(store.db)).toMatchObject({ intact: true, rows: told.length });
  }

  async #run(commands: readonly LaneCommand[], killAfter: number, delayMs: number): Promise<Answer[]> {
    const script = join(import.meta.dirname, 'loop-child.ts');
    const child = spawnChild(execPath, [script, this.#path, `${lanes}`], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    child.stdin?.on('error', () => {});
    child.stdin?.write(commands.map((command) => `${JSON.stringify(command)}\n`).join(''));
    const answers: Answer[] = [];
    for await (const line of createInterface({ input: child.stdout ?? expect.fail() })) {
      answers.push(JSON.parse(line));
      if (answers.length === killAfter) void sleep(delayMs).then(() => child.kill('SIGKILL'));
    }
    await exited;
    return answers;
  }

  /** The model goes as far as the answers, each of which must be what the model says. */
  #follow(lane: number, asked: readonly LaneCommand[], answers: readonly Answer[]): void {
    const own = answers.filter((answer) => answer.lane === lane);
    expect(own.map(({ n }) => n)).toEqual(asked.slice(0, own.length).map(({ n }) => n));
    for (const [index, { outcome }] of own.entries()) {
      const command = asked[index] ?? expect.fail();
      const before = this.#models[lane] ?? expect.fail();
      // One that was there before it was asked for again is answered as it was then.
      const expected = applied(before, command);
      expect({ command, outcome }).toEqual({ command, outcome: expected.outcome });
      this.#models[lane] = expected.model;
      this.answered += 1;
      const { name, ref } = command;
      const known = before.incidents[ref]?.version ?? 0;
      if ('version' in outcome && outcome.version > known)
        this.#changes.push({
          reference: `${lane}${ref}`,
          version: outcome.version,
          action: `${ofUnit.has(name) ? 'assignment' : 'incident'}.${name}`,
        });
    }
    this.#unanswered[lane] = asked[own.length];
  }

  /** Each lane is where its answers left it, or one whole command further. */
  async #compare(store: Store): Promise<void> {
    const incidents = await incidentsIn(store);
    const open = incidents.flatMap(({ assignments }) =>
      assignments.filter(({ state }) => ['dispatched', 'accepted', 'arrived'].includes(state)),
    );
    expect(new Set(open.map(({ unit }) => unit)).size).toBe(open.length);
    const indexed = await store.db.selectFrom('assignments').select('id').where('open', '=', 1).execute();
    expect(indexed.map(({ id }) => id).toSorted()).toEqual(open.map(({ id }) => id).toSorted());
    for (const [lane, model] of this.#models.entries()) {
      const stored = storedLane(incidents, lane);
      const pending = this.#unanswered[lane];
      const further = pending && applied(model, pending).model;
      const isFurther = further !== undefined && JSON.stringify(stored) === JSON.stringify(laneOf(further));
      if (!isFurther) expect(stored).toEqual(laneOf(model));
      else if (JSON.stringify(stored) !== JSON.stringify(laneOf(model))) this.silent += 1;
    }
  }
}

type Lane = Record<string, { version: number; state: string; assignments: Record<string, string> }>;

function laneOf({ incidents }: LaneModel): Lane {
  return Object.fromEntries(
    Object.entries(incidents)
      .map(
        ([ref, one]) =>
          [ref, { version: one.version, state: stateOf(one), assignments: sorted(one.assignments) }] as const,
      )
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
}

function storedLane(incidents: readonly Incident[], lane: number): Lane {
  const own = incidents.filter(({ reference }) => reference?.startsWith(`${lane}`));
  return Object.fromEntries(
    own
      .map(({ reference = '', version, state, assignments }) => {
        const last = Object.fromEntries(assignments.map((one) => [one.unit.slice(1), one.state]));
        return [reference.slice(1), { version, state, assignments: sorted(last) }] as const;
      })
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
}

const sorted = (record: Record<string, string>) =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => a.localeCompare(b)));

/** So many processes, each killed at a random instant of its work, all on one database. */
export async function killRounds(kills: number): Promise<KilledLoop> {
  await using dir = await tempDir();
  const loop = new KilledLoop(join(dir.path, 'operations.sqlite'));
  const round = fc.asyncProperty(anyRound, (what) => loop.round(what));
  await fc.assert(round, { numRuns: kills, endOnFailure: true });
  await loop.verify();
  return loop;
}
