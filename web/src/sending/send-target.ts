import type { Incident } from '../api/incident-shapes.ts';
import type { Alert } from '../api/shapes.ts';
import { isOpen } from '../live/world.ts';

/** Where somebody is sent: an alert, or an incident. */
export interface SendTarget {
  readonly kind: 'alerts' | 'incidents';
  readonly id: string;
  readonly version: number;
  /** Somebody can still be sent. */
  readonly open: boolean;
  /** Nobody has taken it: who sends takes it. */
  readonly untaken: boolean;
  readonly incident: string | undefined;
}

export const pathOf = ({ kind, id }: SendTarget) => `/${kind}/${encodeURIComponent(id)}`;

export function alertTarget(alert: Alert): SendTarget {
  const { id, version, state, incident } = alert;
  return { kind: 'alerts', id, version, open: isOpen(alert), untaken: state === 'raised', incident };
}

const sendable: ReadonlySet<string> = new Set(['received', 'assigned', 'dispatched', 'accepted', 'on_scene']);

export function incidentTarget({ id, version, state }: Incident): SendTarget {
  return { kind: 'incidents', id, version, open: sendable.has(state), untaken: false, incident: id };
}
