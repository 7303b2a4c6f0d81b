// Where the relay listens: for browsers, with or without TLS, and for the health check. Knows which key of the configuration
// is at fault when it cannot, under which addresses browsers reach it, and how to change that while connections stay open.
import fastify from 'fastify';
import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { type Config, type Environment, publicOriginsOf } from './config.ts';
import { listenError } from './config-error.ts';
import { certificateOf } from './config-outside.ts';
import { serveHealth } from './health.ts';
import { type Server, type ServerOptions, startServer } from './server.ts';
import { type Certificate, termProblem } from './tls.ts';

export interface Listeners {
  server: Server;
  /** The start page, as an agent opens it. */
  url: string;
  /** Reads what may fail, the certificate; the answer puts it and the origins in force, for connections from then on. */
  prepare(next: Config): () => void;
}

interface Place {
  config: Config;
  env: Environment;
  clock: Clock;
  log: Logger;
  undo: (() => unknown)[];
}

/** Opens them; what closes them goes into `undo`. Rejects with ConfigError when an address cannot be had. */
export async function openListeners(
  place: Place,
  parts: Omit<ServerOptions, 'host' | 'port' | 'extensionOrigins' | 'publicOrigins' | 'certificate'>,
): Promise<Listeners> {
  const { config, env, undo } = place;
  const certificate = certificateOf(config, env);
  warnOfTerm(certificate, place);
  const server = await bind(config, certificate, parts);
  undo.push(() => server.close());
  await openHealth(config, { undo, canWrite: parts.canWrite ?? (() => true) });
  const [origin = ''] = publicOriginsOf(config, { port: server.port, certificateNames: certificate?.names });
  return {
    server,
    url: origin.replace(/^ws/, 'http'),
    prepare(next) {
      const renewed = certificateOf(next, env);
      return () => {
        warnOfTerm(renewed, place);
        const publicOrigins = publicOriginsOf(next, { port: server.port, certificateNames: renewed?.names });
        server.adapt({ extensionOrigins: next.extensionOrigins, publicOrigins, certificate: renewed });
      };
    },
  };
}

async function bind(
  config: Config,
  certificate: Certificate | undefined,
  parts: Omit<ServerOptions, 'host' | 'port' | 'extensionOrigins' | 'publicOrigins' | 'certificate'>,
): Promise<Server> {
  const { listen, extensionOrigins } = config;
  const publicOrigins = (port: number) => publicOriginsOf(config, { port, certificateNames: certificate?.names });
  try {
    return await startServer({ ...parts, ...listen, extensionOrigins, publicOrigins, certificate });
  } catch (error) {
    throw listenError('listen', config.listen, error);
  }
}

/** The second listener tells machines how the relay is, and nothing else. */
async function openHealth(
  { health }: Config,
  { undo, canWrite }: Pick<Place, 'undo'> & { canWrite: () => boolean },
): Promise<void> {
  if (!health) return;
  const http = fastify({ logger: false, forceCloseConnections: true });
  serveHealth(http, canWrite);
  undo.push(() => http.close());
  try {
    // A copy: fastify writes into what it is given, which the next reload would take for a change.
    await http.listen({ ...health });
  } catch (error) {
    throw listenError('health', health, error);
  }
}

function warnOfTerm(certificate: Certificate | undefined, { clock, log }: Place): void {
  if (!certificate || termProblem(certificate, clock.now()) === undefined) return;
  const { validFrom, validTo } = certificate;
  const term = { validFrom: validFrom.toISOString(), validTo: validTo.toISOString() };
  log.warn(term, 'the certificate is out of its term or soon will be: "relay doctor" says what to do');
}
