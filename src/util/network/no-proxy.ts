import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Target } from './target.ts';

type Covers = (host: string) => boolean;

/**
 * Whether a target is reached without a proxy by the list of `NO_PROXY`. Entries are divided by commas or spaces: `*`, a
 * host, a domain with everything below it (a leading dot or `*.` changes nothing), an IP address, or a network such as
 * `10.0.0.0/8`; all but the last may end in a port. An entry that is none of these covers nothing.
 */
export function isExempt({ host, port }: Pick<Target, 'host' | 'port'>, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    const { name, port: only } = splitPort(entry);
    return (only === null || only === port) && hostRule(name)(host);
  });
}

/** The colons of a bare IPv6 address divide no port. */
function splitPort(entry: string): { name: string; port: number | null } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  const divided = bracketed ?? (isIP(entry) === 6 ? null : /^([^:]*):(\d+)$/.exec(entry));
  if (divided === null) return { name: entry, port: null };
  return { name: divided[1] ?? '', port: divided[2] === undefined ? null : Number(divided[2]) };
}

function hostRule(name: string): Covers {
  if (name === '*') return () => true;
  if (name.includes('/')) return networkRule(name);
  if (isIP(name) !== 0) return networkRule(`${name}/${isIP(name) === 4 ? 32 : 128}`);
  const domain = domainToASCII(name.replace(/^\*?\./, '').replace(/\.$/, ''));
  if (domain === '') return () => false;
  return (host) => host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

function networkRule(network: string): Covers {
  const [, address = '', prefix = ''] = /^(.+)\/(\d{1,3})$/.exec(network) ?? [];
  // An address with the zone of an interface is none that a network can be told by.
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || Number(prefix) > (family === 4 ? 32 : 128)) return () => false;
  const addresses = new BlockList();
  addresses.addSubnet(address, Number(prefix), familyName(family));
  return (host) => isIP(host) !== 0 && addresses.check(host, familyName(isIP(host)));
}

function familyName(family: number): 'ipv4' | 'ipv6' {
  return family === 4 ? 'ipv4' : 'ipv6';
}
