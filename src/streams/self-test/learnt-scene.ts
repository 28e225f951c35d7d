import type { PictureFacts } from './picture-facts.ts';
import { detailShare, matchScene, type Scene } from './scene-match.ts';

/** What is known of a camera's view: nothing is judged by a scene that is still being learnt. */
export type LearntScene =
  | {
      readonly phase: 'learning';
      readonly scene: Scene;
      readonly looks: number;
      readonly sinceMs: number;
      readonly lastMs: number;
    }
  | { readonly phase: 'known'; readonly scene: Scene; readonly learntMs: number; readonly lastMs: number };

/** A camera looks otherwise by lamplight: its nights are a scene of their own. */
export interface Scenes {
  readonly day?: LearntScene | undefined;
  readonly night?: LearntScene | undefined;
}

const looksToLearn = 6;
const learnMs = 60_000;
const learnEveryMs = 8_000;
/** Pictures of one view fit each other at least so well. */
const sameView = 0.5;
/** Shadows wander and leaves fall: a known scene follows, in about half an hour of looks once a minute. */
const followEveryMs = 60_000;
const followShare = 0.03;
/** A picture with less to see is no scene. */
export const leastDetail = 0.05;

/** What is known of the scene after a good picture of it. */
export function nextScene(learnt: LearntScene | undefined, facts: PictureFacts, at: number): LearntScene | undefined {
  if (detailShare(facts) < leastDetail) return learnt;
  if (!learnt) return begun(facts, at);
  return learnt.phase === 'known' ? followed(learnt, facts, at) : learning(learnt, facts, at);
}

function begun({ upright, level, sharpness }: PictureFacts, at: number): LearntScene {
  return { phase: 'learning', scene: { upright, level, sharpness }, looks: 1, sinceMs: at, lastMs: at };
}

function learning(learnt: LearntScene & { phase: 'learning' }, facts: PictureFacts, at: number): LearntScene {
  if (at - learnt.lastMs < learnEveryMs) return learnt;
  if (matchScene(facts, learnt.scene).here < sameView) return begun(facts, at);
  const looks = learnt.looks + 1;
  const scene = mixed(learnt.scene, facts, 1 / looks);
  if (looks >= looksToLearn && at - learnt.sinceMs >= learnMs)
    return { phase: 'known', scene, learntMs: at, lastMs: at };
  return { ...learnt, scene, looks, lastMs: at };
}

function followed(learnt: LearntScene & { phase: 'known' }, facts: PictureFacts, at: number): LearntScene {
  if (at - learnt.lastMs < followEveryMs) return learnt;
  return { ...learnt, scene: mixed(learnt.scene, facts, followShare), lastMs: at };
}

function mixed(scene: Scene, facts: PictureFacts, share: number): Scene {
  const blend = (a: Float32Array, b: Float32Array) => a.map((value, at) => value + share * ((b[at] ?? 0) - value));
  const { sharpness = facts.sharpness } = scene;
  return {
    upright: blend(scene.upright, facts.upright),
    level: blend(scene.level, facts.level),
    sharpness:
      sharpness === undefined || facts.sharpness === undefined
        ? sharpness
        : sharpness + share * (facts.sharpness - sharpness),
  };
}
