import { join } from 'node:path';
import { Access } from '../access/access.ts';
import { UnknownAccountError } from '../access/accounts.ts';
import { systemActor } from '../shared/actor.ts';
import { openStore } from '../store/store.ts';
import { type Command, UsageError } from './command.ts';

/** `users totp-reset NAME`: for who has lost the phone and the recovery codes. Works while the server runs. */
export const usersTotpReset: Command = async ({ words, dataDir, print }) => {
  const [name, ...rest] = words;
  if (name === undefined || rest.length > 0) throw new UsageError('users totp-reset expects one NAME');
  await using store = await openStore(join(dataDir, 'operations.sqlite'));
  await using access = new Access({ store });
  const account = await access.accounts.findByName(name);
  if (!account) throw new UnknownAccountError();
  await access.secondFactors.reset(account.id, systemActor);
  print(`${account.name} has no second factor any more`);
  return 0;
};
