import { join } from 'node:path';
import { Access } from '../access/access.ts';
import { UnknownAccountError } from '../access/accounts.ts';
import { UnknownTokenError } from '../access/tokens/api-tokens.ts';
import { systemActor } from '../shared/actor.ts';
import { openStore } from '../store/store.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { readRole } from './users-add-command.ts';

interface TokenDeed extends Pick<CommandContext, 'options' | 'print'> {
  readonly access: Access;
  readonly account: string;
}

const longestDays = 365;

const deeds: Readonly<Record<string, (deed: TokenDeed) => Promise<void>>> = {
  add: async ({ access, account, options, print }) => {
    const wanted = {
      name: labelOf(options.name),
      role: readRole(options.role),
      areas: options.areas?.split(',') ?? ('all' as const),
      days: daysOf(options.days),
    };
    const { token, expiresAt } = await access.tokens.add(account, wanted, systemActor);
    print(token);
    print(`shown this once; good until ${expiresAt}`);
  },
  list: async ({ access, account, print }) => {
    for (const { name, role, areas, expiresAt, lastUsedAt = 'never', revokedAt } of await access.tokens.list(account)) {
      const state = revokedAt === undefined ? `until ${expiresAt}` : `revoked ${revokedAt}`;
      print(`${name}  ${role}  ${areas === 'all' ? 'all areas' : areas.join(',')}  ${state}  last used ${lastUsedAt}`);
    }
  },
  revoke: async ({ access, account, options, print }) => {
    const label = labelOf(options.name);
    const holding = (await access.tokens.list(account)).filter((one) => one.name === label && !one.revokedAt);
    if (holding.length === 0) throw new UnknownTokenError();
    for (const { id } of holding) await access.tokens.revoke(account, id, systemActor);
    print(`${label} is revoked`);
  },
};

/** `users token add|list|revoke NAME`: what machines come in with. Works while the server runs, which hears of it in 2 s. */
export const usersToken: Command = async ({ words, options, dataDir, print }) => {
  const [what = '', name, ...rest] = words;
  const deed = deeds[what];
  if (!deed || name === undefined || rest.length > 0)
    throw new UsageError('users token expects add, list or revoke NAME');
  await using store = await openStore(join(dataDir, 'operations.sqlite'));
  await using access = new Access({ store });
  const account = await access.accounts.findByName(name);
  if (!account) throw new UnknownAccountError();
  await deed({ access, account: account.id, options, print });
  return 0;
};

function labelOf(text: string | undefined): string {
  if (text === undefined) throw new UsageError('--name expects what the token is for');
  return text;
}

function daysOf(text = '90'): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > longestDays) throw new UsageError('--days expects 1 to 365');
  return days;
}
