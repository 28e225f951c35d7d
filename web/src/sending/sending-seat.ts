import type { Ref } from 'vue';
import type { Incident } from '../api/incident-shapes.ts';
import type { Account, Alert } from '../api/shapes.ts';

/** What of the wall sending needs. */
export interface SendingSeat {
  readonly api: {
    get<T>(path: string): Promise<T>;
    post<T>(path: string, body?: object, key?: string): Promise<T>;
  };
  readonly user: Pick<Account, 'role'>;
  /** The server's time in milliseconds. */
  readonly now: Readonly<Ref<number>>;
  readonly incidents: Readonly<Ref<ReadonlyMap<string, Incident>>>;
  readonly learn: (alert: Alert) => void;
  readonly learnIncident: (incident: Incident) => void;
}
