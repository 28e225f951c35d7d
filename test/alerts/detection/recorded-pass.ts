import { join } from 'node:path';
import { type ClipTruth, footageTruth } from '../../../bench/detection/ground-truth.ts';
import { OurDetector, score } from '../../../bench/detection/our-detector.ts';
import type { Seen } from '../../../bench/detection/tally.ts';
import { rulesOf } from '../../../src/alerts/detection/camera-rules.ts';
import { titleOf } from '../../../src/alerts/detection/rule-titles.ts';
import { standingRule } from '../../../src/alerts/detection/rules/standing-rule.ts';
import { follow, noTracks, type Tracks } from '../../../src/alerts/detection/tracker.ts';
import type { WatchedCamera } from '../../../src/alerts/detection/watched-camera.ts';
import { footageFolder } from '../../helpers/footage-site.ts';

/** What the model saw of a clip at two pictures a second: every test reads the same pass. */
export interface RecordedPass {
  readonly truth: ClipTruth;
  readonly pictures: readonly number[];
  readonly sightings: readonly (readonly Seen[])[];
}

/** Looks once at every clip of the footage. */
export async function recordFootage(): Promise<ReadonlyMap<string, RecordedPass>> {
  await using detector = new OurDetector();
  detector.start();
  const passes = new Map<string, RecordedPass>();
  for (const truth of await footageTruth()) {
    const clip = { ...truth, path: join(footageFolder, `${truth.name}.mp4`) };
    const looks = [];
    const step = Math.round(truth.picturesPerSecond / 2);
    for await (const look of detector.sightings(clip, { step, from: 0 })) looks.push(look);
    const [pictures, sightings] = [looks.map(({ picture }) => picture), looks.map(({ seen }) => seen)];
    passes.set(truth.name, { truth, pictures, sightings });
  }
  return passes;
}

const everyMs = 500;

/** What the tracker makes of it: of each picture what is seen in it, and all that is followed. */
export function trackedPass({ truth, sightings }: Pick<RecordedPass, 'truth' | 'sightings'>) {
  const aspect = truth.width / truth.height;
  const policy = { newScore: score, keepScore: score * 0.6, missMs: 2_500, aspect };
  let tracks: Tracks = noTracks;
  return sightings.map((seen, index) => {
    const at = index * everyMs;
    tracks = follow(tracks, seen, { at, policy });
    return { at, aspect, tracks: tracks.tracks };
  });
}

/** What a camera that sees it tells with such zones and lines, in order: the title of each event, and when it began. */
export function eventsIn(pass: Pick<RecordedPass, 'truth' | 'sightings'>, detect: WatchedCamera['detect']) {
  const camera = { id: 'c', position: { lat: 27.3, lon: 105.29 }, detect };
  const rules = rulesOf(camera, { dwellMs: 0, clearMs: 2_000, graceMs: 2_500 });
  const pictures = trackedPass(pass);
  return rules.flatMap(({ choice }) => {
    let rule = standingRule(choice);
    return pictures.flatMap((picture) => {
      const { verdict, next } = rule.look(picture);
      rule = next;
      return verdict.type === 'begin' ? [{ title: titleOf(choice, verdict), seconds: picture.at / 1_000 }] : [];
    });
  });
}
