import type { ServerResponse } from 'node:http';

/** Long enough for the answer that tells of the end itself. */
const graceMs = 1_000;

/** Answers under way, by session: a download does not outlive the session it was begun with. */
export class OpenAnswers {
  readonly #open = new Map<string, Set<ServerResponse>>();

  add(session: string, answer: ServerResponse): void {
    const answers = this.#open.get(session) ?? new Set();
    this.#open.set(session, answers.add(answer));
    answer.once('close', () => {
      answers.delete(answer);
      if (answers.size === 0 && this.#open.get(session) === answers) this.#open.delete(session);
    });
  }

  /** Cuts what is not answered in a moment. */
  end(session: string): void {
    const answers = [...(this.#open.get(session) ?? [])];
    if (answers.length === 0) return;
    const cut = () => {
      for (const answer of answers) answer.destroy();
    };
    setTimeout(cut, graceMs).unref();
  }
}
