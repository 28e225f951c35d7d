/** What the loop must do, said a second time and in another way: small enough to be read and believed. */
export const units = ['u0', 'u1'] as const;
export const refs = ['r0', 'r1', 'r2'] as const;

export type CommandName =
  | 'open'
  | 'assign'
  | 'dispatch'
  | 'accept'
  | 'arrive'
  | 'complete'
  | 'decline'
  | 'recall'
  | 'feedback'
  | 'verify'
  | 'close'
  | 'reopen';

/** A lane has incidents and units of its own; `n` is the command's idempotency key. */
export interface LaneCommand {
  readonly lane: number;
  readonly n: number;
  readonly name: CommandName;
  readonly ref: string;
  readonly unit: string;
}

export type Outcome = { readonly version: number; readonly state: string } | { readonly error: string };

interface ModelIncident {
  version: number;
  department: boolean;
  end: 'none' | 'handled' | 'verified' | 'closed';
  /** The last assignment of each unit. */
  assignments: Record<string, string>;
}

export interface LaneModel {
  readonly incidents: Record<string, ModelIncident>;
}

const open = ['dispatched', 'accepted', 'arrived'];
const bound = (incident: ModelIncident) => Object.values(incident.assignments).filter((state) => open.includes(state));

export function stateOf(incident: ModelIncident): string {
  if (incident.end !== 'none') return incident.end;
  const states = bound(incident);
  if (states.includes('arrived')) return 'on_scene';
  if (states.includes('accepted')) return 'accepted';
  if (states.includes('dispatched')) return 'dispatched';
  return incident.department ? 'assigned' : 'received';
}

const refused = { error: 'INCIDENT_MOVE_REFUSED' };
const steps: Record<string, readonly [to: string, ...from: string[]]> = {
  accept: ['accepted', 'dispatched'],
  arrive: ['arrived', 'dispatched', 'accepted'],
  complete: ['completed', 'arrived'],
  decline: ['declined', 'dispatched', 'accepted'],
  recall: ['recalled', 'dispatched', 'accepted', 'arrived'],
};

/** The lane after the command, and what is answered; a model is never changed in place. */
export function applied(before: LaneModel, command: LaneCommand): { model: LaneModel; outcome: Outcome } {
  const model = structuredClone(before);
  const incident = model.incidents[command.ref];
  if (!incident) {
    if (command.name !== 'open') return { model, outcome: { error: 'NONE' } };
    const made: ModelIncident = { version: 1, department: false, end: 'none', assignments: {} };
    return {
      model: { incidents: { ...model.incidents, [command.ref]: made } },
      outcome: { version: 1, state: 'received' },
    };
  }
  const wrong = step(model, incident, command);
  if (wrong) return { model: before, outcome: wrong };
  return { model, outcome: { version: incident.version, state: stateOf(incident) } };
}

/** What a command finds: refuses it, has been made already, or is changed by it. */
type Found = Outcome | 'same' | 'changed';

interface Finding {
  readonly model: LaneModel;
  readonly incident: ModelIncident;
  readonly unit: string;
}

const isUnhandled = ({ end }: ModelIncident) => end === 'none';

const commands: Readonly<Partial<Record<CommandName, (finding: Finding) => Found>>> = {
  open: () => 'same',
  assign: ({ incident }) => {
    if (!isUnhandled(incident)) return refused;
    if (incident.department) return 'same';
    incident.department = true;
    return 'changed';
  },
  dispatch: ({ model, incident, unit }) => {
    const isBusy = Object.values(model.incidents).some((one) => open.includes(one.assignments[unit] ?? ''));
    if (isBusy) return { error: 'UNIT_BUSY' };
    if (!isUnhandled(incident)) return refused;
    incident.assignments[unit] = 'dispatched';
    return 'changed';
  },
  feedback: ({ incident }) => {
    if (!['assigned', 'on_scene'].includes(stateOf(incident))) return refused;
    const sent = Object.entries(incident.assignments);
    incident.assignments = Object.fromEntries(sent.map(([unit, at]) => [unit, open.includes(at) ? 'completed' : at]));
    return ended(incident, 'handled');
  },
  verify: ({ incident }) => {
    if (incident.end === 'verified') return 'same';
    return incident.end === 'handled' ? ended(incident, 'verified') : refused;
  },
  close: ({ incident }) => {
    if (incident.end === 'closed') return 'same';
    return ['verified', 'assigned', 'received'].includes(stateOf(incident)) ? ended(incident, 'closed') : refused;
  },
  reopen: ({ incident }) => (isUnhandled(incident) ? refused : ended(incident, 'none')),
};

function ended(incident: ModelIncident, end: ModelIncident['end']): Found {
  incident.end = end;
  return 'changed';
}

function step(model: LaneModel, incident: ModelIncident, { name, unit }: LaneCommand): Outcome | undefined {
  const found = commands[name]?.({ model, incident, unit }) ?? stepped(incident, name, unit);
  if (found === 'changed') incident.version += 1;
  return typeof found === 'string' ? undefined : found;
}

function stepped(incident: ModelIncident, name: string, unit: string): Found {
  const before = incident.assignments[unit];
  if (before === undefined) return { error: 'NONE' };
  const [to = '', ...from] = steps[name] ?? [];
  if (before === to) return 'same';
  if (bound(incident).length === 0) return refused;
  if (!from.includes(before)) return { error: 'ASSIGNMENT_MOVE_REFUSED' };
  incident.assignments[unit] = to;
  return to === 'completed' && bound(incident).length === 0 ? ended(incident, 'handled') : 'changed';
}
