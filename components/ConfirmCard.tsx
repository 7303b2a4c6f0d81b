// One call that was asked for elsewhere: where from, the number as it was read and by which country, whose it is, what would
// be dialled on which line. Only a press on Call dials, once the card has been there for a moment and the keyboard is calm;
// what a web page may have brought up by itself is not even offered to the Enter key.
import type { Line } from '@offhook/protocol';
import type { RefObject } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { AskedCall } from '#lib/asked-calls.ts';
import type { AskedReading } from '#lib/read-asked.ts';
import { AskedContact } from './AskedContact.tsx';
import { askedFromText, askedWhyTexts, notAskedTexts } from './asked-text.ts';
import { Button } from './Button.tsx';
import type { ConfirmProps } from './ConfirmView.tsx';
import { DialOutlook } from './DialOutlook.tsx';
import type { DiallerState } from './dialler.ts';
import { Icon } from './icons.tsx';
import { callingLine, canCall, LineChoice } from './LineChoice.tsx';
import { Note } from './Note.tsx';
import { callsOf } from './own-calls.ts';
import { useAskedDialler } from './use-asked-dialler.ts';
import { useCalm } from './use-calm.ts';
import { useWords } from './words.ts';

/** A call as it was read. */
export interface ReadCall {
  call: AskedCall;
  reading: AskedReading;
}

export interface ConfirmCardProps
  extends ReadCall,
    Pick<ConfirmProps, 'desk' | 'settings' | 'send' | 'onChangeSettings' | 'onDone'> {
  onOpenOptions: () => void;
  /** The call is not to be taken from sight while its order is under way, or where nobody knows what came of it. */
  onKeep: (kept: ReadCall | undefined) => void;
}

/** The card of one call. */
export function ConfirmCard(props: ConfirmCardProps) {
  const { desk, settings, send, call, reading, onDone, onChangeSettings } = props;
  const words = useWords();
  const id = useId();
  const { own, isUnpaired, canOrder } = ownOf(props);
  const [chosenId, setChosenId] = useState<string>();
  const ownLines = own.map(({ line }) => line);
  const { defaultLineId } = settings;
  const line = callingLine(ownLines, chosenId, defaultLineId);
  const asked = useAskedDialler(send, { reading, line, canOrder, onDialled: () => onDone(call.id) });
  const mustStay = asked.isDialled || asked.state.phase === 'calling' || asked.state.result?.type === 'unknown';
  useEffect(() => props.onKeep(mustStay ? { call, reading } : undefined), [mustStay]);
  const read = reading.type === 'number' && !asked.isChanged ? reading.number : undefined;
  const number = asked.state.preview?.number ?? read;
  const { isCalm, handlers } = useCalm(call.id);
  const mayFocus = isCalm && (call.from === 'menu' || call.from === 'outside');
  const callButton = useFocusWhen<HTMLButtonElement>(mayFocus && reading.type === 'number');
  const field = useFocusWhen<HTMLInputElement>(mayFocus && reading.type === 'none');
  const obstacle = obstacleOf({ line, canOrder, isLoading: desk.phone.lines.length === 0 }, words.t);
  const talks = callsOf(own).some(({ call: { state } }) => state === 'connected');
  return (
    <form
      class="confirm-card"
      aria-labelledby={`${id}-title`}
      {...handlers}
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === undefined && isReady(asked.state)) asked.submit();
      }}
    >
      <header class="confirm-card__from small muted">
        <Icon name={call.kind === 'link' ? 'link' : 'phone'} />
        <bdi class="one-line">{askedFromText(call, words)}</bdi>
      </header>
      <h1 class="confirm-card__title" id={`${id}-title`}>
        {words.t(reading.type === 'none' ? 'confirm_title_none' : 'confirm_title')}
      </h1>
      <NumberField {...{ id, asked, reading, field }} />
      {isUnpaired ? (
        <SetUp onOpen={props.onOpenOptions} />
      ) : (
        <>
          {canOrder && number?.kind === 'e164' && <AskedContact send={send} number={number} />}
          <LineChoice
            {...{ line, defaultLineId }}
            lines={ownLines}
            onChoose={setChosenId}
            onDefault={(lineId) => void onChangeSettings({ defaultLineId: lineId })}
          />
          <div class="confirm-card__will" id={`${id}-will`}>
            <Outlook {...{ asked, line, obstacle, talks }} />
          </div>
        </>
      )}
      <div class="confirm-card__actions">
        <Button label={words.t('action_cancel')} onClick={() => onDone(call.id)} />
        {!isUnpaired && (
          <Button
            type="submit"
            kind="primary"
            icon="phone"
            label={words.t('action_call')}
            isDisabled={obstacle !== undefined || !isReady(asked.state)}
            buttonRef={callButton}
          />
        )}
      </div>
    </form>
  );
}

type AskedDialler = ReturnType<typeof useAskedDialler>;

// The number stands in a field: what was read wrongly is put right here.
interface NumberFieldProps {
  id: string;
  asked: AskedDialler;
  reading: AskedReading;
  field: RefObject<HTMLInputElement | null>;
}

function NumberField({ id, asked, reading, field }: NumberFieldProps) {
  const words = useWords();
  const { t } = words;
  const why = asked.isChanged ? [t('confirm_changed')] : askedWhyTexts(reading, words);
  return (
    <div class="confirm-card__number">
      <label class="unseen" for={id}>
        {t('confirm_field')}
      </label>
      <input
        id={id}
        ref={field}
        class="input confirm-card__input"
        type="text"
        autocomplete="off"
        spellcheck={false}
        maxLength={64}
        dir="ltr"
        value={asked.state.text}
        readOnly={asked.state.phase === 'calling'}
        aria-describedby={`${id}-why ${id}-will`}
        onInput={(event) => asked.change(event.currentTarget.value)}
      />
      <div class="confirm-card__why small muted" id={`${id}-why`}>
        {why.map((text) => (
          <p key={text}>
            <bdi>{text}</bdi>
          </p>
        ))}
      </div>
      {reading.type === 'none' &&
        !asked.isChanged &&
        notAskedTexts(reading, words).map((text) => <Note key={text} kind="quiet" text={text} />)}
      {reading.type === 'number' && reading.isFax && <Note kind="quiet" text={t('confirm_fax')} />}
    </div>
  );
}

interface OutlookProps {
  asked: AskedDialler;
  line: Line | undefined;
  obstacle: string | undefined;
  /** The agent is in a call. */
  talks: boolean;
}

function Outlook({ asked, line, obstacle, talks }: OutlookProps) {
  const { t } = useWords();
  if (asked.isDialled) return <Note kind="done" text={t('confirm_done')} />;
  if (asked.state.text.trim() === '' && obstacle === undefined) return null;
  return (
    <>
      <DialOutlook
        state={asked.state}
        place="card"
        chosen={undefined}
        onConfirm={asked.confirm}
        onCancel={asked.cancel}
        {...{ line, obstacle }}
      />
      {talks && <Note kind="quiet" text={t('confirm_in_call')} />}
    </>
  );
}

function SetUp({ onOpen }: { onOpen: () => void }) {
  const { t } = useWords();
  return (
    <div class="confirm-card__set-up">
      <p class="confirm-card__set-up-title">{t('confirm_unpaired_title')}</p>
      <p class="small muted">{t('confirm_unpaired_hint')}</p>
      <Button kind="primary" label={t('confirm_set_up')} onClick={onOpen} />
    </div>
  );
}

function ownOf({ desk: { phone } }: ConfirmCardProps) {
  const { link, lines } = phone;
  return {
    own: lines.filter(({ line }) => line.isOwn),
    isUnpaired: link.type === 'unpaired',
    canOrder: link.type === 'online' || link.type === 'connecting',
  };
}

function obstacleOf(
  { line, canOrder, isLoading }: { line: Line | undefined; canOrder: boolean; isLoading: boolean },
  t: ReturnType<typeof useWords>['t'],
): string | undefined {
  if (!canOrder) return t('dial_offline');
  if (isLoading) return t('lines_loading');
  if (!line) return t('dial_no_line');
  return canCall(line) ? undefined : t('dial_line_cannot');
}

function isReady({ phase, preview, confirm }: DiallerState): boolean {
  return phase === 'ready' && preview?.decision !== 'refused' && confirm === undefined;
}

// Only where nothing else has the focus by then.
function useFocusWhen<Kind extends HTMLElement>(mayFocus: boolean): RefObject<Kind | null> {
  const element = useRef<Kind>(null);
  useEffect(() => {
    const { activeElement, body } = document;
    if (mayFocus && (activeElement === null || activeElement === body)) element.current?.focus();
  }, [mayFocus]);
  return element;
}
