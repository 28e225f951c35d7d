import type { Role } from '../api/shapes.ts';

export type AlertAction = 'take' | 'confirm' | 'dismiss' | 'separate';

const allowed: Record<AlertAction, readonly Role[]> = {
  take: ['seat', 'admin'],
  confirm: ['seat', 'reviewer', 'admin'],
  dismiss: ['seat', 'reviewer', 'admin'],
  separate: ['seat', 'reviewer', 'admin'],
};

/** What the page offers; the server decides for itself. */
export function mayAct(role: Role, action: AlertAction): boolean {
  return allowed[action].includes(role);
}

/** Who sends units, and asks who could go. */
export function maySend(role: Role): boolean {
  return role === 'seat' || role === 'admin';
}

/** Who says that what a moved camera sees is its view from now on. */
export function mayRelearn(role: Role): boolean {
  return role === 'engineer' || role === 'admin';
}

/** Who is offered to calibrate cameras; it changes nothing by itself. */
export function mayCalibrate(role: Role): boolean {
  return role === 'engineer' || role === 'admin';
}
