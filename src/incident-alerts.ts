/** The alert desk as incidents are opened from it. */
import type { AlertDesk } from './alerts/desk.ts';
import type { AlertSource } from './dispatch/incidents/alert-source.ts';

/** The unit that a terminal belongs to. */
export type UnitOf = (terminal: string) => string | undefined;

/** Both in the one transaction of the command: an alert is never taken for an incident that does not exist. */
export function alertSource(desk: AlertDesk, unitOf: UnitOf = () => undefined): AlertSource {
  return {
    facts: async (tx, id, asking) => {
      const { kind, severity, title, at, incident, ...alert } = await desk.standing(tx, id, asking);
      const { position, road, stake, carriageway, area } = alert;
      const caller = kind === 'sos' && alert.unit !== undefined ? unitOf(alert.unit) : undefined;
      return {
        kind,
        severity,
        title,
        at,
        position: { lat: position.lat, lon: position.lon },
        ...(road !== undefined && { road }),
        ...(stake !== undefined && { stake }),
        ...(carriageway && { carriageway }),
        ...(area !== undefined && { area }),
        ...(caller !== undefined && { caller }),
        ...(incident !== undefined && { incident }),
      };
    },
    take: (tx, id, taking) => desk.takeFor(tx, id, taking),
  };
}
