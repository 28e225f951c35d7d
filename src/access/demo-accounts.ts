import { type Role, systemActor } from '../shared/actor.ts';
import type { Access } from './access.ts';

interface DemoAccount {
  readonly name: string;
  readonly role: Role;
  readonly unit?: string;
}

/** One for each role somebody plays; the patrol's phone speaks for 巡7. */
export const demoAccounts: readonly DemoAccount[] = [
  { name: 'seat', role: 'seat' },
  { name: 'patrol', role: 'patrol', unit: 'xun7' },
  { name: 'engineer', role: 'engineer' },
  { name: 'reviewer', role: 'reviewer' },
  { name: 'auditor', role: 'auditor' },
  { name: 'admin', role: 'admin' },
];

/** Makes the demo's accounts, or gives them this password again, whatever it is: a demo is thrown away. */
export async function ensureDemoAccounts(access: Access, password: string): Promise<readonly DemoAccount[]> {
  await Promise.all(demoAccounts.map((account) => ensureAccount(access, account, password)));
  return demoAccounts;
}

async function ensureAccount({ accounts, passwords }: Access, account: DemoAccount, password: string): Promise<void> {
  const known = await accounts.findByName(account.name);
  if (!known) await accounts.add({ ...account, areas: 'all', password, anyPassword: true }, systemActor);
  else if (!(await passwords.verify(password, known.passwordHash)))
    await accounts.edit(known.id, { password, anyPassword: true }, systemActor);
}
