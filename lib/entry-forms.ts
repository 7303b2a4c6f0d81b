// A call as the CRM's own forms take it: the values of a form's address, and the tab in which the form opens. Whether the
// agent saves the form is the CRM's affair: nothing here claims it. Callers' names are hostile: every value stays a value.
import type { Call, EntryForm, EntryKey, JournalEntry } from '@offhook/protocol';
import { locationOf } from '@offhook/protocol/location-settings';
import { numberForms } from '@offhook/protocol/number-forms';
import { fillTemplate, placeholdersOf } from '@offhook/protocol/number-template';
import type { Browser, Tabs } from 'webextension-polyfill';
import type { JournalState } from './journal.ts';
import { localTime, utcTime } from './local-time.ts';
import { ownLinesOf, type PhoneState } from './phone.ts';
import { siteOf, tabForRecord } from './sites.ts';
import type { Words } from './words.ts';

/** What an agent wants to enter, and about which call. */
export interface EntryFormRequest {
  form: EntryForm;
  entryId: string;
  /** As the view has it: of what is long past the worker knows nothing. */
  entry?: JournalEntry | undefined;
}

/** What is known when a form is asked for. `now` is `Date.now()` of this browser. */
export interface EntryFormWorld {
  phone: PhoneState;
  journal: Pick<JournalState, 'entries' | 'drafts'>;
  words: Words;
  now: number;
}

// Addresses get long, and servers refuse what is longer than some thousand characters.
const MOST_NOTE_CHARACTERS = 1000;

/**
 * The address of a form, filled in for a call, or undefined where there is no such form or call, or no address can be
 * made of it.
 */
export function entryFormUrl(request: EntryFormRequest, world: EntryFormWorld): string | undefined {
  const { entryForms = {} } = world.phone;
  const template = entryForms[request.form];
  const call = pastOf(request, world);
  if (template === undefined || !call) return undefined;
  const values: Record<string, string | undefined> = valuesOf(call, world);
  // A newer relay may ask for what this extension does not know yet: that stays empty, the form opens all the same.
  for (const key of placeholdersOf(template)) values[key] ??= undefined;
  try {
    return fillTemplate(template, values);
  } catch {
    return undefined;
  }
}

/** A call in what both a running one and an entry tell of it. Times are the relay's, in milliseconds since 1970. */
interface Past extends Pick<JournalEntry, 'direction' | 'remote' | 'group' | 'outcome' | 'isEstimated'> {
  entryId: string;
  lineId: string;
  note: string;
  result: string;
  from: number;
  to: number;
  wasTalked: boolean;
}

function pastOf({ entryId, entry: shown }: EntryFormRequest, world: EntryFormWorld): Past | undefined {
  const { phone, journal } = world;
  const entry = journal.entries.find((one) => one.entryId === entryId) ?? shown;
  const found = ownLinesOf(phone)
    .flatMap(({ line, receivedAt }) => line.calls.map((call) => ({ call, lineId: line.lineId, receivedAt })))
    .find(({ call }) => call.conversationId === entryId);
  if (!entry && !found) return undefined;
  const draft = Object.hasOwn(journal.drafts, entryId) ? journal.drafts[entryId] : undefined;
  const written = {
    note: (draft?.text ?? entry?.note ?? '').trim(),
    result: (draft?.disposition === undefined ? entry?.disposition : draft.disposition) ?? '',
  };
  if (entry) return { ...pastOfEntry(entry, found, world.now), ...written };
  return found && { ...pastOfCall(found, world.now), ...written };
}

interface FoundCall {
  call: Call;
  lineId: string;
  receivedAt: number;
}

// What still runs lasts until now. How long it has run is counted from its last frame, not by comparing two clocks.
function pastOfEntry(entry: JournalEntry, found: FoundCall | undefined, now: number): Omit<Past, 'note' | 'result'> {
  const { entryId, direction, remote, group, outcome, lineId, startedAt, answeredAt, endedAt, isEstimated } = entry;
  const from = Date.parse(answeredAt ?? startedAt);
  const lasted = found ? runningMs(found, { now, isTalk: answeredAt !== undefined }) : Math.max(0, now - from);
  const to = endedAt === undefined ? from + lasted : Date.parse(endedAt);
  const wasTalked = answeredAt !== undefined && (outcome === undefined || outcome === 'answered');
  return { entryId, direction, remote, group, outcome, lineId, isEstimated, from, to, wasTalked };
}

// The journal has not told of it yet: then this browser's clock is all there is.
function pastOfCall(found: FoundCall, now: number): Omit<Past, 'note' | 'result'> {
  const { conversationId: entryId, direction, remote, group, connectedMs, answerReported } = found.call;
  const wasTalked = connectedMs !== undefined;
  const from = now - runningMs(found, { now, isTalk: wasTalked });
  const { lineId } = found;
  const isEstimated = !answerReported;
  return { entryId, direction, remote, group, outcome: undefined, lineId, isEstimated, from, to: now, wasTalked };
}

function runningMs({ call, receivedAt }: FoundCall, { now, isTalk }: { now: number; isTalk: boolean }): number {
  const told = (isTalk ? call.connectedMs : undefined) ?? call.ageMs;
  return call.state === 'ended' ? told : told + Math.max(0, now - receivedAt);
}

function valuesOf(past: Past, { phone, words }: EntryFormWorld): Record<EntryKey, string | undefined> {
  const { remote, from, to, wasTalked } = past;
  const seconds = wasTalked ? Math.max(0, Math.round((to - from) / 1000)) : 0;
  const line = phone.lines.find((one) => one.line.lineId === past.lineId)?.line;
  // Without control of the line there is no plan: then a number is dialled as it is written everywhere.
  const plan = phone.dialPlans?.find(({ dialPlanId }) => dialPlanId === line?.dialPlan);
  const location = plan?.location ?? locationOf({ country: phone.country, format: 'international' });
  return {
    ...contactValues(remote),
    ...numberForms(remote.number, location),
    subject: subjectOf(past, words),
    note: [...past.note].slice(0, MOST_NOTE_CHARACTERS).join(''),
    from: utcTime(from),
    to: utcTime(to),
    'from.local': localTime(from),
    'to.local': localTime(to),
    date: localTime(from).slice(0, 10),
    minutes: String(Math.ceil(seconds / 60)),
    seconds: String(seconds),
    estimated: past.isEstimated ? 'yes' : 'no',
    direction: past.direction,
    outcome: past.outcome ?? (wasTalked ? 'answered' : ''),
    result: past.result,
    line: line?.extension,
    group: past.group,
    user: phone.user?.name,
    call: past.entryId,
  };
}

function contactValues({ contact }: Past['remote']) {
  const prefix = `${contact?.source}:`;
  const id = contact?.contactId;
  return {
    // The relay puts the source before the CRM's own id.
    'contact.id': id?.startsWith(prefix) ? id.slice(prefix.length) : id,
    'contact.name': contact?.name,
    'contact.company': contact?.company,
    'contact.source': contact?.source,
  };
}

// Who only says to be somebody, or only may be, is not entered by that name.
function subjectOf({ direction, remote }: Past, words: Words): string {
  const { contact, verified, number } = remote;
  const exact = contact?.match === 'exact' ? contact.name : undefined;
  const known = exact ?? (verified ? remote.name : undefined);
  const name = known ?? words.number(number, { isKnown: false });
  if (direction === 'inbound') return words.t('entry_subject_inbound', { name });
  return direction === 'outbound' ? words.t('entry_subject_outbound', { name }) : words.t('entry_subject', { name });
}

/**
 * Opens a form in a tab of its own, in front, beside the CRM's: in that one somebody may be writing. The very form that
 * was opened before and still stands there comes to the front instead. Answers whether there was anything to open.
 */
export async function openEntryForm(browser: Pick<Browser, 'tabs' | 'windows'>, url: string): Promise<boolean> {
  if (siteOf(url) === undefined) return false;
  const beside = tabForRecord(url, await browser.tabs.query({}));
  const isOpen = beside?.url === url && beside.id !== undefined;
  const tab = isOpen
    ? await browser.tabs.update(beside.id, { active: true })
    : await browser.tabs.create({ url, active: true, ...placeBeside(beside) });
  if (tab?.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
  return true;
}

function placeBeside(tab: Tabs.Tab | undefined) {
  if (tab?.id === undefined || tab.windowId === undefined) return {};
  return { openerTabId: tab.id, windowId: tab.windowId, index: tab.index + 1 };
}
