import { BlockList, isIP } from 'node:net';
import { Type } from 'typebox';

const cidr = String.raw`^(?:\d{1,3}(?:\.\d{1,3}){3}/(?:3[0-2]|[12]?\d)|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/(?:12[0-8]|1[01]\d|[1-9]?\d))$`;

/** A network as the configuration names it. */
export const NetworkName = Type.String({
  pattern: cidr,
  maxLength: 64,
  description: 'a network like 192.168.10.0/24 or 2001:db8::/32',
});

/** Networks of nobody but those who are in them: RFC 1918, RFC 6598, RFC 4193. */
export const privateNetworks: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
];

type Family = 'ipv4' | 'ipv6';

interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: Family;
}

/**
 * Never meant by a wide network: this machine (RFC 1122, 4291), link-local, multicast, the clouds' metadata services (AWS,
 * Azure, Oracle, Alibaba), and IPv6 that a translator turns into any IPv4 (RFC 6052).
 */
const special = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '224.0.0.0/3',
  '::/127',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::254/128',
  '64:ff9b::/96',
].map(parseNetwork);
const isSpecial = listOf(special);

/** Which addresses may be dialled (T38). */
export class AddressPolicy {
  readonly #ordinary: BlockList;
  readonly #special: BlockList;

  /** `allow` are networks like 10.0.0.0/8. A special address is let through only by a network inside a special range. */
  constructor(allow: readonly string[]) {
    const networks = allow.map(parseNetwork);
    this.#ordinary = listOf(networks);
    this.#special = listOf(networks.filter(liesInSpecial));
  }

  /** Whether this address, in numbers, may be dialled; an IPv4 one inside IPv6 is judged as what it is. */
  allows(address: string): boolean {
    const version = isIP(address);
    if (version === 0 || address.includes('%')) return false;
    const family = version === 4 ? 'ipv4' : 'ipv6';
    const list = isSpecial.check(address, family) ? this.#special : this.#ordinary;
    return list.check(address, family);
  }
}

function parseNetwork(cidr: string): Network {
  const [address = '', prefix = ''] = cidr.split('/');
  return { address, prefix: Number(prefix), family: isIP(address) === 4 ? 'ipv4' : 'ipv6' };
}

function listOf(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { address, prefix, family } of networks) list.addSubnet(address, prefix, family);
  return list;
}

function liesInSpecial({ address, prefix, family }: Network): boolean {
  return special.some(
    (range) => range.family === family && prefix >= range.prefix && listOf([range]).check(address, family),
  );
}
