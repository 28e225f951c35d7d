import { operations } from './001-operations.ts';
import type { Migration } from './migration.ts';

/** In the order they are applied. Append only. */
export const migrations: readonly Migration[] = [operations];
