import { type FaultKind, type Finding, found, no, unjudged } from './fault.ts';
import type { PictureFacts } from './picture-facts.ts';
import { detailShare, lostDetail, matchScene, type Scene } from './scene-match.ts';

/** The sun at the camera: at dusk neither scene holds. */
export type Daylight = 'day' | 'dusk' | 'night';

export interface Surroundings {
  /** What is known of the view at this light. */
  readonly scene: Scene | undefined;
  readonly light: Daylight;
  /** Metres, by the nearest weather station; undefined when none is near. */
  readonly visibility: number | undefined;
  /** Below it, in metres, what is not seen is the weather's doing. */
  readonly fogMeters: number;
}

export type PictureFault = Exclude<FaultKind, 'frozen' | 'clock'>;

export interface Judged {
  readonly findings: Readonly<Record<PictureFault, Finding>>;
  /** Why the camera sees less than usual, and is not at fault. */
  readonly limit?: 'fog' | 'night';
}

/** Fewer bright pixels than a far lamp has, and all of it as dark as this. */
const fewestLamps = 6;
const darkMean = 45;
const lostLimit = 0.45;
/** With less detail than this part of what it was, something lies before it; a turned camera sees other detail instead. */
const keptDetail = 0.6;
const flatDetail = 0.02;
const blurLimit = 0.5;
/** Of a scene that is not known yet. */
const usualSharpness = 0.17;
const movedLimit = 0.45;
const shiftedFit = 0.6;

const none = { black: no, covered: no, blurred: no, moved: no } as const;
const nothingSaid = { black: no, covered: unjudged, blurred: unjudged, moved: unjudged } as const;

/** What is wrong with one picture: at most one thing, the one that hides the others. */
export function judgePicture(facts: PictureFacts, around: Surroundings): Judged {
  if (isDark(facts)) return darkness(facts, around);
  const blurred = judgeBlur(facts, around);
  if (blurred.verdict === 'yes') return unlessFog({ ...nothingSaid, blurred }, around, false);
  const { finding: covered, fromAbove } = judgeCover(facts, around);
  if (covered.verdict === 'yes') return unlessFog({ ...nothingSaid, covered }, around, fromAbove);
  const moved = judgePlace(facts, around.scene);
  if (moved.verdict === 'yes') return unlessFog({ ...none, moved }, around, false);
  return { findings: { ...none, covered, blurred, moved } };
}

const isDark = ({ lamps, mean }: PictureFacts) => lamps < fewestLamps && mean < darkMean;

/** A road without lamps is dark each night; a camera that has seen something by night before is not used to it. */
function darkness({ lamps, mean }: PictureFacts, { light, scene }: Surroundings): Judged {
  if (light !== 'day' && !scene) return { findings: { ...nothingSaid, black: unjudged }, limit: 'night' };
  const detail = `画面全黑，平均亮度 ${Math.round(mean)}，亮点 ${lamps} 个`;
  return { findings: { ...nothingSaid, black: found({ detail, value: Math.round(mean), limit: darkMean }) } };
}

function judgeBlur({ sharpness }: PictureFacts, { scene, light }: Surroundings): Finding {
  // The few lamps of a night are as large as the lens makes them.
  if (sharpness === undefined || (light !== 'day' && !scene)) return unjudged;
  const share = sharpness / (scene?.sharpness ?? usualSharpness);
  if (share >= blurLimit) return no;
  const percent = Math.round(share * 100);
  return found({
    detail: `画面模糊，清晰度为平时的 ${percent}%，门限 ${blurLimit * 100}%`,
    value: percent,
    limit: blurLimit * 100,
    unit: '%',
  });
}

function judgeCover(facts: PictureFacts, { scene, light }: Surroundings): { finding: Finding; fromAbove: boolean } {
  if (!scene) return { finding: light === 'day' ? judgeFlat(facts) : unjudged, fromAbove: false };
  const { share, fromAbove } = lostDetail(facts, scene);
  if (share < lostLimit) return { finding: no, fromAbove };
  if (detailShare(facts) > keptDetail * detailShare(scene)) return { finding: no, fromAbove };
  const percent = Math.round(share * 100);
  const limit = lostLimit * 100;
  const detail = `画面被遮挡，平时可见的细节少了 ${percent}%，门限 ${limit}%`;
  return { finding: found({ detail, value: percent, limit, unit: '%' }), fromAbove };
}

function judgeFlat(facts: PictureFacts): Finding {
  const share = detailShare(facts);
  if (share >= flatDetail) return no;
  const value = Math.round(share * 1_000) / 10;
  const limit = flatDetail * 100;
  return found({ detail: `画面被遮挡，有细节的部分只占 ${value}%，门限 ${limit}%`, value, limit, unit: '%' });
}

function judgePlace(facts: PictureFacts, scene: Scene | undefined): Finding {
  if (!scene) return unjudged;
  const { here, best } = matchScene(facts, scene);
  if (here >= movedLimit) return no;
  const percent = Math.round(here * 100);
  const limit = movedLimit * 100;
  const where =
    best.fit >= shiftedFit ? `画面偏移约 ${Math.round(Math.hypot(best.right, best.down) * 100)}%` : '镜头已不朝原处';
  const detail = `${where}，与原景吻合 ${percent}%，门限 ${limit}%`;
  return found({ detail, value: percent, limit, unit: '%' });
}

/** What fog hides is no fault of the camera; without a station near, fog is known by taking the far first. */
function unlessFog(findings: Judged['findings'], around: Surroundings, fromAbove: boolean): Judged {
  const { visibility, fogMeters, light } = around;
  const foggy = visibility === undefined ? fromAbove && light === 'day' : visibility < fogMeters;
  return foggy ? { findings: nothingSaid, limit: 'fog' } : { findings };
}
