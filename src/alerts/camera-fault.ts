import type { Severity } from './alert.ts';
import type { Observation } from './observation.ts';

/** Something is wrong with what a camera shows, as whoever tests cameras says it. */
export interface CameraFaultReport {
  readonly camera: Pick<Observation, 'position' | 'area' | 'road' | 'stake' | 'carriageway'> & {
    readonly id: string;
    readonly name: string;
  };
  readonly kind: keyof typeof titles;
  readonly since: Date;
  readonly detail: string;
  readonly value: number;
  readonly limit: number;
  readonly unit?: string | undefined;
  /** JPEG. */
  readonly snapshot?: Uint8Array | undefined;
}

const titles = {
  black: '画面全黑',
  frozen: '画面停滞',
  covered: '画面被遮挡',
  blurred: '画面模糊',
  moved: '镜头移位',
  clock: '摄像机时钟不准',
} as const;

/** Nobody is in danger of a clock. */
const severityOf = (kind: CameraFaultReport['kind']): Severity => (kind === 'clock' ? 'info' : 'minor');

export const cameraFaultKey = (camera: string, kind: string): string => `camera-fault:${camera}:${kind}`;

export function cameraFaultObservation(report: CameraFaultReport, now: Date): Observation {
  const { camera, kind, since, detail, value, limit, unit, snapshot } = report;
  const { id, name, ...place } = camera;
  const minutes = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 60_000));
  return {
    ...place,
    key: cameraFaultKey(id, kind),
    kind: 'camera-fault',
    severity: severityOf(kind),
    at: now,
    title: titles[kind],
    reasons: [
      { text: detail, value, limit, ...(unit !== undefined && { unit }), source: name },
      { text: `已持续 ${minutes} min`, value: minutes, unit: 'min', source: '摄像机自检' },
    ],
    camera: id,
    ...(snapshot && { snapshot }),
  };
}
