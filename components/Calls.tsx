// The agent's running calls, one below the other: a card for each that goes on, a row for one that waits meanwhile, a line
// for what is over. A call that the agent is writing about keeps its card after it has ended, and after it is forgotten.
import type { Call, Line } from '@offhook/protocol';
import { useRef, useState } from 'preact/hooks';
import { CallCard } from './CallCard.tsx';
import { ContactMatches } from './ContactMatches.tsx';
import type { DeskProps } from './desk-props.ts';
import { EmptyState } from './EmptyState.tsx';
import { EntryFormButtons } from './EntryFormButtons.tsx';
import { Facts } from './Facts.tsx';
import { HeldRow } from './HeldRow.tsx';
import { History } from './History.tsx';
import { NoteField } from './NoteField.tsx';
import { OpenedNote } from './OpenedNote.tsx';
import { OverRow } from './OverRow.tsx';
import { arranged, callsOf, canBeNoted, type OwnCall, writtenAbout } from './own-calls.ts';
import { partyOf } from './party.ts';
import type { Age } from './StatePill.tsx';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

export interface CallsProps extends Pick<DeskProps, 'desk' | 'send' | 'onShowCalls'> {
  age: Age;
  orders: Orders;
  canOrder: boolean;
  /** `panel`: with notes, transfer and keypad; `popup`: what one needs at once. */
  density: 'panel' | 'popup';
  /** Whether this browser rings. */
  rings: boolean;
  /** The own line that calls; undefined where there is none. */
  caller: Line | undefined;
  /** The call that rang when the view was opened: its Answer has the focus. */
  focusedCallId?: string | undefined;
}

/** The part of a view that shows the agent's calls. */
export function Calls(props: CallsProps) {
  const { desk, send, age, orders, canOrder, density, rings, caller, focusedCallId } = props;
  const { t } = useWords();
  const own = desk.phone.lines.filter(({ line }) => line.isOwn);
  const writing = useWriting(callsOf(own));
  const { live, over } = arranged(writing.calls, writing.callId);
  const goesOn = live.some(({ call }) => call.state !== 'held' && call.state !== 'ended');
  const callAgain = caller && ((one: Call) => orders.give(redial(caller, one)));
  const colleagues = desk.phone.lines.filter(({ line }) => !line.isOwn);
  return (
    <section class={`calls calls--${density}`} aria-label={t('calls_heading')}>
      {writing.calls.length === 0 && (
        <EmptyState icon="phone" title={t('calls_empty_title')} hint={t('calls_empty_hint')} />
      )}
      {live.map((one) => {
        const { line, call, receivedAt } = one;
        const others = runningBeside(one, live);
        if (call.state === 'held' && goesOn) {
          return <HeldRow key={call.callId} held={one} {...{ others, age, orders, canOrder }} />;
        }
        return (
          <CallCard
            key={call.callId}
            {...{ line, call, receivedAt, age, orders, canOrder }}
            isFocused={call.callId === focusedCallId}
            onOpenContact={(callId) => void send('open-contact', { callId })}
            onCallAgain={callAgain}
            onMute={rings ? () => void send('mute-ring', {}) : undefined}
            below={<Below {...props} call={call} />}
            tools={density === 'panel' ? { send, others, colleagues } : undefined}
            afterwards={
              density === 'panel' &&
              hasNote(call) && <EntryFormButtons {...{ desk, send }} entryId={call.conversationId} shows="label" />
            }
          >
            {density === 'panel' && hasNote(call) && (
              <div onFocusIn={() => writing.begin(one)} onFocusOut={writing.pause}>
                <NoteField {...writtenAbout(call, desk.journal)} send={send} />
              </div>
            )}
          </CallCard>
        );
      })}
      {over.map(({ call }) => (
        <OverRow key={call.callId} {...{ call, orders, canOrder }} onCallAgain={callAgain} />
      ))}
      <Announcement calls={writing.calls} isFresh={age.isFresh} />
    </section>
  );
}

// Who it is and what was before, where there is room for it.
function Below({ call, desk, send, age, density, onShowCalls }: CallsProps & { call: Call }) {
  return (
    <>
      <OpenedNote callId={call.callId} {...{ desk, send }} />
      {density === 'panel' && <Facts {...{ call, send }} />}
      {density === 'panel' && <ContactMatches {...{ call, desk, send }} />}
      {density === 'panel' && <History {...{ call, desk, send, onShowCalls }} now={age.now} />}
    </>
  );
}

// What rings has no room for a note yet, and nothing to be noted.
function hasNote(call: Call): boolean {
  const { state } = call;
  return canBeNoted(call) && state !== 'offering' && state !== 'initiated' && state !== 'prompting';
}

function runningBeside({ line, call }: OwnCall, live: readonly OwnCall[]): Call[] {
  return live
    .filter((other) => other.line.lineId === line.lineId && other.call.callId !== call.callId)
    .map((other) => other.call)
    .filter(({ state }) => state === 'connected' || state === 'held');
}

function redial(line: Line, { callId, remote }: Call) {
  const order = { name: 'makeCall', args: { number: remote.number } } as const;
  return { key: callId, lineId: line.lineId, order };
}

interface Writing {
  calls: readonly OwnCall[];
  callId: string | undefined;
  begin(one: OwnCall): void;
  pause(): void;
}

// The call that is being written about. Leaving the field changes nothing at once: what is pressed next must still be
// where it was. A call that the relay forgets meanwhile (it tells ended ones for a minute) stays until the field is left.
function useWriting(calls: readonly OwnCall[]): Writing {
  const [callId, setCallId] = useState<string>();
  const kept = useRef<OwnCall | undefined>(undefined);
  const hasFocus = useRef(false);
  const current = calls.find(({ call }) => call.callId === callId);
  if (current) kept.current = current;
  const lost = current === undefined && callId !== undefined && hasFocus.current ? kept.current : undefined;
  const over: OwnCall | undefined = lost && { ...lost, call: { ...lost.call, state: 'ended', capabilities: [] } };
  return {
    calls: over ? [...calls, over] : calls,
    callId,
    begin(one) {
      hasFocus.current = true;
      setCallId(one.call.callId);
    },
    pause() {
      hasFocus.current = false;
    },
  };
}

// For those who do not see the card appear.
function Announcement({ calls, isFresh: isNow }: { calls: readonly OwnCall[]; isFresh: boolean }) {
  const words = useWords();
  const offered = isNow ? calls.filter(({ call }) => call.state === 'offering') : [];
  return (
    <div class="unseen" aria-live="assertive">
      {offered.map(({ call }) => (
        <p key={call.callId}>{words.t('caller_incoming', { name: partyOf(call.remote, words).title })}</p>
      ))}
    </div>
  );
}
