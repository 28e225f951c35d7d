import { systemActor } from '../../shared/actor.ts';
import { openAssignments } from '../../store/assignments-repository.ts';
import type { AlertSource } from './alert-source.ts';
import type { IncidentDesk } from './incident-desk.ts';
import type { IncidentRecords } from './incident-records.ts';
import { moveIncident } from './move-incident.ts';
import type { Proposals } from './proposals.ts';

export interface SosIncidentsOptions {
  readonly records: IncidentRecords;
  readonly desk: IncidentDesk;
  readonly alerts: AlertSource;
  readonly proposals: Proposals;
}

/** A call for help, as the alert desk has it. */
export interface SosAlert {
  readonly id: string;
  readonly position: { readonly errorMeters?: number | undefined };
}

/** Nobody is the nearest to somewhere in a whole district. */
const lostMeters = 20_000;

/** Opens the incident of a call for help before anybody has looked at it, and proposes who could go; sends nobody. */
export class SosIncidents {
  readonly #options: SosIncidentsOptions;

  constructor(options: SosIncidentsOptions) {
    this.#options = options;
  }

  /** The alert stays untaken. One that has led to an incident is left as it is: safe to be told twice. */
  async open({ id: alert, position }: SosAlert): Promise<void> {
    const { records, desk, alerts, proposals } = this.#options;
    await records.run(async (work) => {
      const { incident: known, ...facts } = await alerts.facts(work.tx, alert, { actor: systemActor });
      if (known !== undefined) return;
      const command = { actor: systemActor };
      const incident = await desk.openIn(work, { ...facts, source: 'alert', alerts: [alert] }, command);
      const bound = new Set((await openAssignments(work.tx)).map(({ unit }) => unit));
      const isLost = (position.errorMeters ?? 0) >= lostMeters;
      const candidate = isLost ? undefined : proposals.next(incident, bound);
      if (!candidate) return;
      const move = { type: 'propose', late: [], candidate } as const;
      await moveIncident(work, { id: incident.id, move, command, now: new Date() });
    });
  }
}
