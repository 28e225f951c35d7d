import type { Caller } from '../../helpers/caller.ts';
import type { Shift } from './shift-site.ts';

/** A row that an action leaves when it was done: who, what, on what and how it ended; and why, where somebody said so. */
export interface ExpectedRow {
  readonly actor: string;
  readonly action: string;
  readonly object?: string | undefined;
  readonly result: 'ok' | 'failed' | 'denied';
  readonly why?: string;
}

/** What came of an action. */
export interface Done {
  readonly status: number;
  readonly rows: readonly ExpectedRow[];
}

export interface ScriptedAction {
  readonly name: string;
  /** Whether it must be refused while no row can be written. */
  readonly refuses: boolean;
  readonly run: (n: number) => Promise<Done>;
}

/** What strangers write to make a line of their own. */
const forged = '\r\n2026-11-26T08:00:00Z boss login ok \u001b[2K\u001b[31m\u2028';

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly body?: object;
}

interface Answer {
  readonly status: number;
  readonly isDone: boolean;
  readonly json: Record<string, unknown>;
}

async function ask(caller: Caller, { method = 'POST', path, body = {} }: Asked): Promise<Answer> {
  const url = `/api/v1${path}`;
  const response = method === 'GET' ? await caller.fetch(url) : await caller.send(method, url, body);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, isDone: response.ok, json: isJson && text ? JSON.parse(text) : {} };
}

const ok = (actor: string, action: string, more: Partial<ExpectedRow> = {}): ExpectedRow => ({
  actor,
  action,
  result: 'ok',
  ...more,
});

/** Its rows when it was done, none when it was refused. */
const done = ({ status, isDone }: Answer, ...rows: ExpectedRow[]): Done => ({ status, rows: isDone ? rows : [] });

const actOf = (name: string, run: ScriptedAction['run'], refuses = true): ScriptedAction => ({ name, refuses, run });

/** What people do in a shift. Each goes on from what the one before it has come to. */
export function shiftScript(shift: Shift, trainee: string): ScriptedAction[] {
  return [
    ...cameraActions(shift),
    ...watchActions(shift),
    ...evidenceActions(shift),
    ...alertActions(shift),
    ...dispatchActions(shift),
    ...accountActions(shift, trainee),
    ...dutyActions(shift),
    ...auditActions(shift),
  ];
}

function cameraActions({ callers, recorded, rename }: Shift): ScriptedAction[] {
  const { seat, reviewer, admin } = callers;
  const span = `from=${encodeURIComponent(recorded.from)}&to=${encodeURIComponent(recorded.to)}`;
  return [
    actOf('PTZ', async () => {
      const answer = await ask(seat, { path: '/cameras/cam/ptz', body: { pan: 0.1, seconds: 0.1 } });
      return done(answer, ok('seat', 'camera.ptz', { object: 'camera/cam' }));
    }),
    actOf('PTZ of a camera that cannot turn', async () => {
      const { status } = await ask(seat, { path: '/cameras/spare/ptz', body: { stop: true } });
      const row = { actor: 'seat', action: 'camera.ptz', object: 'camera/spare', result: 'failed' } as const;
      return { status, rows: status === 409 ? [row] : [] };
    }),
    actOf('clip', async () => {
      const answer = await ask(reviewer, { method: 'GET', path: `/cameras/cam/clip.mp4?${span}` });
      return done(answer, ok('reviewer', 'recording.export', { object: 'camera/cam' }));
    }),
    actOf('config change', async (n) => {
      await rename(`spare-${n}`);
      return done(await ask(admin, { path: '/cameras/apply' }), ok('admin', 'cameras.apply'));
    }),
  ];
}

/** Two actions: it begins, and some actions later it ends. */
function watchActions({ callers, url }: Shift): ScriptedAction[] {
  const { seat } = callers;
  const tickets: string[] = [];
  const watching: AbortController[] = [];
  const row = (action: string) => ok('seat', action, { object: 'camera/cam' });
  return [
    actOf('ticket', async () => {
      const answer = await ask(seat, { path: '/cameras/cam/ticket' });
      if (answer.isDone) tickets.push(String(answer.json.ticket));
      return done(answer, ok('seat', 'ticket.issue', { object: 'cam' }));
    }),
    actOf(
      'watch start',
      async () => {
        const ticket = tickets.pop();
        if (ticket === undefined) return { status: 0, rows: [] };
        const leaving = new AbortController();
        const response = await fetch(`${url}/streams/cam.flv?ticket=${ticket}`, { signal: leaving.signal });
        await response.body?.getReader().read();
        watching.push(leaving);
        return { status: response.status, rows: [row('watch.start')] };
      },
      false,
    ),
    actOf(
      'watch stop',
      async () => {
        const leaving = watching.shift();
        leaving?.abort();
        return { status: leaving ? 200 : 0, rows: leaving ? [row('watch.stop')] : [] };
      },
      false,
    ),
  ];
}

function evidenceActions({ callers, recorded }: Shift): ScriptedAction[] {
  const { seat, reviewer } = callers;
  const asked: string[] = [];
  const approved: string[] = [];
  return [
    actOf('evidence request', async (n) => {
      const why = `case ${n}`;
      const incident = await seat.get<{ items: { id: string }[] }>('/incidents?limit=1');
      const body = {
        incident: incident.items[0]?.id,
        purpose: why,
        recipient: 'police',
        cameras: ['cam'],
        ...recorded,
      };
      const answer = await ask(seat, { path: '/evidence', body });
      const id = String(answer.json.id);
      if (answer.isDone) asked.push(id);
      return done(answer, ok('seat', 'evidence.request', { object: id, why }), ok('seat', 'lock.put', { why }));
    }),
    actOf('evidence approval', async () => {
      const [id] = asked;
      if (id === undefined) return { status: 0, rows: [] };
      const answer = await ask(reviewer, { path: `/evidence/${id}/approve` });
      if (answer.isDone) approved.push(...asked.splice(0, 1));
      return done(answer, ok('reviewer', 'evidence.approve', { object: id }));
    }),
    actOf('evidence download', async () => {
      const id = approved.at(-1);
      if (id === undefined) return { status: 0, rows: [] };
      const answer = await ask(seat, { method: 'GET', path: `/evidence/${id}/package.zip` });
      const rows = ['evidence.seal', 'evidence.export'].map((action) => ok('seat', action, { object: id }));
      return done(answer, ...rows);
    }),
  ];
}

function alertActions({ callers, alerts }: Shift): ScriptedAction[] {
  const { seat } = callers;
  const raised = [...alerts];
  const taken: string[] = [];
  const move = async (from: string[], verb: string, why?: string) => {
    const [id] = from;
    if (id === undefined) return { status: 0, rows: [] };
    const body = why === undefined ? {} : { reason: `${why}${forged}` };
    const answer = await ask(seat, { path: `/alerts/${id}/${verb}`, body });
    if (answer.isDone) from.shift();
    if (answer.isDone && verb === 'acknowledge') taken.push(id);
    return done(answer, ok('seat', `alert.${verb}`, { object: id, ...(why !== undefined && { why }) }));
  };
  return [
    actOf('alert acknowledged', () => move(raised, 'acknowledge')),
    actOf('alert confirmed', () => move(taken, 'confirm')),
    actOf('alert dismissed', (n) => move(taken, 'dismiss', `no ${n}`)),
  ];
}

/** One unit: opened, sent, accepted, there, done, and again. */
function dispatchActions({ callers }: Shift): ScriptedAction[] {
  const { seat, patrol } = callers;
  let at: { step: 'open' | 'dispatch' | 'accept' | 'arrive' | 'complete'; incident: string; assignment: string };
  at = { step: 'open', incident: '', assignment: '' };
  const open = async (n: number) => {
    const body = {
      source: 'hotline',
      kind: 'flood',
      title: `report ${n}`,
      text: `heard${forged}`,
      position: { lat: 27.3, lon: 105.29 },
    };
    const answer = await ask(seat, { path: '/incidents', body });
    const incident = String(answer.json.id);
    if (answer.isDone) at = { step: 'dispatch', incident, assignment: '' };
    return done(answer, ok('seat', 'incident.open', { object: incident }));
  };
  const dispatch = async () => {
    const { incident } = at;
    const answer = await ask(seat, { path: `/incidents/${incident}/dispatch`, body: { unit: 'xun7' } });
    const assignments = (answer.json.assignments ?? []) as { id: string }[];
    if (answer.isDone) at = { step: 'accept', incident, assignment: assignments.at(-1)?.id ?? '' };
    return done(answer, ok('seat', 'incident.dispatch', { object: incident }));
  };
  const answered = async (step: 'accept' | 'arrive' | 'complete', next: typeof at.step) => {
    const { incident, assignment } = at;
    const answer = await ask(patrol, { path: `/assignments/${assignment}/${step}` });
    if (answer.isDone) at = { ...at, step: next };
    return done(answer, ok('patrol', `assignment.${step}`, { object: incident }));
  };
  const steps = {
    open,
    dispatch,
    accept: () => answered('accept', 'arrive'),
    arrive: () => answered('arrive', 'complete'),
    complete: () => answered('complete', 'open'),
  };
  return [1, 2, 3].map(() => actOf('incident', (n) => steps[at.step](n)));
}

function accountActions({ callers }: Shift, trainee: string): ScriptedAction[] {
  const { admin, seat } = callers;
  return [
    actOf('role change', async (n) => {
      const body = { role: n % 2 === 0 ? 'seat' : 'viewer', areas: [`a${n}`] };
      const answer = await ask(admin, { method: 'PATCH', path: `/accounts/${trainee}`, body });
      return done(answer, ok('admin', 'account.change', { object: 'trainee' }));
    }),
    actOf('failed login', async (n) => {
      const body = { username: `eve${n}${forged}`, password: `x${forged}` };
      const { status } = await ask(admin, { path: '/auth/login', body });
      return { status, rows: status === 401 ? [{ actor: 'system', action: 'login', result: 'failed' }] : [] };
    }),
    actOf(
      'what is not theirs',
      async (n) => {
        const { status } = await ask(seat, {
          method: 'PATCH',
          path: `/accounts/${trainee}-${n}`,
          body: { role: 'admin' },
        });
        const object = `/api/v1/accounts/${trainee}-${n}`;
        return { status, rows: [{ actor: 'seat', action: 'PATCH /api/v1/accounts/:id', object, result: 'denied' }] };
      },
      false,
    ),
  ];
}

function dutyActions({ callers }: Shift): ScriptedAction[] {
  const { seat, relief } = callers;
  let given: string | undefined;
  return [
    actOf('silence', async (n) => {
      const why = `road works ${n}`;
      const body = { kind: 'ice', minutes: 5 + (n % 50), reason: `${why}${forged}` };
      const answer = await ask(seat, { path: '/silences', body });
      return done(answer, ok('seat', 'silence.begin', { object: String(answer.json.id), why }));
    }),
    actOf('handover', async (n) => {
      if (given === undefined) {
        const answer = await ask(seat, { path: '/handovers', body: { notes: `quiet ${n}${forged}` } });
        if (answer.isDone) given = String(answer.json.id);
        return done(answer, ok('seat', 'handover.give', { object: String(answer.json.id) }));
      }
      const object = given;
      const answer = await ask(relief, { path: `/handovers/${object}/sign` });
      if (answer.isDone) given = undefined;
      // What the giver had taken is the taker's from then on: a change of each alert.
      const moved = Array.from({ length: Number(answer.json.moved ?? 0) }, () => ok('relief', 'alert.handover'));
      return done(answer, ok('relief', 'handover.sign', { object }), ...moved);
    }),
  ];
}

function auditActions({ callers }: Shift): ScriptedAction[] {
  const { auditor } = callers;
  const read = (name: string, path: string, action: string) =>
    actOf(name, async () => done(await ask(auditor, { method: 'GET', path }), ok('auditor', action)));
  return [
    read('audit read', `/ledger?limit=2&actor=${encodeURIComponent(`eve${forged}`)}`, 'ledger.read'),
    read('audit verified', '/ledger/verify', 'ledger.verify'),
    read('watches read', '/watches?limit=2', 'watches.read'),
  ];
}
