import type { ProbeStage } from './camera-actions.ts';
import type { Cause } from './stream-failure.ts';

/** What a camera must get through before somebody sees it, in order. */
const stages = ['dns', 'tcp', 'auth', 'profile', 'describe', 'first_key_frame', 'playable'] as const;
export type StageName = (typeof stages)[number];

const stageOfCause: Record<Cause, StageName> = {
  dns: 'dns',
  refused: 'tcp',
  timeout: 'tcp',
  lost: 'tcp',
  unauthorized: 'auth',
  not_found: 'describe',
  protocol: 'describe',
  no_packets: 'first_key_frame',
  no_keyframe: 'first_key_frame',
  frozen: 'first_key_frame',
  codec: 'playable',
};

/** What failed, and whether the device's ONVIF side was still being asked. */
export interface ProbeFailure {
  readonly cause: Cause;
  readonly message: string;
  readonly resolving: boolean;
}

/** All stages of the source when nothing failed; else those before the failing one, and that one with its reason. */
export function probeStages(source: string, failed?: ProbeFailure): ProbeStage[] {
  const tried = stages.filter((stage) => stage !== 'profile' || source.startsWith('onvif:'));
  if (!failed) return tried.map((stage) => ({ stage, ok: true }));
  const usual = stageOfCause[failed.cause];
  const stage = failed.resolving && usual === 'describe' ? 'profile' : usual;
  const passed = tried.slice(0, Math.max(0, tried.indexOf(stage)));
  return [...passed.map((name) => ({ stage: name, ok: true })), { stage, ok: false, message: failed.message }];
}
