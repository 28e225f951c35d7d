import type { BeginDeed, Deed, DeedEnd } from '../../src/shared/deed.ts';

/** What was done, as its rows would say it, once it has ended; with a ledger that fails nothing begins. */
export function fakeDeeds(ledger: 'works' | 'fails' = 'works') {
  const begun: Deed[] = [];
  const rows: (Deed & DeedEnd)[] = [];
  const begin: BeginDeed = async (...deeds) => {
    if (ledger === 'fails') throw new Error('no ledger');
    begun.push(...deeds);
    return async ({ result, details }) => {
      for (const deed of deeds) rows.push({ ...deed, result, details: { ...deed.details, ...details } });
    };
  };
  return { begin, begun, rows };
}
