/**
 * Which addresses of a customer's choice are called. Private, loopback and link-local ones are refused at the moment
 * of connecting, so that neither a redirect (never followed) nor DNS leads into the account's own network;
 * `HTTP_ALLOW_HOSTS` (`host:port`, separated by commas) names exceptions.
 */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** An address that is never called, however often one tries. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
}

/** @returns what is wrong with an address that the deployment will not call */
export function whyNotCalled(target: URL, allowHosts: string): string | undefined {
  if (isAllowed(target, allowHosts)) return undefined;
  if (target.protocol !== 'https:') return 'Only https addresses are called.';
  const host = bare(target.hostname);
  return isIP(host) && isPrivate(host) ? 'The address is private.' : undefined;
}

/** The setting `HTTP_ALLOW_HOSTS` names the host and port of the address. */
export const isAllowed = (url: URL, allowHosts: string): boolean =>
  allowHosts.split(',').some(host => host.trim().toLowerCase() === hostAndPort(url));

/** Finds public addresses only. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '', 0);
    const [first] = addresses;
    if (!first || addresses.some(({ address }) => isPrivate(address)))
      // Without the name, in which a caller's words may stand.
      return done(new AddressRefused('The address leads to a private one.'), '', 0);
    if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

const PRIVATE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  PRIVATE.addSubnet(net, bits, 'ipv6');

/** IPv4-mapped IPv6 addresses count as what they map to; every other form with an IPv4 address in it is private. */
export function isPrivate(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');

function hostAndPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
