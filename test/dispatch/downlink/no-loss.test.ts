import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReceiptState } from '../../../src/dispatch/downlink/receipt.ts';
import type { MessageStateName, UnitMessage } from '../../../src/dispatch/downlink/unit-message.ts';
import { temporaryStore } from '../../helpers/access-house.ts';
import { seat, startDownlink } from './rig.ts';

type Act =
  | { readonly type: 'write' | 'come' | 'go' | 'break' | 'mend' | 'restart' }
  | { readonly type: 'answer'; readonly which: number; readonly state: ReceiptState };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ type: fc.constantFrom('write', 'come', 'go', 'break', 'mend', 'restart') }),
  fc.record({
    type: fc.constant('answer'),
    which: fc.nat({ max: 5 }),
    state: fc.constantFrom<ReceiptState>('delivered', 'read', 'accepted', 'declined', 'arrived', 'completed'),
  }),
);

const steps: readonly MessageStateName[] = ['queued', 'sent', 'delivered', 'read', 'accepted', 'arrived', 'completed'];
const stepOf = (state: MessageStateName) => steps.indexOf(state === 'declined' ? 'accepted' : state);

/** One desk, one terminal and whatever may happen between them. */
class Story {
  readonly written: UnitMessage[] = [];
  readonly answered = new Set<string>();
  /** What each message was, in order. */
  readonly states = new Map<string, MessageStateName[]>();
  /** Handed over while the courier worked. */
  readonly told = new Set<string>();
  readonly #store: Parameters<typeof startDownlink>[0];
  #rig: Awaited<ReturnType<typeof startDownlink>> | undefined;

  constructor(store: Parameters<typeof startDownlink>[0]) {
    this.#store = store;
  }

  async play(acts: readonly Act[]): Promise<void> {
    await this.#restart();
    for (const each of acts) await this.#do(each);
    for (const last of ['mend', 'go', 'come'] as const) await this.#do({ type: last });
    await expect.poll(() => this.#waiting(), { timeout: 20_000 }).toBe(0);
    await this.#end();
  }

  get #now() {
    if (!this.#rig) throw new Error('not started');
    return this.#rig;
  }

  async #do(each: Act): Promise<void> {
    const { downlink, courier, present } = this.#now;
    switch (each.type) {
      case 'write':
        this.written.push(await downlink.send({ unit: 'xun7', title: `${this.written.length}` }, { actor: seat }));
        return;
      case 'come':
        return present('xun7');
      case 'go':
        return present('xun7', false);
      case 'break':
        courier.fails = new Error('no broker');
        return;
      case 'mend':
        courier.fails = undefined;
        return;
      case 'restart':
        return await this.#restart();
      case 'answer':
        return await this.#answer(each.which, each.state);
    }
  }

  async #answer(which: number, state: ReceiptState): Promise<void> {
    const message = this.written[which];
    if (!message) return;
    this.answered.add(message.id);
    await this.#now.downlink.receipt({ device: 'xun7', assignment: message.id, state, at: new Date() });
  }

  async #restart(): Promise<void> {
    await this.#end();
    this.#rig = await startDownlink(this.#store, { pauseMs: 1, resendMs: 60_000 });
  }

  async #end(): Promise<void> {
    if (!this.#rig) return;
    await this.#rig.downlink.close();
    for (const { id, state } of this.#rig.changes) this.states.set(id, [...(this.states.get(id) ?? []), state]);
    for (const { command } of this.#rig.courier.handedOver) this.told.add(command.id);
  }

  async #waiting(): Promise<number> {
    const messages = await this.#now.downlink.page({ unit: 'xun7', limit: 100 });
    return messages.filter(({ state }) => state === 'queued').length;
  }
}

test('whatever comes and goes, breaks and restarts, no message is lost and none goes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 14 }), async (acts) => {
      await using database = await temporaryStore();
      const story = new Story(database.store);
      await story.play([{ type: 'write' }, ...acts]);
      for (const { id } of story.written) {
        expect(story.told.has(id) || story.answered.has(id)).toBe(true);
        const taken = (story.states.get(id) ?? []).map(stepOf);
        expect(taken).toEqual(taken.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);
