import type { Migration } from './migration.ts';

/** The database itself refuses a second open alert of the same key, whoever writes it. */
export const alertsOpenKey: Migration = {
  name: '010-alerts-open-key',
  statements: ['CREATE UNIQUE INDEX alerts_open_by_key ON alerts (key) WHERE ended_at IS NULL'],
};
