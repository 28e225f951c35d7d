import type { Migration } from './migration.ts';

/** What several sources see of one event is one alert: the others are kept as its parts. */
export const alertMerges: Migration = {
  name: '021-alert-merges',
  statements: ['ALTER TABLE alerts ADD COLUMN merged_into TEXT REFERENCES alerts (id) ON DELETE SET NULL'],
};
