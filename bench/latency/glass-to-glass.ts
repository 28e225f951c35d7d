import { setTimeout as delay } from 'node:timers/promises';
import type { Reading } from './page-contract.ts';
import type { PlayerBrowser } from './player-browser.ts';

const remembered = 2_000;
const firstWithinMs = 30_000;
const settleMs = 1_000;

/** When the simulated camera sent which picture, by the clock that the browser has too. */
export class SentPictures {
  readonly #sent: Reading[] = [];

  /** For the simulator: the place of the picture in the clip is the number drawn in it. */
  readonly onPicture = (number: number): void => {
    this.#sent.push({ number, at: performance.timeOrigin + performance.now() });
    if (this.#sent.length > remembered) this.#sent.shift();
  };

  /** How long ago the picture that was read was sent, milliseconds; undefined when it never was. */
  latencyOf({ number, at }: Reading): number | undefined {
    const sent = this.#sent.findLast((one) => one.number === number && one.at <= at);
    return sent && at - sent.at;
  }
}

export interface GlassToGlass {
  /** From asking to the first picture, milliseconds. */
  readonly firstMs: number;
  /** From sending a picture to the frame callback that shows it, milliseconds. */
  readonly latenciesMs: readonly number[];
}

/** Watches what the browser plays: from its first picture on, a second to settle, then so many seconds. */
export async function glassToGlass(browser: PlayerBrowser, sent: SentPictures, seconds: number): Promise<GlassToGlass> {
  const firstMs = await firstPictureMs(browser);
  await delay(settleMs);
  const before = (await browser.played()).readings.length;
  await delay(seconds * 1_000);
  const { readings } = await browser.played();
  return { firstMs, latenciesMs: readings.slice(before).flatMap((reading) => sent.latencyOf(reading) ?? []) };
}

async function firstPictureMs(browser: PlayerBrowser): Promise<number> {
  const deadline = performance.now() + firstWithinMs;
  while (performance.now() < deadline) {
    const { firstMs, ended } = await browser.played();
    if (firstMs !== undefined) return firstMs;
    if (ended !== undefined) throw new Error(`the player ended: ${ended}`);
    await delay(50);
  }
  throw new Error(`no picture within ${firstWithinMs} ms`);
}
