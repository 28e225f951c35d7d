import { join } from 'node:path';
import { Access } from './access/access.ts';
import { openKeys } from './access/keys/installation-keys.ts';
import type { Config } from './config.ts';
import type { Log } from './shared/log.ts';
import type { Store } from './store/store.ts';

interface AccessParts {
  readonly config: Config;
  readonly dataDir: string;
}

/** Who may, with the keys of this installation. Fails with `WeakKeyError`. */
export async function buildAccess({ config, dataDir }: AccessParts, store: Store, log: Log): Promise<Access> {
  const { ledger, access } = config.tianliang;
  return new Access({
    store,
    keys: await openKeys(join(dataDir, 'keys')),
    heads: ledger.heads ?? join(dataDir, 'ledger-heads.jsonl'),
    factorRoles: access.secondFactor.roles,
    ...(access.oidc && { oidc: access.oidc }),
    log: log.child({ slice: 'access' }),
  });
}
