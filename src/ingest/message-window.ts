/** Messages between a broker that sends without waiting and the disk: so many, then it is left unread until some are done with. */
export class MessageWindow {
  readonly #most: number;
  #underway = 0;
  #next: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** One more is under way; calls back when another may come. */
  enter(next: () => void): void {
    this.#underway += 1;
    if (this.#underway < this.#most) next();
    else this.#next.push(next);
  }

  /** One is done with, whether it is on disk or not. */
  leave(): void {
    this.#underway -= 1;
    if (this.#underway >= this.#most) return;
    const next = this.#next;
    this.#next = [];
    for (const call of next) call();
  }
}
