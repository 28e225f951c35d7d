import { openSigningKey } from '../alerts/evidence/packing/signing-key.ts';
import type { Command } from './command.ts';

/** `evidence key`: the public half of what this installation signs evidence with. Works while the server runs. */
export const evidenceKey: Command = async ({ dataDir, print }) => {
  print((await openSigningKey(dataDir)).text);
  return 0;
};
