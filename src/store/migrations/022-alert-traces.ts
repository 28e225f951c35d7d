import type { Migration } from './migration.ts';

/** What the detector or a sensor saw around an alert: gone with the alert. */
export const alertTraces: Migration = {
  name: '022-alert-traces',
  statements: [
    'CREATE TABLE alert_traces (alert_id TEXT PRIMARY KEY REFERENCES alerts (id) ON DELETE CASCADE, trace BLOB NOT NULL) STRICT',
  ],
};
