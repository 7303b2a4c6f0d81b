// What a signed-in extension may ask for, and who answers it: the lines, the journal, contacts, orders, previews, notes.
// Everything is asked in the name of the viewer of that moment; what is absent and what is not granted get the same answer.
import type { ClientMessage, Command, ServerMessage } from '@offhook/protocol';
import type { Logger } from 'pino';
import { refusalOf, type Viewer } from './access.ts';
import type { CallBacks } from './call-backs.ts';
import type { Clock } from './clock.ts';
import type { Commands } from './commands.ts';
import type { ContactChoices } from './contact-choice.ts';
import { type ContactFacts, factsFor } from './contact-facts.ts';
import { type ContactContext, contactsFor } from './contact-requests.ts';
import { createFeed, type FeedClient, type FeedContext } from './feed.ts';
import { createGapFeed } from './gap-feed.ts';
import type { Gaps } from './gaps.ts';
import { type Guard, isDoNotCall } from './guard.ts';
import { type HistoryContext, historyFor } from './history.ts';
import { createJournalFeed, type JournalFeedContext } from './journal-feed.ts';
import type { JournalMark } from './journal-mark.ts';
import type { Notes } from './notes.ts';
import { createOutlet, type OutletOptions } from './outlet.ts';
import { createTurns, type Turns } from './turns.ts';

/** The parts of the relay that answer. */
export interface RequestContext {
  clock: Clock;
  commands: Commands;
  guard: Guard;
  feed: FeedContext;
  journal: JournalFeedContext;
  contacts: ContactContext;
  choices: ContactChoices;
  history: HistoryContext;
  facts: ContactFacts;
  notes: Notes;
  mark: JournalMark;
  callBacks: CallBacks;
  gaps: Pick<Gaps, 'of' | 'onChange'>;
}

export interface RequestOptions {
  context: RequestContext;
  log(): Logger;
  send(message: ServerMessage): void;
  /** The same for a message that is JSON already. */
  sendText(text: string): void;
  /** For what is told to thousands at once. */
  client: FeedClient;
  /** Ends the session. */
  fail(code: 'internal' | 'slow-consumer'): void;
  bufferedBytes(): number;
  viewer(): Viewer | undefined;
  /** Where the client says that it stands. */
  resume: (ClientMessage & { type: 'hello' })['resume'];
  onSeen(callId: string, action: 'shown' | 'dismissed' | 'opened'): void;
  onUsed(): void;
  onSubscribed(): void;
}

export interface Requests {
  /**
   * Whether the client's place holds at the sign-in: a delta follows its subscription instead of a snapshot, unless its
   * rights change before it subscribes.
   */
  isResumable: boolean;
  /** What is told right after the sign-in, unasked. */
  begin(): Promise<void>;
  take(message: ClientMessage): void;
  /** Up to where this connection is complete. */
  position(): { epoch: string; rev: number };
  /** The viewer's rights changed: what comes from now on is told by the new ones. */
  rewatch(): void;
  /** After that, what is there is told anew. */
  restart(): void;
  close(): void;
}

// Questions that one client may have open: enough for who types fast, and scrolls a journal.
const MOST_OPEN_QUESTIONS = 32;

/** The desk of one signed-in connection. */
export function createRequests(options: RequestOptions): Requests {
  const { context, send, fail, bufferedBytes, viewer, log } = options;
  const way: OutletOptions = { bufferedBytes, clock: context.clock, onStalled: () => fail('slow-consumer') };
  const { sendText, client } = options;
  const feed = createFeed({ client, sendText, outlet: createOutlet(way), context: context.feed });
  const journal = createJournalFeed({ send, outlet: createOutlet(way), context: context.journal, viewer });
  const turns = openQueues();
  const stopListening = context.mark.onMove(({ userId, until }) => {
    if (userId === viewer()?.user.userId) send({ type: 'journal-seen', until });
  });
  const isResumable = canResume(options);
  const gaps = createGapFeed({ gaps: context.gaps, line: context.feed.line, viewer, send, log });
  // Only the first subscription goes on from where the client stood.
  let resume = options.resume;

  function subscribe(message: ClientMessage & { type: 'subscribe' }): void {
    // Asked again: rights that changed since the sign-in change lines that no revision tells of.
    feed.subscribe(message.lines, isResumable && canResume(options) ? resume?.rev : undefined);
    const cursor = resume?.journal;
    resume = undefined;
    if (!message.journal) return journal.stop();
    gaps.start();
    journal.start(cursor).catch((error: unknown) => {
      log().error({ err: error }, 'the journal could not be read');
      fail('internal');
    });
  }

  function take(message: ClientMessage): void {
    const who = viewer();
    if (!who) return;
    if (isUse(message)) options.onUsed();
    switch (message.type) {
      case 'subscribe':
        subscribe(message);
        return options.onSubscribed();
      case 'command':
        return order(message, who, options);
      case 'preview':
        return preview(message, who, options);
      case 'journal-page':
        return ask(turns('pages'), message.id, () => journal.page(message), options);
      case 'lookup':
      case 'search':
      case 'history':
        return lookUp(turns('questions'), message, options);
      case 'facts':
        return tellFacts(turns('facts'), message, options);
      case 'assign-contact':
        return assign(turns('notes'), message, options);
      case 'note':
        return write(turns('notes'), message, options);
      case 'call-back':
        return callBack(turns('notes'), message, options);
      case 'see-journal':
        return see(who, message.until, options);
      case 'seen':
        log().info({ callId: message.callId, action: message.action }, 'seen');
        return options.onSeen(message.callId, message.action);
      case 'ping':
        return send({ type: 'pong', n: message.n });
      case 'hello':
      case 'enrol':
      case 'begin-sign-in':
      case 'finish-sign-in':
        return send({ type: 'error', code: 'message-invalid' });
      default:
        return message satisfies never;
    }
  }

  return {
    isResumable,
    async begin() {
      const who = viewer();
      const until = who && (await context.mark.until(who.user.userId));
      if (until !== undefined) send({ type: 'journal-seen', until });
    },
    take,
    position: feed.position,
    rewatch() {
      feed.rewatch();
      journal.rewatch();
    },
    restart: feed.restart,
    close() {
      stopListening();
      gaps.close();
      feed.close();
      journal.close();
    },
  };
}

// Each is made with its first question: most agents' browsers ask none for hours. Pages have their own, since a search in
// a long journal takes longer than a name that is looked for while somebody types, and a CRM takes as long as it likes.
function openQueues(): (name: 'questions' | 'pages' | 'notes' | 'facts') => Turns {
  const queues: { questions?: Turns; pages?: Turns; notes?: Turns; facts?: Turns } = {};
  return (name) => {
    queues[name] ??= createTurns(MOST_OPEN_QUESTIONS);
    return queues[name];
  };
}

/** One after the other, by the rights that hold when its turn has come. */
function ask(
  turns: Turns,
  id: string,
  answer: (who: Viewer) => Promise<void>,
  { viewer, send, log }: RequestOptions,
): void {
  const isTaken = turns.take(async () => {
    const who = viewer();
    if (!who) return;
    try {
      await answer(who);
    } catch (error) {
      log().error({ err: error }, 'a question could not be answered');
      send({ type: 'error', id, code: 'internal' });
    }
  });
  if (!isTaken) send({ type: 'error', id, code: 'rate-limited' });
}

function lookUp(
  turns: Turns,
  message: ClientMessage & { type: 'lookup' | 'search' | 'history' },
  options: RequestOptions,
): void {
  const { context, send } = options;
  const answerFor = (asker: Viewer) =>
    message.type === 'history'
      ? historyFor(asker, message, context.history)
      : contactsFor(asker, message, context.contacts);
  ask(turns, message.id, async (asker) => send(await answerFor(asker)), options);
}

function tellFacts(turns: Turns, message: ClientMessage & { type: 'facts' }, options: RequestOptions): void {
  const { context, send } = options;
  const known = { ...context.contacts, facts: context.facts };
  ask(turns, message.id, async (asker) => send(await factsFor(asker, message, known)), options);
}

function assign(turns: Turns, message: ClientMessage & { type: 'assign-contact' }, options: RequestOptions): void {
  const { context, send } = options;
  const { id } = message;
  const answer = async (asker: Viewer) => {
    send({ type: 'result', id, key: id, ...(await context.choices.change(asker, message, context.contacts)) });
  };
  ask(turns, id, answer, options);
}

function callBack(turns: Turns, message: ClientMessage & { type: 'call-back' }, options: RequestOptions): void {
  const { context, send } = options;
  const { id } = message;
  const answer = async (asker: Viewer) => {
    send({ type: 'result', id, key: id, ...(await context.callBacks.change(asker, message)) });
  };
  ask(turns, id, answer, options);
}

function write(turns: Turns, { id, key, ...rest }: ClientMessage & { type: 'note' }, options: RequestOptions): void {
  const { context, viewer, send } = options;
  const isTaken = turns.take(async () => {
    const who = viewer();
    if (who) send({ type: 'result', id, key, ...(await context.notes.write(who, { id, key, ...rest })) });
  });
  if (!isTaken) send({ type: 'result', id, key, state: 'failed', code: 'rate-limited' });
}

// What a person does, and no worker by itself.
function isUse(message: ClientMessage): boolean {
  switch (message.type) {
    case 'command':
    case 'preview':
    case 'search':
    case 'note':
    case 'call-back':
    case 'assign-contact':
    case 'see-journal':
      return true;
    case 'seen':
      return message.action !== 'shown';
    default:
      return false;
  }
}

function canResume({ resume, viewer, context }: RequestOptions): boolean {
  const who = viewer();
  if (!resume || !who) return false;
  const { epoch, rev } = context.feed;
  return resume.epoch === epoch && resume.aclRev === who.aclRev && resume.rev <= rev(who.tenant.tenantId);
}

function see(who: Viewer, until: string, { context, log }: RequestOptions): void {
  context.mark.see(who.user.userId, until).catch((error: unknown) => {
    // It is told again at the next look.
    log().error({ err: error }, 'a journal mark could not be written');
  });
}

// Not awaited: an order waits for its phone system, the frames behind it do not wait for the order.
function order(command: Command, who: Viewer, { context, send, fail, log }: RequestOptions): void {
  context.commands
    .submit(who, command, (report) => send({ type: 'result', id: command.id, ...report }))
    .catch((error: unknown) => {
      log().error({ err: error }, 'an order ended without an answer');
      fail('internal');
    });
}

function preview(message: ClientMessage & { type: 'preview' }, who: Viewer, { context, send }: RequestOptions): void {
  const line = context.feed.line(message.lineId);
  const refusal = refusalOf(who, line, 'control');
  if (refusal || !line) {
    return send({ type: 'preview', id: message.id, decision: 'refused', code: refusal ?? 'line-unknown' });
  }
  const { decision, number, numberType, dialString, code, params } = context.guard.judgeFor({
    userId: who.user.userId,
    number: message.number,
    location: context.feed.locationOf(line.pbxId),
    command: 'makeCall',
    isContact: (read) => context.feed.contactOf(who.tenant.tenantId, read, who.hiddenSources)?.match === 'exact',
    isDoNotCall: (read) => isDoNotCall(context.feed.contactOf(who.tenant.tenantId, read, who.hiddenSources)),
  });
  send({
    type: 'preview',
    id: message.id,
    decision,
    number,
    ...(numberType && { numberType }),
    ...(dialString !== undefined && { dialled: dialString }),
    ...(code && { code }),
    ...(params && { params }),
  });
}
