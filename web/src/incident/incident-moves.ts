import type { Incident, IncidentState } from '../api/incident-shapes.ts';
import type { Role } from '../api/shapes.ts';

/** What has to be said with a move; `into` and `part` name another incident. */
export type Asked = 'text' | 'reason' | 'department' | 'into' | 'part';

/** One thing that people decide of an incident, as the server allows it. */
export interface Move {
  readonly type: 'feedback' | 'verify' | 'close' | 'reopen' | 'escalate' | 'explain' | 'assign' | 'merge' | 'split';
  readonly from: readonly IncidentState[];
  readonly roles: readonly Role[];
  readonly asks: readonly Asked[];
  /** Of what it asks, what may be left empty. */
  readonly optional?: readonly Asked[];
}

const unhandled = ['received', 'assigned', 'dispatched', 'accepted', 'on_scene'] as const;
const unclosed = [...unhandled, 'handled', 'verified'] as const;
const seats = ['seat', 'admin'] as const;
const deciders = ['seat', 'reviewer', 'admin'] as const;

/** In the order of the work: what comes next stands first. */
const moves: readonly Move[] = [
  { type: 'verify', from: ['handled'], roles: deciders, asks: ['text'], optional: ['text'] },
  {
    type: 'close',
    from: ['received', 'assigned', 'verified'],
    roles: deciders,
    asks: ['reason'],
    optional: ['reason'],
  },
  { type: 'feedback', from: ['assigned', 'on_scene'], roles: seats, asks: ['text'] },
  { type: 'escalate', from: unclosed, roles: seats, asks: ['reason'] },
  { type: 'explain', from: unclosed, roles: seats, asks: ['reason'] },
  { type: 'assign', from: unhandled, roles: seats, asks: ['department', 'reason'], optional: ['reason'] },
  { type: 'merge', from: ['received', 'assigned'], roles: seats, asks: ['into'] },
  { type: 'split', from: unclosed, roles: seats, asks: ['part'] },
  { type: 'reopen', from: ['handled', 'verified', 'closed'], roles: deciders, asks: ['reason'] },
];

/** What may be done with it now, by such an account. */
export function movesFor({ state, mergedInto, mergedFrom }: Incident, role: Role): Move[] {
  return moves.filter(({ type, from, roles }) => {
    if (!from.includes(state) || !roles.includes(role)) return false;
    if (type === 'split') return mergedFrom.length > 0;
    return type !== 'reopen' || mergedInto === undefined;
  });
}

/** Only verified work is closed without a word; what somebody has is handed over with one. */
export function isOptional({ type, optional = [] }: Move, asked: Asked, { state, department }: Incident): boolean {
  if (!optional.includes(asked)) return false;
  if (type === 'close') return state === 'verified';
  return type !== 'assign' || asked !== 'reason' || department === undefined;
}

/** The body of the request: what was left empty is left out. */
export function bodyOf(said: Readonly<Partial<Record<Asked, string>>>, version: number): Record<string, unknown> {
  const filled = Object.entries(said).filter(([, text]) => text !== undefined && text.trim() !== '');
  return { version, ...Object.fromEntries(filled.map(([name, text]) => [name, text?.trim()])) };
}
