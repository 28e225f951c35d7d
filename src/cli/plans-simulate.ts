import { loadConfig } from '../config.ts';
import { type Severity, severities } from '../dispatch/incidents/incident.ts';
import { simulatePlan } from '../dispatch/plans/simulate.ts';
import { toWgs84 } from '../gis/datum.ts';
import { type Command, UsageError } from './command.ts';

/** Plays the plan that an incident of these facts would have, and prints its timeline. Exit code 1 when no plan is meant for it. */
export const plansSimulate: Command = async ({ configDir, environment, options, print }) => {
  const { kind, area } = options;
  if (kind === undefined) throw new UsageError('plans simulate expects --kind KIND, like low-visibility');
  const { plans, tianliang, responsibility } = await loadConfig(configDir, environment);
  const facts = {
    kind,
    area,
    severity: severityOf(options.severity),
    visibility: metersOf(options.visibility),
    at: timeOf(options.at),
    // Day and night are those of where the map opens.
    position: toWgs84(tianliang.map.center),
  };
  const lines = simulatePlan(plans, facts, responsibility.calendar.zone);
  for (const line of lines ?? [`no plan is meant for ${kind}`]) print(line);
  return lines ? 0 : 1;
};

function severityOf(text = 'major'): Severity {
  const severity = severities.find((one) => one === text);
  if (!severity) throw new UsageError(`--severity expects one of ${severities.join(', ')}, not ${text}`);
  return severity;
}

function metersOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const meters = Number(text);
  if (text.trim() === '' || !Number.isFinite(meters) || meters < 0)
    throw new UsageError(`--visibility expects metres, not ${text}`);
  return meters;
}

function timeOf(text: string | undefined): Date {
  const at = text === undefined ? new Date() : new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new UsageError(`--at expects a time like 2026-11-26T03:00:00+08:00, not ${text}`);
  return at;
}
