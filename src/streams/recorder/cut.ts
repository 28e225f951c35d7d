import { longestRecordingMs } from '../../store/recordings-repository.ts';
import type { AnnouncedSound } from '../audio/camera-sound.ts';
import type { ArrivedUnit } from '../hub/stream-hub.ts';
import type { AccessUnit } from '../rtp/nal.ts';
import type { OpenSegment } from './open-segment.ts';
import { sameSets } from './parameter-record.ts';
import type { GapReason } from './recording-facts.ts';

/** What a picture does to the file being written. */
export type Cut =
  | { readonly type: 'continue' }
  /** The next file starts with it, and nothing is missing in between. */
  | { readonly type: 'rotate' }
  /** The file ends before it, and the next one does not follow directly. */
  | { readonly type: 'break'; readonly reason: GapReason };

/** The two clocks of the center may not drift apart by more within a file, milliseconds. */
const maxClockJumpMs = 2_000;
/** A camera without key pictures cannot be cut: leave room below what a search by start relies on. */
const maxOpenMs = longestRecordingMs - 60_000;

export interface CutLimits {
  /** The monotonic clock. */
  readonly nowMs: number;
  /** How long a file should be. */
  readonly maxMs: number;
  /** What of sound there is. */
  readonly sound?: AnnouncedSound;
}

/** Decides about one picture. */
export function decideCut(segment: OpenSegment, arrived: ArrivedUnit, limits: CutLimits): Cut {
  const { nowMs, maxMs, sound } = limits;
  const ageMs = nowMs - segment.startedMs;
  const { unit } = arrived;
  if (clockJumped(segment, arrived, ageMs)) return broken('clock');
  if (!segment.follows(arrived, nowMs)) return broken(unit.afterLoss ? 'loss' : 'offline');
  const due = ageMs >= (unit.key ? maxMs : maxOpenMs);
  const differs = changed(segment.first, unit) || soundBegins(segment, unit, sound);
  if (!due && !differs) return { type: 'continue' };
  return unit.key && !unit.afterLoss ? { type: 'rotate' } : broken('loss');
}

function clockJumped(segment: OpenSegment, { at }: ArrivedUnit, ageMs: number): boolean {
  return Math.abs(at.getTime() - segment.startedAt.getTime() - ageMs) > maxClockJumpMs;
}

function changed(before: AccessUnit, now: AccessUnit): boolean {
  if (now.parameters === before.parameters) return false;
  return now.codec !== before.codec || !sameSets(now.parameters, before.parameters);
}

/** A file has the sound that there was when it began: another one waits for a picture that a file can begin with. */
function soundBegins(segment: OpenSegment, { key, afterLoss }: AccessUnit, sound: AnnouncedSound | undefined): boolean {
  return sound !== undefined && key && !afterLoss && !segment.speaks(sound);
}

const broken = (reason: GapReason): Cut => ({ type: 'break', reason });
