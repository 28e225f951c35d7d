import { join } from 'node:path';
import { stderr, stdin } from 'node:process';
import { type Role, roles } from '../shared/actor.ts';
import { openStore } from '../store/store.ts';
import { type Command, UsageError } from './command.ts';
import { askPassword, usersAdd } from './users-add.ts';

/** `users add NAME --role ROLE`: the password comes from TIANLIANG_PASSWORD or is asked for. Works while the server runs. */
export const usersAddCommand: Command = async ({ words, options, dataDir, environment, print, signal }) => {
  const [name, ...rest] = words;
  if (name === undefined || rest.length > 0) throw new UsageError('users add expects one NAME');
  const role = readRole(options.role);
  const password = environment.TIANLIANG_PASSWORD ?? (await askPassword({ input: stdin, output: stderr, signal }));
  await using store = await openStore(join(dataDir, 'operations.sqlite'));
  const { unit } = options;
  const areas = options.areas?.split(',') ?? 'all';
  const account = await usersAdd({ store, name, role, areas, password, ...(unit !== undefined && { unit }) });
  print(`${account.name} is now a ${account.role}`);
  return 0;
};

export function readRole(text: string | undefined): Role {
  const role = roles.find((known) => known === text);
  if (role === undefined) throw new UsageError(`--role expects one of: ${roles.join(', ')}`);
  return role;
}
