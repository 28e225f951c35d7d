import { defaultModelPath } from '../../src/alerts/detection/default-model.ts';
import { DetectorPool } from '../../src/alerts/detection/detector-pool.ts';
import { follow, noTracks, type Tracks } from '../../src/alerts/detection/tracker.ts';
import { silentLog } from '../../src/shared/log.ts';
import { type Beat, type Clip, clipPictures } from './clip-pictures.ts';
import type { Seen } from './tally.ts';

/** What was seen in one picture, and how long it took. */
export interface Look {
  readonly picture: number;
  readonly seen: readonly Seen[];
  readonly ms: number;
}

/** `detector.score` unless somebody says otherwise, and what a camera's watch makes of it. */
export const score = 0.35;
const policy = { newScore: score, keepScore: score * 0.6, missMs: 2_500 };

/** Our detector and tracker, as a camera's watch uses them: what the rules see. */
export class OurDetector implements AsyncDisposable {
  readonly #pool = new DetectorPool({
    model: defaultModelPath(),
    workers: 1,
    minScore: score / 4,
    frameMs: 60_000,
    waitMs: 120_000,
    log: silentLog,
  });

  start(): void {
    this.#pool.start();
  }

  /** Sightings of the model alone, without tracks: down to a quarter of the score. */
  async *sightings(clip: Clip, beat: Beat): AsyncGenerator<Look & { at: number }> {
    for await (const frame of clipPictures(clip, beat)) {
      const { picture, at } = frame;
      const before = performance.now();
      const { sightings } = await this.#pool.detect(frame);
      yield { picture, at: at.getTime(), seen: sightings, ms: performance.now() - before };
    }
  }

  /** A camera that sees the clip once, from beginning to end. */
  async looks(clip: Clip, beat: Beat): Promise<Look[]> {
    const looks: Look[] = [];
    let tracks: Tracks = noTracks;
    const aspect = clip.width / clip.height;
    for await (const { picture, at, seen, ms } of this.sightings(clip, beat)) {
      tracks = follow(tracks, seen, { at, policy: { ...policy, aspect } });
      looks.push({ picture, seen: tracks.tracks.filter(({ lastAt }) => lastAt === at), ms });
    }
    return looks;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }
}
