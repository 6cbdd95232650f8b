import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * How an address may be called: `public` always, `private` only inside the deployment's `privateEndpointCidrs`, `never`
 * not even there: loopback, link-local, multicast, and where clouds answer with a machine's own credentials.
 */
export type Reach = 'public' | 'private' | 'never';

const subnets = (...networks: readonly `${string}/${number}`[]): BlockList => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), isIPv4(address) ? 'ipv4' : 'ipv6');
  }
  return list;
};

/** @see https://www.iana.org/assignments/iana-ipv4-special-registry and, for metadata, the clouds' own pages. */
const NEVER = subnets(
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/3',
  // Metadata of Alibaba, Oracle and Azure; the others' is link-local.
  '100.100.100.200/32',
  '192.0.0.192/32',
  '168.63.129.16/32',
);
const PRIVATE = subnets(
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
);
/** @see https://www.iana.org/assignments/iana-ipv6-special-registry; the last two are metadata of EC2 and Google. */
const NEVER_6 = subnets(
  '::/96',
  // IPv4 translated (RFC 2765): nobody routes it.
  '::ffff:0:0:0/96',
  'fe80::/10',
  'ff00::/8',
  '100::/64',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
);
const GLOBAL_6 = subnets('2000::/3');
/** Of the global ones: Teredo and others of the IETF's, documentation, and 6to4. */
const PRIVATE_6 = subnets('2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20');
const MAPPED = subnets('::ffff:0:0/96');
const NAT64 = subnets('64:ff9b::/96', '64:ff9b:1::/48');
const SIX_TO_FOUR = subnets('2002::/16');

/** What an address literal as Node writes it (no brackets) is; what is none is `never`. */
export function reachOf(address: string): Reach {
  if (isIPv4(address)) {
    if (NEVER.check(address)) return 'never';
    return PRIVATE.check(address) ? 'private' : 'public';
  }
  // A zone belongs to link-local addresses only.
  if (!isIPv6(address) || address.includes('%')) return 'never';
  const [, first = 0, second = 0, , , , sixth = 0, seventh = 0] = groupsOf(address);
  if (MAPPED.check(address, 'ipv6')) return reachOf(unmapped(address));
  if (NEVER_6.check(address, 'ipv6')) return 'never';
  // What leads to an IPv4 address elsewhere is never public, and never where that one is.
  if (NAT64.check(address, 'ipv6') && reachOf(dotted(sixth, seventh)) === 'never') return 'never';
  if (SIX_TO_FOUR.check(address, 'ipv6') && reachOf(dotted(first, second)) === 'never') return 'never';
  return GLOBAL_6.check(address, 'ipv6') && !PRIVATE_6.check(address, 'ipv6') ? 'public' : 'private';
}

/** Whether an address may be called where these networks are the deployment's own. */
export function mayCall(address: string, privateCidrs: readonly string[]): boolean {
  const reach = reachOf(address);
  if (reach !== 'private') return reach === 'public';
  const plain = unmapped(address);
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6';
  const own = new BlockList();
  for (const cidr of privateCidrs) {
    const [network = '', prefix] = cidr.split('/');
    // A list takes an IPv4 address for part of an IPv6 network such as ::/0, which nobody means by it.
    if ((isIPv4(network) ? 'ipv4' : 'ipv6') === family) own.addSubnet(network, Number(prefix), family);
  }
  return own.check(plain, family);
}

/** An IPv4 address that is written as an IPv6 one, as the former. */
function unmapped(address: string): string {
  if (isIPv4(address) || !MAPPED.check(address, 'ipv6')) return address;
  const [, , , , , , sixth = 0, seventh = 0] = groupsOf(address);
  return dotted(sixth, seventh);
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser writes dotted ends as groups.
  const text = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const numbers = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const [before, after] = [numbers(head), numbers(tail ?? '')];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

const dotted = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');
