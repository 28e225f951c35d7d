import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import { Access, type AccessOptions } from '../../src/access/access.ts';
import { accountsPlugin } from '../../src/access/accounts/plugin.ts';
import { authPlugin } from '../../src/access/auth/plugin.ts';
import { ledgerPlugin } from '../../src/access/ledger/plugin.ts';
import { oidcPlugin } from '../../src/access/oidc/plugin.ts';
import { accessPlugin } from '../../src/access/plugin.ts';
import { secondFactorPlugin } from '../../src/access/second-factor/plugin.ts';
import { tokensPlugin } from '../../src/access/tokens/plugin.ts';
import { watchesPlugin } from '../../src/access/watches/plugin.ts';
import { type HttpOptions, httpPlugin } from '../../src/http/plugin.ts';
import { serverLimits } from '../../src/http/server-limits.ts';
import { type Role, systemActor } from '../../src/shared/actor.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { collectRoutes, type DeclaredRoute } from '../access/route-matrix.ts';

export const goodPassword = 'luchu-baiyun-27';
/** The smallest cost argon2 takes: tests check who gets in, not how long it takes. */
export const cheapHash = { memoryKib: 8, passes: 1, lanes: 1 };

export interface TemporaryStore extends AsyncDisposable {
  readonly store: Store;
  readonly path: string;
}

/** A fresh database on disk, gone afterwards. */
export async function temporaryStore(): Promise<TemporaryStore> {
  const folder = await mkdtemp(join(tmpdir(), 'tianliang-access-'));
  const path = join(folder, 'operations.db');
  const store = await openStore(path);
  const end = async () => {
    await store.close();
    await rm(folder, { recursive: true });
  };
  return { store, path, [Symbol.asyncDispose]: end };
}

export interface House extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly access: Access;
  readonly store: Store;
  /** Of the database. */
  readonly path: string;
  readonly routes: readonly DeclaredRoute[];
  /** Makes an account when there is none of that name, logs it in, answers its bearer header. */
  login(name: string, role?: Role): Promise<{ token: string; authorization: string }>;
}

export interface HouseOptions {
  readonly access?: Omit<AccessOptions, 'store'>;
  readonly http?: Partial<HttpOptions>;
  readonly origins?: readonly string[];
  readonly proxies?: string[];
  /** Adds routes of the test's own. */
  readonly routes?: (app: FastifyInstance, access: Access) => void;
}

async function buildApp(access: Access, options: HouseOptions) {
  const app = Fastify({ ...serverLimits, trustProxy: options.proxies ?? false });
  const routes = collectRoutes(app);
  await app.register(accessPlugin, { access, origins: options.origins ?? [] });
  await app.register(httpPlugin, {
    version: '0.0.0',
    readiness: async () => ({ ready: true, parts: { store: 'ok' } }),
    ...options.http,
  });
  await app.register(websocket);
  for (const plugin of [
    authPlugin,
    oidcPlugin,
    accountsPlugin,
    secondFactorPlugin,
    tokensPlugin,
    ledgerPlugin,
    watchesPlugin,
  ])
    await app.register(plugin, { prefix: '/api/v1', access });
  await app.register(async (own) => options.routes?.(own, access));
  return { app, routes };
}

/** The access slice and the HTTP root on a real database, as `app.ts` joins them. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const database = await temporaryStore();
  const access = new Access({ store: database.store, hashCost: cheapHash, ...options.access });
  const { app, routes } = await buildApp(access, options);
  try {
    await app.ready();
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
  const login = async (name: string, role: Role = 'seat') => {
    const known = await access.accounts.findByName(name);
    if (!known) await access.accounts.add({ name, role, areas: 'all', password: goodPassword }, systemActor);
    const { token } = await access.login({ name, password: goodPassword, address: '192.0.2.1' });
    return { token, authorization: `Bearer ${token}` };
  };
  const end = async () => {
    await app.close();
    await database[Symbol.asyncDispose]();
  };
  return { app, access, store: database.store, path: database.path, routes, login, [Symbol.asyncDispose]: end };
}

/** The ledger's rows, oldest first, as plain facts. */
export async function ledgerOf(store: Store) {
  const rows = await store.db.selectFrom('ledger').selectAll().orderBy('id').execute();
  return rows.map(({ actor, action, object, result, details }) => ({
    actor,
    action,
    object,
    result,
    details: details === null ? null : (JSON.parse(details) as Record<string, unknown>),
  }));
}
