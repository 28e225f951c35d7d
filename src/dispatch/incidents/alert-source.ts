import type { Place } from '../../gis/place.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Tx } from '../../store/store.ts';
import type { Severity } from './incident.ts';

/** What an incident takes over from the alert that it is opened from. */
export interface AlertFacts extends Place {
  readonly kind: string;
  readonly severity: Severity;
  readonly title: string;
  readonly at: string;
  /** The unit that calls for help. */
  readonly caller?: string | undefined;
  /** The incident that it has led to already. */
  readonly incident?: string | undefined;
}

/** Whoever asks for an alert, and which version of it was decided on. */
export interface Asking {
  readonly actor: Actor;
  readonly version?: number | undefined;
}

/** Whoever is asked for an alert, and for what. */
export interface Taking {
  readonly actor: Actor;
  readonly incident: string;
}

/** The alerts, as whoever keeps them lets incidents have them, within a transaction. Both methods fail as that one does. */
export interface AlertSource {
  facts(tx: Tx, id: string, asking: Asking): Promise<AlertFacts>;
  /** The actor takes the alert for the incident. `told` is to be called once that is committed. */
  take(tx: Tx, id: string, taking: Taking): Promise<{ readonly told: () => void }>;
}
