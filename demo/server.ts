// Serves the built demo CRM on loopback: files as they are, and the app for every other address, since it routes by
// history. The CRM is read-only: it answers GET and HEAD, keeps nothing and leaves its folder for nothing. Beside it,
// under /desk, stands the phone desk's page, with the one interface that does something (desk-door.ts).
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { DEMO_CRM_DIR } from './build.ts';
import type { PhoneDesk } from './desk-actions.ts';
import { answerDesk } from './desk-door.ts';

export interface DemoCrm {
  /** `'http://127.0.0.1:8740'`, without a slash at the end. */
  url: string;
  /** Lets the page under /desk play this phone system; until then it says that there is none. */
  openDesk(desk: PhoneDesk): void;
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Starts to serve what `buildDemoCrm` built; port 0 takes a free one. Rejects if the port is in use. */
export async function serveDemoCrm({ port, host }: { port: number; host: string }): Promise<DemoCrm> {
  const index = await readFile(join(DEMO_CRM_DIR, 'index.html'));
  let desk: PhoneDesk | undefined;
  const server = createServer(async (request, response) => {
    if (!(await answerDesk(request, response, desk))) await answer(request, response, index);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  // A server that listens on a port has an address with one.
  const { port: actualPort } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${actualPort}`,
    openDesk(opened) {
      desk = opened;
    },
    async close() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, index: Buffer): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const file = await fileFor(request.url ?? '/');
  const body = file?.body ?? index;
  response.writeHead(200, {
    'content-type': file?.type ?? 'text/html; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // The CRM frames a page of its own; nobody else frames anything of it.
    'content-security-policy': "frame-ancestors 'self'",
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function fileFor(url: string): Promise<{ body: Buffer; type: string } | undefined> {
  const asked = pathOf(url);
  const path = normalize(join(DEMO_CRM_DIR, /^\/desk\/?$/.test(asked) ? '/desk/index.html' : asked));
  const type = TYPES[extname(path)];
  if (!path.startsWith(DEMO_CRM_DIR + sep) || type === undefined) return undefined;
  const body = await readFile(path).catch(() => undefined);
  return body && { body, type };
}

function pathOf(url: string): string {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname);
  } catch {
    return '/';
  }
}
