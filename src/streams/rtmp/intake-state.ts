/** How the process that takes RTMP pushes stands. */
export type IntakeState =
  /** No camera is pushed to us: nothing listens. */
  | { readonly phase: 'idle'; readonly since: Date }
  | { readonly phase: 'starting'; readonly since: Date }
  | { readonly phase: 'listening'; readonly since: Date; readonly port: number }
  /** It ended and is started again at `retryAt`; `tripped` when that happened too often. */
  | {
      readonly phase: 'waiting' | 'tripped';
      readonly since: Date;
      readonly retryAt: Date;
      readonly message: string;
    }
  | { readonly phase: 'closed'; readonly since: Date };

export type IntakeEvent = { readonly at: Date } & (
  | { readonly type: 'spawned' }
  | { readonly type: 'listening'; readonly port: number }
  | { readonly type: 'ended'; readonly retryAt: Date; readonly message: string; readonly tripped: boolean }
  | { readonly type: 'rest' }
  | { readonly type: 'close' }
);

/** The only way the state changes. What does not apply leaves the very same object. */
export function nextIntakeState(state: IntakeState, event: IntakeEvent): IntakeState {
  if (state.phase === 'closed') return state;
  const since = event.at;
  switch (event.type) {
    case 'spawned':
      return { phase: 'starting', since };
    case 'listening':
      return state.phase === 'starting' ? { phase: 'listening', since, port: event.port } : state;
    case 'ended': {
      const { retryAt, message, tripped } = event;
      return { phase: tripped ? 'tripped' : 'waiting', since, retryAt, message };
    }
    case 'rest':
      return state.phase === 'idle' ? state : { phase: 'idle', since };
    case 'close':
      return { phase: 'closed', since };
  }
}
