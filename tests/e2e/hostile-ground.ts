// The ground of hostile pages: serves them, lets a person visit one after another, and asks the phone system what was
// called. Knows no browser: how a person looks and presses there is a `HostileVisitor`'s affair.
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ROOT, type Stage } from '../../scripts/stage/stage.ts';
import { documentOf, type HostilePage } from '../fixtures/hostile/hostile-page.ts';
import { ADA, eventually } from './world.ts';

/** What came of one page. */
export interface Outcome {
  /** Numbers that reached the phone system from this page. */
  dialled: string[];
  /** What the chip promised to dial when it was pressed; undefined without a chip. */
  promised: string | undefined;
  /** Secrets that the page's own scripts got to see. */
  leaked: string[];
  /** Errors that the extension did not catch on this page. */
  crashes: string[];
  /** Whether the page still answers. */
  isAlive: boolean;
}

/** A point in the window, and the number that the chip there promises. */
export interface Spot {
  x: number;
  y: number;
  label: string;
}

/** A person on one page. */
export interface HostileVisit {
  /** Looks for the chip for so long; undefined without one. */
  chip(limitMs: number): Promise<Spot | undefined>;
  /** Lets the page attack, presses once, and answers what the chip promised then. */
  attackAndPress(hostile: HostilePage, spot: Spot | undefined): Promise<string | undefined>;
  crashes(): string[];
  /** Everything that the page's own scripts can read, after the press. */
  seen(): string;
  isAlive(): boolean;
  close(): Promise<unknown>;
}

/** A browser with the extension and an agent in it. */
export interface HostileVisitor {
  extensionId: string;
  /** Opens a page; `good` is the number that it shows. */
  openVisit(url: string, good: string): Promise<HostileVisit>;
}

/** A browser, an agent and a phone system for many pages, one after another. */
export interface HostileGround {
  visit(page: HostilePage): Promise<Outcome>;
  /** Calls that reached the phone system and were told in no outcome: too late, or to a number of no page. */
  unaccounted(): Promise<string[]>;
  close(): Promise<void>;
}

export interface HostileGroundOptions {
  /** Numbers count up from 030 23125`first`. */
  first: number;
  stage: Stage;
  visitor: HostileVisitor;
}

/** For the stage: as many calls as there are pages. */
export const HOSTILE_GUARD = { perHour: 100_000, burstPerMinute: 100_000 };

const LOOK_MS = 4_000;
const ANSWER_MS = 20_000;
// Where a call may come or not. What comes later than this, on a machine that has a lot else to do, nobody accounts for.
const GRACE_MS = 2_000;

/** Starts to serve; the stage and the visitor's browser are the caller's. */
export async function openGround({ first, stage, visitor }: HostileGroundOptions): Promise<HostileGround> {
  const documents = new Map<string, { html: string; headers: Readonly<Record<string, string>> }>();
  const server = await serve(documents);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on a port
  const secrets = [visitor.extensionId, new URL(stage.relayUrl).host, 'Ada Sample', ...contactNames()];
  const allDialled = async () => (await stage.desk.received()).map(({ dialString }) => e164Of(dialString ?? ''));
  const told: string[] = [];
  const names = new Map<string, string>();
  let count = 0;

  return {
    async unaccounted() {
      const left = await allDialled();
      for (const one of told) left.splice(left.indexOf(one), 1);
      return left.map((number) => `${number} (${names.get(number) ?? 'nobody’s'})`);
    },
    async visit(hostile) {
      const at = first + count;
      count += 1;
      const good = `030 23125${String(at).padStart(3, '0')}`;
      documents.set(`/${at}`, { html: documentOf(hostile, good), headers: hostile.headers ?? {} });
      names.set(e164Of(`0${good.replace(/\D/g, '')}`), hostile.name);
      const before = (await allDialled()).length;
      const visit = await visitor.openVisit(`${origin}/${at}`, good);
      try {
        const spot = await visit.chip(hostile.outcome === 'dials' ? 5 * LOOK_MS : LOOK_MS / 2);
        const promised = await visit.attackAndPress(hostile, spot);
        // Where a call may come, it has its time to come; what comes later still is unaccounted for.
        const isOver = (list: readonly string[]) => list.length > 0 || hostile.outcome === 'nothing';
        const limitMs = hostile.outcome === 'dials' ? ANSWER_MS : GRACE_MS;
        const ask = async () => (await allDialled()).slice(before);
        const dialled = await eventually(hostile.name, ask, isOver, limitMs).catch(() => []);
        told.push(...dialled);
        if (dialled.length > 0) await hangUp(stage);
        const leaked = secrets.filter((secret) => visit.seen().includes(secret));
        return { dialled, promised, leaked, crashes: visit.crashes(), isAlive: visit.isAlive() };
      } finally {
        await visit.close();
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  documents: ReadonlyMap<string, { html: string; headers: Readonly<Record<string, string>> }>,
): Promise<Server> {
  const server = createServer((request, response) => {
    const found = documents.get(request.url ?? '');
    response.setHeader('content-type', 'text/html; charset=utf-8');
    for (const [name, value] of Object.entries(found?.headers ?? {})) response.setHeader(name, value);
    response.end(found?.html ?? '<!doctype html><title>empty</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function contactNames(): string[] {
  const lines = readFileSync(join(ROOT, 'demo', 'crm', 'people.csv'), 'utf8')
    .split('\n')
    .slice(1);
  return lines.flatMap((line) => line.split(';')[1] ?? []).filter((name) => name !== '');
}

// The simulator gets the digits as they are dialled from a place behind a 0.
function e164Of(dialString: string): string {
  return dialString.replace(/^00/, '+49');
}

async function hangUp(stage: Stage): Promise<void> {
  await stage.desk.hangUp(ADA);
  await stage.lineUntil(ADA, 'an idle line', ({ state }) => state === 'idle');
}
