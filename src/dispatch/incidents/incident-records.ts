import { EventEmitter } from 'node:events';
import { commandAnswer, insertCommandAnswer, pruneCommandAnswers } from '../../store/command-answers-repository.ts';
import type { Store, Tx } from '../../store/store.ts';
import { type Command, meaningOf } from './command.ts';
import type { Incident } from './incident.ts';
import { CommandKeyReusedError } from './incident-errors.ts';
import { IncidentTx, parsed } from './incident-tx.ts';

export interface IncidentEvents {
  /** After the commit, once for every new `seq` of an incident. */
  changed: [incident: Incident];
}

export interface IncidentRecordsOptions {
  readonly store: Store;
  /** From the deadline until the reason is asked for. */
  readonly superviseMs: number;
}

/** How long a command that comes again is answered as before, and how many of them are known. */
const answerMs = 86_400_000;
const mostAnswers = 20_000;

/** Runs each command as one transaction, once for each key, and tells what became of incidents once it is committed. */
export class IncidentRecords extends EventEmitter<IncidentEvents> {
  readonly #store: Store;
  readonly #superviseMs: number;

  constructor({ store, superviseMs }: IncidentRecordsOptions) {
    super();
    this.#store = store;
    this.#superviseMs = superviseMs;
  }

  get superviseMs(): number {
    return this.#superviseMs;
  }

  /**
   * Runs a command on what the database holds at that moment; `asked` is all that it says. One that comes again under its
   * key is answered as it was then. Fails with `IDEMPOTENCY_KEY_REUSED`.
   */
  command(
    command: Command,
    asked: readonly unknown[],
    work: (work: IncidentTx) => Promise<Incident>,
  ): Promise<Incident> {
    const { actor, key } = command;
    if (key === undefined) return this.run(work);
    const keyed = { key: `${actor.id} ${key}`, meaning: meaningOf([...asked, command.version]) };
    return this.run(async (tx) => {
      const before = await this.#answered(tx.tx, keyed);
      if (before) return before;
      const incident = await work(tx);
      const at = new Date();
      await insertCommandAnswer(tx.tx, { ...keyed, at: at.toISOString(), answer: JSON.stringify(incident) });
      await pruneCommandAnswers(tx.tx, { before: new Date(at.getTime() - answerMs), most: mostAnswers });
      return incident;
    });
  }

  /** Runs the work of nobody's command. */
  async run<T>(work: (work: IncidentTx) => Promise<T>): Promise<T> {
    const { result, done } = await this.#store.transaction(async (tx) => {
      const done = new IncidentTx(tx, this.#superviseMs);
      return { result: await work(done), done };
    });
    for (const incident of done.changed) this.emit('changed', incident);
    done.committed();
    return result;
  }

  async #answered(tx: Tx, { key, meaning }: { key: string; meaning: string }): Promise<Incident | undefined> {
    const before = await commandAnswer(tx, key);
    if (!before || Date.now() - Date.parse(before.at) > answerMs) return undefined;
    if (before.meaning !== meaning) throw new CommandKeyReusedError();
    return parsed(before.answer);
  }
}
