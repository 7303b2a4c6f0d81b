// `relay config firewall`: which connections this configuration needs, for whoever keeps the company's firewall. Made from the
// same keys that the relay listens and connects by, so that it cannot tell anything else.
import { defineCommand } from 'citty';
import type { Config } from '../config.ts';
import { isLoopback } from '../config-schema.ts';
import { pbxEndpoints } from '../pbx/index.ts';
import { configAt, DEFAULT_CONFIG, inWords, jsonArg, print } from './terminal.ts';

/** One connection that has to be let through; `scope: 'machine'` ones leave this machine's own traffic alone. */
export interface FirewallRow {
  from: string;
  to: string;
  port: number;
  protocol: 'TCP' | 'UDP';
  purpose: string;
  scope: 'network' | 'machine';
}

/** Prints the table. */
export const firewallCommand = defineCommand({
  meta: { name: 'firewall', description: 'The connections that a configuration needs' },
  args: { file: { type: 'positional', description: 'File', default: DEFAULT_CONFIG }, ...jsonArg },
  run: inWords(async ({ args }) => {
    const config = configAt({ config: args.file });
    if (!args.json) return void process.stdout.write(`${firewallTable(config)}\n`);
    for (const row of firewallRows(config)) print(args, row, String);
  }),
});

/** The same for people, with a header. */
export function firewallTable(config: Config): string {
  const rows = firewallRows(config).map((row) => rowText({ ...row, port: String(row.port) }));
  return [rowText(HEADER), ...rows].join('\n');
}

/** Every connection, those from outside first. */
export function firewallRows(config: Config): FirewallRow[] {
  return [
    ...proxyRows(config),
    ...listenRows(config),
    ...tapiMasterRows(config),
    ...pbxRows(config),
    ...providerRows(config),
    ...contactRows(config),
  ];
}

function providerRows({ signIn: { oidc } }: Config): FirewallRow[] {
  if (!oidc) return [];
  const { hostname, port } = new URL(oidc.issuer);
  const to = { to: hostname, port: port === '' ? 443 : Number(port), protocol: 'TCP' } as const;
  const scope = isLoopback(hostname) ? 'machine' : 'network';
  return [{ from: 'the relay', ...to, purpose: `identity provider ${oidc.name} (https)`, scope }];
}

function contactRows({ contacts }: Config): FirewallRow[] {
  const rowOf = (place: Place | undefined, purpose: string): FirewallRow[] => {
    if (!place) return [];
    const scope = isLoopback(place.to) ? 'machine' : 'network';
    return [{ from: 'the relay', ...place, protocol: 'TCP', purpose, scope }];
  };
  return contacts.flatMap((source) => [
    ...rowOf(placeOf(source), `contacts ${source.id} (${source.kind})`),
    ...rowOf(source.live && webPlaceOf(source.live.url), `facts of contacts ${source.id}, while the phone rings`),
  ]);
}

type Place = Pick<FirewallRow, 'to' | 'port'>;

const USUAL_PORTS: Record<string, number> = { 'http:': 80, 'https:': 443, 'ldap:': 389, 'ldaps:': 636 };

function webPlaceOf(url: string): Place {
  const { hostname, port, protocol } = new URL(url);
  return { to: hostname, port: port === '' ? (USUAL_PORTS[protocol] ?? 0) : Number(port) };
}

function placeOf(source: Config['contacts'][number]): Place | undefined {
  switch (source.kind) {
    case 'ldap':
    case 'carddav':
    case 'json':
      return webPlaceOf(source.url);
    case 'postgres':
      return { to: source.host, port: source.port };
    case 'csv':
    case 'vcard':
    case 'sqlite':
      return undefined;
    default:
      return source satisfies never;
  }
}

const HEADER = { from: 'FROM', to: 'TO', port: 'PORT', protocol: '', purpose: 'FOR', scope: '' };

function rowText({ from, to, port, protocol, purpose, scope }: Record<keyof FirewallRow, string>): string {
  const where = scope === 'machine' ? ' (this machine only: nothing to open)' : '';
  return `${from.padEnd(22)} ${to.padEnd(28)} ${`${port} ${protocol}`.trim().padEnd(10)} ${purpose}${where}`;
}

// A public address that the relay does not answer itself is a proxy's.
function proxyRows({ publicOrigins = [], tls }: Config): FirewallRow[] {
  if (tls) return [];
  return publicOrigins
    .map((origin) => new URL(origin))
    .filter(({ hostname }) => !isLoopback(hostname))
    .map(({ hostname, port }) => ({
      from: 'browsers of the agents',
      to: hostname,
      port: port === '' ? 443 : Number(port),
      protocol: 'TCP',
      purpose: 'the reverse proxy before the relay (wss)',
      scope: 'network',
    }));
}

function tapiMasterRows({ tapiMasterServer }: Config): FirewallRow[] {
  const rowOf = (protocol: FirewallRow['protocol'], address: Config['listen'] | undefined): FirewallRow[] => {
    if (!address) return [];
    const isHere = isLoopback(address.host);
    const from = isHere ? 'this machine' : 'programs of the agents';
    const purpose = 'the TAPIMaster interface (not encrypted)';
    return [{ from, to: address.host, port: address.port, protocol, purpose, scope: isHere ? 'machine' : 'network' }];
  };
  return [...rowOf('TCP', tapiMasterServer?.tcp), ...rowOf('UDP', tapiMasterServer?.udp)];
}

function listenRows({ listen, health, tls }: Config): FirewallRow[] {
  const isHere = isLoopback(listen.host);
  const browsers: FirewallRow = {
    from: isHere ? 'this machine' : 'browsers of the agents',
    to: listen.host,
    port: listen.port,
    protocol: 'TCP',
    purpose: tls
      ? 'the relay: start page and WebSocket (https, wss)'
      : 'the relay: start page and WebSocket (http, ws)',
    scope: isHere ? 'machine' : 'network',
  };
  if (!health) return [browsers];
  const purpose = 'health check: GET /healthz';
  return [
    browsers,
    { from: 'this machine', to: health.host, port: health.port, protocol: 'TCP', purpose, scope: 'machine' },
  ];
}

function pbxRows({ pbx }: Config): FirewallRow[] {
  return pbx.flatMap(({ id, kind, options }) =>
    pbxEndpoints(kind, options).map(({ host, port }): FirewallRow => {
      const scope = isLoopback(host) ? 'machine' : 'network';
      return { from: 'the relay', to: host, port, protocol: 'TCP', purpose: `phone system ${id} (${kind})`, scope };
    }),
  );
}
