import type { Candidate } from '../api/incident-shapes.ts';
import type { MessageKey } from '../words/zh-cn.ts';

/** One number of a time on the road, and the word after it. */
export interface ArrivalPart {
  readonly value: number;
  readonly unit: MessageKey;
}

/** 42 s, 3 min 10 s, 1 h 5 min: never written as a clock, which it is not. */
export function arrivalParts(seconds: number): ArrivalPart[] {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60];
  const part = (value: number, unit: MessageKey) => ({ value, unit });
  if (hours > 0) return [part(hours, 'send.hours'), part(minutes, 'send.minutes')];
  return [...(minutes > 0 ? [part(minutes, 'send.minutes')] : []), part(whole % 60, 'send.seconds')];
}

/** What speaks for a candidate besides its time and distance, which stand beside it. */
export function reasonsShown({ by, etaSeconds, reasons }: Candidate): string[] {
  const isShown = by !== undefined && reasons.some(({ value }) => value === etaSeconds);
  return reasons.filter(({ value }) => !isShown || value !== etaSeconds).map(({ text }) => text);
}

export const canGo = ({ rejected }: Candidate) => rejected === undefined;
