import { Type } from 'typebox';
import type { Recording, RecordingHold, RecordingHole } from '../../store/recordings-repository.ts';
import { type GapReason, gapReasons, type RecordingState } from './recording-facts.ts';

const Time = Type.String({ format: 'date-time' });

/** What there is of a span of time: recorded, or not and why. */
export const RecordingSpan = Type.Union([
  Type.Object({
    kind: Type.Literal('recording'),
    from: Time,
    to: Time,
    locked: Type.Boolean(),
    codec: Type.String(),
    /** What the camera's clock was ahead of ours, when it says. */
    cameraClockOffsetMs: Type.Optional(Type.Integer()),
  }),
  Type.Object({ kind: Type.Literal('gap'), from: Time, to: Time, reason: Type.Enum([...gapReasons]) }),
]);

interface Recorded {
  readonly kind: 'recording';
  readonly from: Date;
  readonly to: Date;
  readonly locked: boolean;
  readonly codec: string;
  readonly cameraClockOffsetMs?: number;
}

interface Missing {
  readonly kind: 'gap';
  readonly from: Date;
  readonly to: Date;
  readonly reason: GapReason;
}

export type TimelineSpan = Recorded | Missing;

export interface TimelineQuestion {
  readonly from: Date;
  readonly to: Date;
  /** What overlaps the span, oldest first. */
  readonly recordings: readonly Recording[];
  readonly holds: readonly RecordingHold[];
  /** The first recording after the span, which knows why there was nothing before it. */
  readonly next: Recording | undefined;
  readonly state: RecordingState;
}

/** Two files of one stream meet within a picture or two. */
const seamMs = 250;
/** The newest pictures are not on disk yet. */
const writingMs = 3_000;

/** Every moment of the span, recorded or with the reason why not. */
export function timelineOf(question: TimelineQuestion): TimelineSpan[] {
  const { recordings, from, to } = question;
  const spans: TimelineSpan[] = [];
  let reached = from;
  for (const recording of recordings) {
    if (recording.startedAt.getTime() - reached.getTime() > seamMs)
      spans.push({
        kind: 'gap',
        from: reached,
        to: recording.startedAt,
        reason: reasonOf(recording.gapBefore ?? 'deleted'),
      });
    for (const span of spansOf(recording, question)) addSpan(spans, span);
    reached = latest(reached, recording.endedAt);
  }
  const rest = to.getTime() - reached.getTime();
  if (rest > tailTolerance(question)) spans.push({ kind: 'gap', from: reached, to, reason: tailReason(question) });
  return spans;
}

/** A file's pictures and the holes between them, within the span. */
function spansOf(recording: Recording, { from, to, holds }: TimelineQuestion): TimelineSpan[] {
  const locked = holds.some(
    (hold) => hold.kind === 'lock' && hold.from < recording.endedAt && hold.to > recording.startedAt,
  );
  const { codec, cameraClockOffsetMs, startedAt, endedAt } = recording;
  const facts = { locked, codec, ...(cameraClockOffsetMs !== undefined && { cameraClockOffsetMs }) };
  const last: RecordingHole = { from: endedAt, to: endedAt, reason: '' };
  let reached = startedAt;
  const spans = [...recording.holes, last].flatMap((hole): TimelineSpan[] => {
    const before = { kind: 'recording' as const, from: reached, to: hole.from, ...facts };
    reached = hole.to;
    if (hole === last) return [before];
    return [before, { kind: 'gap', from: hole.from, to: hole.to, reason: reasonOf(hole.reason) }];
  });
  return spans
    .map((span) => ({ ...span, from: latest(span.from, from), to: earliest(span.to, to) }))
    .filter((span) => span.from < span.to);
}

/** Files that follow each other directly are one recording to whoever looks. */
function addSpan(spans: TimelineSpan[], span: TimelineSpan): void {
  const last = spans.at(-1);
  const joins =
    last?.kind === 'recording' &&
    span.kind === 'recording' &&
    span.from.getTime() - last.to.getTime() <= seamMs &&
    last.locked === span.locked &&
    last.codec === span.codec;
  if (joins) spans[spans.length - 1] = { ...last, to: latest(last.to, span.to) };
  else spans.push(span);
}

function tailTolerance({ next, state }: TimelineQuestion): number {
  return !next && state.phase === 'recording' ? writingMs : seamMs;
}

function tailReason({ next, state }: TimelineQuestion): GapReason {
  if (next) return reasonOf(next.gapBefore ?? 'deleted');
  if (state.phase === 'off') return 'not_recorded';
  return state.phase === 'stalled' ? 'disk' : 'offline';
}

/** A row of a newer version may know a reason that this one does not. */
function reasonOf(text: string): GapReason {
  return gapReasons.find((known) => known === text) ?? 'unknown';
}

const latest = (a: Date, b: Date) => (a > b ? a : b);
const earliest = (a: Date, b: Date) => (a < b ? a : b);
