import type { AssignmentView } from '../api/incident-shapes.ts';
import type { Account } from '../api/shapes.ts';

/** What the page must know where there is no net: who is on duty, and where that one is sent. Gone with the logout. */
const accountName = 'tianliang.patrol.account';
const dutyName = 'tianliang.patrol.duty';
const reportedName = 'tianliang.patrol.reported';

function read<T>(name: string): T | undefined {
  try {
    return JSON.parse(localStorage.getItem(name) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

export const lastPatrol = () => read<Account>(accountName);
export const rememberPatrol = (account: Account) => localStorage.setItem(accountName, JSON.stringify(account));

export const lastDuty = () => read<AssignmentView>(dutyName);
export function rememberDuty(duty: AssignmentView | undefined): void {
  if (duty) localStorage.setItem(dutyName, JSON.stringify(duty));
  else localStorage.removeItem(dutyName);
}

/** Of which assignment the picture has been taken. */
export const lastReported = () => read<string>(reportedName);
export const rememberReported = (assignment: string) => localStorage.setItem(reportedName, JSON.stringify(assignment));

export function forgetPatrol(): void {
  for (const name of [accountName, dutyName, reportedName]) localStorage.removeItem(name);
}
