import { setTimeout as delay } from 'node:timers/promises';
import { answerEach, say } from '../program.ts';
import { type FirstPicture, FlvViewer } from './flv-viewer.ts';

/** What the viewers are asked; each answer tells what was seen. */
export type ViewerQuestion =
  /** One more viewer for each URL, which stays. */
  | { readonly type: 'join'; readonly urls: readonly string[] }
  /** One more viewer for each URL, one after another, which leaves after its first picture. */
  | { readonly type: 'glance'; readonly urls: readonly string[] }
  /** What those who stayed get within the time. */
  | { readonly type: 'count'; readonly seconds: number }
  | { readonly type: 'leave' };

export interface FirstPictures {
  readonly firstPictures: readonly FirstPicture[];
}

export interface Received {
  /** Bits a second of each viewer. */
  readonly bitrates: readonly number[];
}

const viewers: FlvViewer[] = [];

async function answer(question: ViewerQuestion): Promise<object> {
  switch (question.type) {
    case 'join': {
      const joined = question.urls.map((url) => new FlvViewer(url));
      viewers.push(...joined);
      return { firstPictures: await Promise.all(joined.map((viewer) => viewer.firstPicture)) };
    }
    case 'glance':
      return { firstPictures: await glance(question.urls) };
    case 'count':
      return { bitrates: await count(question.seconds) };
    case 'leave':
      for (const viewer of viewers.splice(0)) viewer.close();
      return {};
  }
}

async function glance(urls: readonly string[]): Promise<FirstPicture[]> {
  const firstPictures: FirstPicture[] = [];
  for (const url of urls) {
    const viewer = new FlvViewer(url);
    firstPictures.push(await viewer.firstPicture);
    viewer.close();
    await delay(20);
  }
  return firstPictures;
}

async function count(seconds: number): Promise<number[]> {
  const before = viewers.map(({ videoBytes }) => videoBytes);
  await delay(seconds * 1_000);
  return viewers.map(({ videoBytes }, n) => (8 * (videoBytes - (before[n] ?? 0))) / seconds);
}

say({});
await answerEach(answer);
