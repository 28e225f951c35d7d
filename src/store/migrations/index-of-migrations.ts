import { operations } from './001-operations.ts';
import { alertsOpenKey } from './010-alerts.ts';
import { access } from './011-access.ts';
import { recordings } from './014-recordings.ts';
import { terminals } from './015-terminals.ts';
import { warnings } from './018-warnings.ts';
import { alertMerges } from './021-alert-merges.ts';
import { alertTraces } from './022-alert-traces.ts';
import { incidents } from './023-incidents.ts';
import { channels } from './024-channels.ts';
import { accessMeans } from './025-access-means.ts';
import { evidence } from './026-evidence.ts';
import { deskDuty } from './027-desk-duty.ts';
import { deeds } from './028-deeds.ts';
import type { Migration } from './migration.ts';

/** In the order they are applied. Append only. */
export const migrations: readonly Migration[] = [
  operations,
  alertsOpenKey,
  access,
  recordings,
  terminals,
  warnings,
  alertMerges,
  alertTraces,
  incidents,
  channels,
  accessMeans,
  evidence,
  deskDuty,
  deeds,
];
