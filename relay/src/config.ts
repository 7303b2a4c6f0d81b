// relay.yaml and the environment → one typed configuration with absolute paths. Every fault names its key; nothing here
// creates or writes anything, and no secret is kept.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Location } from '@offhook/protocol';
import { completeLocation } from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import { type Document, LineCounter, parseDocument, visit } from 'yaml';
import { type ConfigError, type ConfigFault, configErrorOf, faultMessage, lineOf, pathText } from './config-error.ts';
import { outsideFaults } from './config-outside.ts';
import { type CrossFault, crossFaults } from './config-rules.ts';
import { type ConfigFile, ConfigFileSchema } from './config-schema.ts';
import { natureOf } from './pbx/index.ts';

/**
 * What the relay runs with. Locations are complete. `dataDir`, `tls`, `log.file` and the files of `contacts` are
 * absolute, each PBX and contact source has its tenant. `publicOrigins` undefined: see `publicOriginsOf`.
 */
export interface Config extends Omit<ConfigFile, 'pbx' | 'contacts' | 'entryForms'> {
  file: string;
  pbx: (Omit<ConfigFile['pbx'][number], 'location'> & { tenant: string; location: Location })[];
  contacts: (ConfigFile['contacts'][number] & { tenant: string })[];
  /** The CRM's forms, one entry a tenant at most. */
  entryForms: (ConfigFile['entryForms'][number] & { tenant: string })[];
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** One contact source of the configuration. */
export type ContactsConfig = Config['contacts'][number];

/** The tenant of a configuration that names none. */
export const DEFAULT_TENANT = 'default';

/**
 * Reads and checks `path`. The environment goes before the file: OFFHOOK_DATA_DIR, OFFHOOK_LISTEN, OFFHOOK_LOG_LEVEL.
 * Throws ConfigError with every fault found.
 */
export function loadConfig(path: string, env: Environment): Config {
  return readConfig(readText(path), path, env);
}

/**
 * As `loadConfig`, for a relay that is to run with it: what the file points to is looked at, too (secrets, certificate and
 * key), since a relay must not find out in the middle of its start.
 */
export function loadConfigToRun(path: string, env: Environment): Config {
  const { config, errorOf } = understood(readText(path), path, env);
  const faults = outsideFaults(config, env);
  if (faults.length > 0) throw errorOf(faults);
  return config;
}

/**
 * Where the data of the relay of this file is, whatever else is wrong with the file: what asks a running relay must not
 * depend on it. Throws ConfigError when the file is not there or no YAML.
 */
export function dataDirIn(path: string, env: Environment): string {
  const counter = new LineCounter();
  const yaml = contentsOf(parseDocument(readText(path), { lineCounter: counter, prettyErrors: false }), counter, path);
  const read = v.safeParse(v.object({ dataDir: ConfigFileSchema.entries.dataDir }), yaml);
  const written = read.success ? read.output.dataDir : v.getDefault(ConfigFileSchema.entries.dataDir);
  return env['OFFHOOK_DATA_DIR'] ? resolve(env['OFFHOOK_DATA_DIR']) : resolve(dirname(resolve(path)), written);
}

/** As `loadConfig`, from the text of a file at `path`; paths in it are relative to the file's folder. */
export function readConfig(text: string, path: string, env: Environment): Config {
  return understood(text, path, env).config;
}

interface Understood {
  config: Config;
  /** A ConfigError with the lines of what is at fault. */
  errorOf(faults: readonly CrossFault[]): ConfigError;
}

function understood(text: string, path: string, env: Environment): Understood {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const yaml = contentsOf(document, counter, path);
  if (typeof yaml !== 'object' || yaml === null || Array.isArray(yaml)) {
    throw configErrorOf(path, [{ path: '', line: 1, message: 'should be a block of keys, such as "listen: …"' }]);
  }
  const withEnv = withEnvironment(yaml, env);
  const read = v.safeParse(ConfigFileSchema, withEnv);
  const withLines = (keys: readonly PropertyKey[], message: string): ConfigFault => ({
    path: pathText(keys),
    message,
    line: lineOf(document, counter, keys),
  });
  if (!read.success) {
    throw configErrorOf(
      path,
      read.issues.map((issue) => {
        const keys = (issue.path ?? []).map((step) => (typeof step.key === 'number' ? step.key : String(step.key)));
        return withLines(keys, faultMessage(issue, ConfigFileSchema));
      }),
    );
  }
  const errorOf = (faults: readonly CrossFault[]) =>
    configErrorOf(
      path,
      faults.map((fault) => withLines(fault.keys, fault.message)),
    );
  const faults = crossFaults(read.output);
  if (faults.length > 0) throw errorOf(faults);
  return { config: settled(read.output, path), errorOf };
}

/**
 * The origins under which extensions may dial this relay: as configured, else with TLS the names in its certificate, else
 * the loopback spellings, each with the port that it really listens on.
 */
export function publicOriginsOf(
  config: Pick<Config, 'listen' | 'publicOrigins'>,
  { port, certificateNames }: { port: number; certificateNames?: readonly string[] | undefined },
): string[] {
  if (config.publicOrigins) return config.publicOrigins;
  if (certificateNames) {
    const hosts = certificateNames.filter((name) => !name.startsWith('*'));
    // As browsers say it: the usual port is left out.
    return hosts.map((host) => `wss://${host.includes(':') ? `[${host}]` : host}${port === 443 ? '' : `:${port}`}`);
  }
  const own = config.listen.host.includes(':') ? `[${config.listen.host}]` : config.listen.host;
  return [...new Set([own, '127.0.0.1', 'localhost'])].map((host) => `ws://${host}:${port}`);
}

function contentsOf(document: Document, counter: LineCounter, path: string): unknown {
  const fault = (message: string, offset: number | undefined) => {
    const line = offset === undefined ? undefined : counter.linePos(offset).line;
    return configErrorOf(path, [{ path: '', line, message: `is not valid YAML: ${message}` }]);
  };
  const [yamlError] = document.errors;
  const hint = ' (a value that begins with * needs quotes)';
  if (yamlError) {
    throw fault(`${yamlError.message}${yamlError.code === 'BAD_ALIAS' ? hint : ''}`, yamlError.pos[0]);
  }
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // An alias (`*name`) without its anchor, or aliases that would grow beyond all bounds; only now does the parser see it.
    if (!(error instanceof ReferenceError)) throw error;
    let offset: number | undefined;
    visit(document, {
      Alias(_key, alias) {
        offset = alias.range?.[0];
        return alias.resolve(document) ? undefined : visit.BREAK;
      },
    });
    throw fault(`${error.message}${hint}`, offset);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const message = isMissing
      ? 'there is no such file: name one with --config, or start from relay/relay.example.yaml'
      : `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw configErrorOf(path, [{ path: '', message }]);
  }
}

function withEnvironment(yaml: object, env: Environment): unknown {
  const log: unknown = Reflect.get(yaml, 'log');
  const level = env['OFFHOOK_LOG_LEVEL'];
  return {
    ...yaml,
    ...(env['OFFHOOK_DATA_DIR'] && { dataDir: resolve(env['OFFHOOK_DATA_DIR']) }),
    ...(env['OFFHOOK_LISTEN'] && { listen: env['OFFHOOK_LISTEN'] }),
    ...(level && { log: { ...(typeof log === 'object' ? log : {}), level } }),
  };
}

function settled(config: ConfigFile, path: string): Config {
  const folder = dirname(resolve(path));
  const onlyTenant = config.seed.tenants[0]?.id ?? DEFAULT_TENANT;
  return {
    ...config,
    file: resolve(path),
    dataDir: resolve(folder, config.dataDir),
    ...(config.tls && {
      tls: { ...config.tls, cert: resolve(folder, config.tls.cert), key: resolve(folder, config.tls.key) },
    }),
    log: { ...config.log, ...(config.log.file !== undefined && { file: resolve(folder, config.log.file) }) },
    pbx: config.pbx.map((pbx) => ({
      ...pbx,
      tenant: pbx.tenant ?? onlyTenant,
      location: completeLocation(pbx.location, natureOf(pbx.kind)),
    })),
    contacts: config.contacts.map((source) => ({
      ...withPaths(source, folder),
      tenant: source.tenant ?? onlyTenant,
    })),
    journal: config.journal.map((rules) => ({ ...rules, tenant: rules.tenant ?? onlyTenant })),
    entryForms: config.entryForms.map((forms) => ({ ...forms, tenant: forms.tenant ?? onlyTenant })),
  };
}

// Relative files start at the folder of relay.yaml.
function withPaths(source: ConfigFile['contacts'][number], folder: string): ConfigFile['contacts'][number] {
  const absolute = (path: string | undefined) => path && resolve(folder, path);
  switch (source.kind) {
    case 'csv':
    case 'vcard':
    case 'sqlite':
      return { ...source, file: resolve(folder, source.file) };
    case 'ldap':
      return { ...source, ...(source.ca && { ca: absolute(source.ca) }) };
    case 'postgres':
      return { ...source, ...(source.tls && { tls: { ca: absolute(source.tls.ca) } }) };
    case 'carddav':
    case 'json':
      return source;
    default:
      return source satisfies never;
  }
}
