/**
 * Which proxy a request goes through, as the engine's own client reads the environment: HTTPS_PROXY or HTTP_PROXY (either
 * case), NO_PROXY with hosts, domains, ports, addresses, networks and `*`. Loopback never goes through one.
 * Source: golang.org/x/net/http/httpproxy, read 2026-11.
 */
import net, { isIP } from 'node:net';
import { RegistryError } from './error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/g, '');

/** Whether a host name of a URL is this machine. */
export function isLoopback(host: string): boolean {
  const name = withoutBrackets(host).toLowerCase();
  return name === 'localhost' || name === '::1' || (isIP(name) === 4 && name.startsWith('127.'));
}

const variable = (env: Environment, name: string): string => env[name] || env[name.toLowerCase()] || '';

/** The port that a URL means when it writes none. */
export const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80);

/** The proxy for a URL; undefined: none. @throws RegistryError unreachable: no URL, or a proxy of another kind */
export function proxyFor(url: URL, env: Environment): URL | undefined {
  if (isLoopback(url.hostname)) return undefined;
  const name = url.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = variable(env, name);
  if (value === '' || isExempt(url, variable(env, 'NO_PROXY'))) return undefined;
  const text = /^[a-z\d]+:\/\//i.test(value) ? value : `http://${value}`;
  // without its value: a password may stand in it
  if (!URL.canParse(text)) throw new RegistryError('unreachable', `${url.host} cannot be reached: ${name} is no URL`);
  const proxy = new URL(text);
  if (/^https?:$/.test(proxy.protocol)) return proxy;
  const kind = proxy.protocol.slice(0, -1);
  throw new RegistryError(
    'unreachable',
    `${url.host} cannot be reached: ${name} names a ${kind} proxy, known are http and https`,
  );
}

function isExempt(url: URL, list: string): boolean {
  const host = withoutBrackets(url.hostname).toLowerCase();
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || matches(entry, host, portOf(url)));
}

function matches(entry: string, host: string, port: number): boolean {
  // 10.0.0.0/8
  const [network, bits] = entry.split('/') as [string, string | undefined];
  if (bits !== undefined) return inNetwork(network, Number(bits), host);
  const withPort = /^(\[[^\]]+\]|[^:]+):(\d+)$/.exec(entry);
  if (withPort && Number(withPort[2]) !== port) return false;
  const name = withoutBrackets(withPort?.[1] ?? entry);
  if (isIP(name)) return name === host;
  // `.example.com` and `*.example.com` are the names below it, `example.com` is it and the names below it
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (name === domain && host === domain);
}

function inNetwork(network: string, bits: number, host: string): boolean {
  const [family, own] = [isIP(network), isIP(host)];
  if (family === 0 || own !== family || !(bits >= 0 && bits <= (family === 4 ? 32 : 128))) return false;
  const list = new net.BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(network, bits, type);
  return list.check(host, type);
}
