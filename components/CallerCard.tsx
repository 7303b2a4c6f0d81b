// One call in the caller window, from its ring to what is written about it afterwards: who, what is known, what can be
// done. The note keeps its place from the answer on, so that the end of the call takes nothing away from who is writing.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Desk, Send } from '#lib/messages.ts';
import { Button } from './Button.tsx';
import { CallActions, type CallActionsProps } from './CallActions.tsx';
import { ContactMarks } from './ContactMarks.tsx';
import { ContactMatches } from './ContactMatches.tsx';
import { DIRECTION_ICONS } from './direction-icons.ts';
import { EntryFormButtons } from './EntryFormButtons.tsx';
import { Facts } from './Facts.tsx';
import type { Followed } from './followed-calls.ts';
import { History } from './History.tsx';
import { Icon } from './icons.tsx';
import { lastCallWith } from './journal-rows.ts';
import { MuteRing } from './MuteRing.tsx';
import { NoteField } from './NoteField.tsx';
import { OpenedNote } from './OpenedNote.tsx';
import { OrderNote } from './OrderNote.tsx';
import { canBeNoted, writtenAbout } from './own-calls.ts';
import { Parts } from './Parts.tsx';
import { partyOf } from './party.ts';
import { type Age, CallPill } from './StatePill.tsx';
import { useWords } from './words.ts';

// Long enough to come back to the sentence, short enough not to be in the way of the next call.
const STAYS_MS = 30_000;

export interface CallerCardProps {
  followed: Followed;
  desk: Desk;
  send: Send;
  age: Age;
  /** What the call's buttons need besides the call. */
  actions: Pick<CallActionsProps, 'orders' | 'isFocused' | 'canOrder' | 'tools'>;
  /** Silences the ringtone; undefined where this browser does not ring. */
  onMute: (() => void) | undefined;
  /** Whether the line is named: there are several own ones. */
  namesLine: boolean;
  /** Opens the journal with what is found by these words. */
  onShowCalls: ((text: string) => void) | undefined;
  /** The agent is done with a call that is over, or has left it alone for long enough. */
  onDone: (callId: string) => void;
}

/** A followed call as a card. */
export function CallerCard(props: CallerCardProps) {
  const { followed, desk, send, age, actions, onShowCalls, onDone } = props;
  const { call, line, stage } = followed;
  const { orders } = actions;
  const left = useStay(props);
  const isOver = stage.type === 'talked';
  const hasNote = canBeNoted(call) && (isOver || stage.type === 'running');
  return (
    <article
      class={`caller-card caller-card--${age.isFresh || isOver ? stage.type : 'unknown'}`}
      data-call-id={call.callId}
    >
      <CallerHead {...props} />
      <CallerWho call={call} />
      <KnownAbout call={call} desk={desk} now={age.now} />
      {/* One element in one place for every state after the answer: what is being typed stays where it is. */}
      {hasNote && (
        <fieldset
          class="caller-card__note"
          onFocusCapture={left.hold}
          onBlurCapture={left.release}
          onInput={left.touch}
        >
          <NoteField {...writtenAbout(call, desk.journal)} send={send} />
        </fieldset>
      )}
      {!isOver && (
        <CallActions
          {...actions}
          {...{ call, line }}
          onOpenContact={(callId) => void send('open-contact', { callId })}
          onCallAgain={undefined}
        />
      )}
      {isOver && hasNote && (
        <EntryFormButtons {...{ desk, send }} entryId={call.conversationId} shows="label" onOpen={left.touch} />
      )}
      {isOver && <Ending secondsLeft={left.seconds} onDone={() => onDone(call.callId)} />}
      <OrderNote order={orders.of(call.callId)} onDismiss={() => orders.dismiss(call.callId)} />
      <OpenedNote callId={call.callId} {...{ desk, send }} />
      {/* Below the buttons: what comes late moves none of them. */}
      <Facts {...{ call, send }} />
      <ContactMatches {...{ call, desk, send }} />
      <History {...{ call, desk, send, onShowCalls }} now={age.now} />
    </article>
  );
}

type ShownCall = Followed['call'];

// Which state, which of our numbers was called, and for how long.
function CallerHead({ followed, age, namesLine, onMute }: CallerCardProps) {
  const words = useWords();
  const { call, line, receivedAt, stage } = followed;
  const elapsedMs = age.isFresh ? Math.max(0, age.now - receivedAt) : undefined;
  const isOver = stage.type === 'talked';
  const runs = elapsedMs === undefined ? undefined : (call.connectedMs ?? call.ageMs) + elapsedMs;
  const time = isOver ? call.connectedMs : runs;
  const isEstimated = !call.answerReported && stage.type === 'running';
  return (
    <header class="caller-card__head">
      <CallPill call={call} age={isOver ? { ...age, isFresh: true } : age} />
      <Parts class="caller-card__called small muted" parts={calledParts()} />
      {onMute && stage.type === 'ringing' && <MuteRing onMute={onMute} />}
      <span class="caller-card__time" title={isEstimated ? words.t('call_time_estimated') : undefined}>
        {time !== undefined && `${isEstimated ? '≈ ' : ''}${words.duration(time)}`}
      </span>
    </header>
  );

  function calledParts(): string[] {
    const { dialled, group } = call;
    const isOwnExtension = dialled?.kind === 'internal' && dialled.number === line.extension;
    const number = dialled && !isOwnExtension ? words.number(dialled, { isKnown: false }) : undefined;
    const name = namesLine ? words.t('line_named', { extension: line.extension }) : undefined;
    return [group, number, name].filter((part): part is string => part !== undefined && part !== '');
  }
}

function CallerWho({ call }: { call: ShownCall }) {
  const words = useWords();
  const party = partyOf(call.remote, words);
  const { remote } = call;
  // The number has a line of its own below, where it can be read in one look.
  const known = remote.contact ? remote.contact.company : undefined;
  const claimed = remote.contact || remote.verified ? undefined : party.details[0];
  const details = [known, claimed].filter((text) => text !== undefined && text !== '');
  return (
    <div class="caller-card__who">
      <span class="caller-card__face" aria-hidden="true">
        {party.initials ?? <Icon name={DIRECTION_ICONS[call.direction]} />}
      </span>
      <div class="caller-card__names">
        <h2 class="caller-card__name" title={party.title}>
          <bdi>{party.title}</bdi>
        </h2>
        {details.map((detail) => (
          <p class="one-line muted" key={detail} title={detail}>
            <bdi>{detail}</bdi>
          </p>
        ))}
        <ContactMarks contact={remote.contact} />
      </div>
    </div>
  );
}

// What the company knows: the number, and when it was last spoken with.
function KnownAbout({ call, desk, now }: { call: ShownCall; desk: Desk; now: number }) {
  const words = useWords();
  const { t } = words;
  const { remote } = call;
  const last = lastCallWith(call, desk.journal, words);
  const number = words.number(remote.number, { isKnown: remote.contact !== undefined });
  const isTitle = partyOf(remote, words).title === number;
  if (isTitle && !last) return null;
  return (
    <dl class="caller-card__facts">
      {!isTitle && (
        <>
          <dt class="muted">{t('caller_number')}</dt>
          <dd class="one-line" title={number}>
            <bdi>{number}</bdi>
          </dd>
        </>
      )}
      {last && (
        <>
          <dt class="muted">{t('caller_last_call')}</dt>
          <dd>
            <Parts class="caller-card__last" parts={[words.moment(last.at, now), ...(last.text ? [last.text] : [])]} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Ending({ secondsLeft, onDone }: { secondsLeft: number | undefined; onDone: () => void }) {
  const { t } = useWords();
  return (
    <div class="caller-card__ending">
      <Button kind="primary" icon="check" label={t('action_done')} onClick={onDone} />
      <span class="small muted">
        {secondsLeft === undefined ? t('caller_stays_open') : t('caller_closes_in', { seconds: secondsLeft })}
      </span>
    </div>
  );
}

interface Stay {
  /** Until the card goes by itself; undefined while somebody writes, or the call goes on. */
  seconds: number | undefined;
  hold: (event: FocusEvent) => void;
  release: () => void;
  touch: () => void;
}

// A card that is over goes away half a minute after it was last touched, never under somebody who is writing.
function useStay({ followed, age, onDone }: CallerCardProps): Stay {
  const { stage, call } = followed;
  const [isWriting, setWriting] = useState(false);
  const [touchedAt, setTouchedAt] = useState(0);
  const latest = useRef(onDone);
  latest.current = onDone;
  const until = stage.type === 'talked' && !isWriting ? Math.max(stage.overAt, touchedAt) + STAYS_MS : undefined;
  const leftMs = until === undefined ? undefined : until - age.now;
  const isDue = leftMs !== undefined && leftMs <= 0;
  useEffect(() => {
    if (isDue) latest.current(call.callId);
  }, [isDue, call.callId]);
  const touch = () => setTouchedAt(Date.now());
  return {
    seconds: leftMs === undefined ? undefined : Math.max(0, Math.ceil(leftMs / 1000)),
    hold({ target }) {
      if (target instanceof HTMLTextAreaElement) setWriting(true);
      else touch();
    },
    release() {
      setWriting(false);
      touch();
    },
    touch,
  };
}
