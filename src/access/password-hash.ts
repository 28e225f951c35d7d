import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Argon2id cost (RFC 9106): memory in KiB, passes over it, lanes. */
export interface HashCost {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

export interface PasswordHash {
  readonly cost: HashCost;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/** OWASP's second recommendation for argon2id: 19 MiB, two passes, one lane. */
export const hashCost: HashCost = { memoryKib: 19_456, passes: 2, lanes: 1 };

const derive = promisify(argon2);
const phcPattern =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43,86})$/;
const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');

/** The PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$tag`, base64 without padding. */
export function formatHash({ cost, salt, tag }: PasswordHash): string {
  return `$argon2id$v=19$m=${cost.memoryKib},t=${cost.passes},p=${cost.lanes}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Undefined for anything but an argon2id PHC string of a cost we would pay: a row edited by hand cannot eat the memory. */
export function parseHash(phc: string): PasswordHash | undefined {
  const [, memory, passes, lanes, salt = '', tag = ''] = phcPattern.exec(phc) ?? [];
  const cost = { memoryKib: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  const affordable =
    cost.memoryKib >= 8 * cost.lanes && cost.memoryKib <= 262_144 && cost.passes >= 1 && cost.lanes >= 1;
  if (!affordable) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

/** A hash that no password has, for names that nobody has: refusing them costs what refusing a wrong password costs. */
export function decoyHash(cost: HashCost): PasswordHash {
  return { cost, salt: randomBytes(16), tag: randomBytes(32) };
}

/** The same password typed on two keyboards is the same password: NFKC, as NIST SP 800-63B advises. */
function tagOf(password: string, { cost, salt, tag }: PasswordHash): Promise<Buffer> {
  return derive('argon2id', {
    message: Buffer.from(password.normalize('NFKC')),
    nonce: salt,
    memory: cost.memoryKib,
    passes: cost.passes,
    parallelism: cost.lanes,
    tagLength: tag.length,
  });
}

/** Runs on libuv's thread pool, about 30 ms and the memory of its cost. */
export async function hashPassword(password: string, cost: HashCost = hashCost): Promise<string> {
  const blank = { cost, salt: randomBytes(16), tag: Buffer.alloc(32) };
  return formatHash({ ...blank, tag: await tagOf(password, blank) });
}

export async function matchesHash(password: string, hash: PasswordHash): Promise<boolean> {
  return timingSafeEqual(await tagOf(password, hash), hash.tag);
}
