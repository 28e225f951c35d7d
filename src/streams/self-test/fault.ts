/** What can be wrong with what a camera shows. */
export const faultKinds = ['black', 'frozen', 'covered', 'blurred', 'moved', 'clock'] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Why something is called a fault: in words, and what was measured against which limit. */
export interface FaultCause {
  readonly detail: string;
  readonly value: number;
  readonly limit: number;
  readonly unit?: string;
}

/** What one look says of one kind of fault; `unjudged` says nothing of it. */
export type Finding =
  | { readonly verdict: 'no' }
  | { readonly verdict: 'unjudged' }
  | { readonly verdict: 'yes'; readonly cause: FaultCause };

export const no: Finding = { verdict: 'no' };
export const unjudged: Finding = { verdict: 'unjudged' };
export const found = (cause: FaultCause): Finding => ({ verdict: 'yes', cause });

/** Whether a kind of fault stands, over time: a truck, a lamp or a flash before the lens is none. */
export type FaultWatch =
  /** Not looked at since the start. */
  | { readonly phase: 'new' }
  | { readonly phase: 'clear' }
  | { readonly phase: 'suspect'; readonly sinceMs: number; readonly looks: number }
  | { readonly phase: 'standing'; readonly sinceMs: number; readonly cause: FaultCause }
  | {
      readonly phase: 'fading';
      readonly sinceMs: number;
      readonly cause: FaultCause;
      readonly clearMs: number;
      readonly looks: number;
    };

/** So long, and so many looks of it, until it begins. */
export interface FaultPatience {
  readonly beginMs: number;
  readonly beginLooks: number;
}

const clear: FaultWatch = { phase: 'clear' };

const endMs = 30_000;
const endLooks = 2;

/** The only way a watch changes. `at` is milliseconds. */
export function nextFault(
  watch: FaultWatch,
  finding: Finding,
  when: FaultPatience & { readonly at: number },
): FaultWatch {
  switch (finding.verdict) {
    case 'unjudged':
      return watch;
    case 'no':
      return cleared(watch, when.at);
    case 'yes':
      return suspected(watch, finding.cause, when);
  }
}

function suspected(
  watch: FaultWatch,
  cause: FaultCause,
  { at, beginMs, beginLooks }: FaultPatience & { readonly at: number },
): FaultWatch {
  if (watch.phase === 'standing' || watch.phase === 'fading')
    return { phase: 'standing', sinceMs: watch.sinceMs, cause };
  const { sinceMs, looks } = watch.phase === 'suspect' ? watch : { sinceMs: at, looks: 0 };
  if (at - sinceMs >= beginMs && looks + 1 >= beginLooks) return { phase: 'standing', sinceMs, cause };
  return { phase: 'suspect', sinceMs, looks: looks + 1 };
}

function cleared(watch: FaultWatch, at: number): FaultWatch {
  if (watch.phase !== 'standing' && watch.phase !== 'fading') return clear;
  const { sinceMs, cause } = watch;
  if (watch.phase === 'standing') return { phase: 'fading', sinceMs, cause, clearMs: at, looks: 1 };
  const looks = watch.looks + 1;
  return looks >= endLooks && at - watch.clearMs >= endMs ? clear : { ...watch, looks };
}

/** The fault as it stands; one that fades stands until it is gone. */
export function standing(watch: FaultWatch): { sinceMs: number; cause: FaultCause } | undefined {
  return watch.phase === 'standing' || watch.phase === 'fading' ? watch : undefined;
}
