import { workerData } from 'node:worker_threads';
import { serveCalls } from './file-thread.ts';
import type { SpoolCalls } from './spool-calls.ts';
import { SpoolDatabase } from './spool-database.ts';

/* The thread of the spool's file. */
const { path } = workerData as { path: string };
const database = new SpoolDatabase(path);
serveCalls<SpoolCalls>(
  {
    append: (batch) => database.append(batch),
    positions: () => database.positions(),
    depth: () => database.depth(),
    readSpool: (from) => database.readSpool(from),
    advance: (seq) => database.advance(seq),
    readPoints: (from) => database.readPoints(from),
    settlePoints: (seq) => database.settlePoints(seq),
    bury: (letters) => database.bury(letters),
    deadSos: (limit) => database.deadSos(limit),
    unbury: (id) => database.unbury(id),
  },
  () => database.close(),
);
