// What is known of a contact besides name and numbers: at once what its source said at the last import; a moment later what
// the CRM says now. The CRM has a budget, and no call waits for it; what it says is kept for a short while, so that ten phones
// that ring together ask once.
import type { ClientMessage, Fact, Location, ServerMessage } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Viewer } from './access.ts';
import type { Clock } from './clock.ts';
import { type ContactContext, mayFind } from './contact-requests.ts';
import type { LiveSource } from './contacts/source.ts';
import type { Directory, HiddenSources } from './directory.ts';

export interface ContactFactsOptions {
  directory: Pick<Directory, 'aboutOf'>;
  /** How the CRM behind a source is asked; undefined where it is not. */
  live(tenantId: string, source: string): LiveSource | undefined;
  locationOf(tenantId: string): Location | undefined;
  clock: Clock;
  log: Logger;
}

/** Whom is asked about, and who asks. */
export interface FactsQuery {
  tenantId: string;
  contactId: string;
  /** E.164; `''` where no number is meant. */
  number: string;
  hidden: HiddenSources;
}

export interface ContactFacts {
  /** What is known now; the CRM is asked. `isComplete`: nothing more will come. Undefined: no such contact for who asks. */
  now(query: FactsQuery): { facts: readonly Fact[]; isComplete: boolean } | undefined;
  /** All of it, within the budget of the source. */
  whole(query: FactsQuery): Promise<{ facts: readonly Fact[]; isComplete: boolean } | undefined>;
}

interface Kept {
  facts: readonly Fact[];
  until: number;
}

/** The answer to `facts`: of a contact that is not there, or not for this viewer, nothing is known. */
export async function factsFor(
  viewer: Viewer,
  { id, contactId, number, wait }: ClientMessage & { type: 'facts' },
  { facts, ...context }: Pick<ContactContext, 'line' | 'lines'> & { facts: ContactFacts },
): Promise<ServerMessage & { type: 'facts' }> {
  const { tenantId } = viewer.tenant;
  const query = {
    ...{ tenantId, contactId, hidden: viewer.hiddenSources },
    number: number?.kind === 'e164' ? number.number : '',
  };
  const may = mayFind(viewer, context);
  const known = may ? await (wait ? facts.whole(query) : facts.now(query)) : undefined;
  return { type: 'facts', id, facts: [...(known?.facts ?? [])], complete: known?.isComplete ?? true };
}

const MOST_KEPT = 1_000;
// A CRM that is slower than this has lost: what it says is not even kept.
const LATEST_MS = 10_000;

/** The facts of one relay. */
export function createContactFacts({ directory, live, locationOf, clock, log }: ContactFactsOptions): ContactFacts {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<readonly Fact[] | undefined>>();

  async function askNow(query: FactsQuery, key: string, source: LiveSource): Promise<readonly Fact[] | undefined> {
    const { tenantId, contactId, number } = query;
    const late = new AbortController();
    const cancel = clock.after(LATEST_MS, () => late.abort(new Error('the CRM did not answer')));
    try {
      const own = contactId.slice(contactId.indexOf(':') + 1);
      const facts = await source.ask({ contactId: own, number, location: locationOf(tenantId) }, late.signal);
      kept.delete(key);
      kept.set(key, { facts, until: clock.elapsed() + source.keepMs });
      const [oldest] = kept.keys();
      if (oldest !== undefined && kept.size > MOST_KEPT) kept.delete(oldest);
      return facts;
    } catch (error) {
      log.warn({ err: error, source: sourceOf(contactId) }, 'a CRM could not be asked about a contact');
      return undefined;
    } finally {
      cancel();
      asked.delete(key);
    }
  }

  function start(query: FactsQuery, source: LiveSource): Kept | Promise<readonly Fact[] | undefined> {
    const key = JSON.stringify([query.tenantId, query.contactId, query.number]);
    const known = kept.get(key);
    if (known && known.until > clock.elapsed()) return known;
    const asking = asked.get(key) ?? askNow(query, key, source);
    asked.set(key, asking);
    return asking;
  }

  return {
    now(query) {
      const { tenantId, contactId, hidden } = query;
      const about = directory.aboutOf(tenantId, contactId, hidden);
      if (!about) return undefined;
      const source = live(tenantId, sourceOf(contactId));
      const answer = source && start(query, source);
      if (!answer) return { facts: about.facts ?? [], isComplete: true };
      const isKnown = 'facts' in answer;
      return { facts: [...(about.facts ?? []), ...(isKnown ? answer.facts : [])], isComplete: isKnown };
    },
    async whole(query) {
      const { tenantId, contactId, hidden } = query;
      const source = live(tenantId, sourceOf(contactId));
      const isThere = directory.aboutOf(tenantId, contactId, hidden) !== undefined;
      const answer = isThere && source ? start(query, source) : undefined;
      const heard = answer instanceof Promise ? await within(answer, source?.budgetMs ?? 0, clock) : answer?.facts;
      // Looked up again: meanwhile the contact may be gone.
      const about = directory.aboutOf(tenantId, contactId, hidden);
      if (!about) return undefined;
      return { facts: [...(about.facts ?? []), ...(heard ?? [])], isComplete: heard !== undefined || !source };
    },
  };
}

function within<Value>(answer: Promise<Value>, budgetMs: number, clock: Clock): Promise<Value | undefined> {
  return new Promise((resolve) => {
    const cancel = clock.after(budgetMs, () => resolve(undefined));
    void answer.then((value) => {
      cancel();
      resolve(value);
    });
  });
}

function sourceOf(contactId: string): string {
  return contactId.slice(0, contactId.indexOf(':'));
}
