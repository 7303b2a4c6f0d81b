// Where a number or a name is typed: shows exactly what will be dialled and on which line before anything is, and calls on
// Enter. The rules against dialling the wrong number are in dialler.ts and use-suggestions.ts.
import type { Line } from '@offhook/protocol';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';
import type { HeldLine } from '#lib/phone.ts';
import type { Words } from '#lib/words.ts';
import { Button } from './Button.tsx';
import { DialOutlook } from './DialOutlook.tsx';
import { createDialler, type Dialler, type DiallerState, isNumberLike } from './dialler.ts';
import { callingLine, canCall, LineChoice } from './LineChoice.tsx';
import type { Age } from './StatePill.tsx';
import { optionId, SuggestionList } from './SuggestionList.tsx';
import { resultOf } from './use-orders.ts';
import { type Suggestion, type Suggestions, useSuggestions } from './use-suggestions.ts';
import { useWords } from './words.ts';

export interface DialFieldProps {
  /** The agent's own lines. */
  ownLines: readonly Line[];
  /** Whom the field finds by name or extension, without asking anybody. */
  colleagues: readonly HeldLine[];
  /** The line that calls go out on until another one is chosen here. */
  defaultLineId: string | undefined;
  onDefaultLine?: ((lineId: string) => void) | undefined;
  send: Send;
  age: Age;
  canOrder: boolean;
  /** Whether the field takes the focus when it appears. */
  isFocused: boolean;
}

/** The dial field with its suggestions and its preview. */
export function DialField(props: DialFieldProps) {
  const { ownLines, colleagues, defaultLineId, onDefaultLine, send, canOrder } = props;
  const words = useWords();
  const id = useId();
  const [chosenId, setChosenId] = useState<string>();
  const line = callingLine(ownLines, chosenId, defaultLineId);
  const { dialler, state } = useDialler(send, { line, canOrder });
  const obstacle = obstacleOf({ line, canOrder, words });
  const [picked, setPicked] = useState<Suggestion>();
  const [isOpen, setOpen] = useState(false);
  const suggestions = useSuggestions({
    text: picked ? '' : state.text,
    colleagues,
    send,
    isOn: obstacle === undefined,
  });
  const chosen = picked ?? suggestions.highlighted;
  const isListShown = isOpen && suggestions.options.length > 0 && state.phase !== 'calling';
  const number = chosen?.number;
  // A suggestion is the same as long as its number is: results that come anew bring equal ones.
  const numberKey = number && JSON.stringify(number);
  const isCalling = state.phase === 'calling';
  // Before the next key can come: Enter must not find the number of whom the list no longer shows.
  useLayoutEffect(() => dialler.setTarget(number), [dialler, numberKey, state.text, isCalling]);
  // After the call the field is empty, and nobody is chosen.
  useEffect(() => {
    if (state.text === '') setPicked(undefined);
  }, [state.text]);

  function pick(suggestion: Suggestion): void {
    dialler.setText(suggestion.name);
    dialler.setTarget(suggestion.number);
    setPicked(suggestion);
    setOpen(false);
  }

  return (
    <form
      class="dial"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === undefined && isMeant(state.text, { picked, suggestions })) dialler.submit();
      }}
      onKeyDown={(event) => {
        // A held Enter repeats; only the first press is meant.
        if (event.key === 'Enter' && (event.repeat || event.isComposing)) event.preventDefault();
      }}
    >
      <LineChoice {...{ line, defaultLineId }} lines={ownLines} onChoose={setChosenId} onDefault={onDefaultLine} />
      <div class="dial__row">
        <Field
          {...{ id, state, suggestions, isListShown }}
          isFocused={props.isFocused}
          onText={(text) => {
            setPicked(undefined);
            setOpen(true);
            dialler.setText(text);
          }}
          onShow={setOpen}
        />
        <Button
          type="submit"
          kind="primary"
          icon="phone"
          label={words.t('action_call')}
          isDisabled={obstacle !== undefined || !isReady(state)}
        />
      </div>
      <div class="dial__will" id={`${id}-will`}>
        <DialOutlook
          {...{ state, line, chosen, obstacle }}
          onConfirm={dialler.confirm}
          onCancel={() => {
            dialler.cancel();
            document.getElementById(id)?.focus();
          }}
        />
      </div>
      {isListShown && <SuggestionList id={`${id}-list`} {...{ suggestions }} age={props.age} onPick={pick} />}
      <span class="unseen" role="status">
        {isListShown && words.plural('dial_found', suggestions.options.length)}
      </span>
    </form>
  );
}

interface FieldProps {
  id: string;
  state: DiallerState;
  suggestions: Suggestions;
  isListShown: boolean;
  isFocused: boolean;
  onText: (text: string) => void;
  onShow: (isShown: boolean) => void;
}

// The ARIA combobox: the focus stays here, the arrows move through the list.
function Field({ id, state, suggestions, isListShown, isFocused, onText, onShow }: FieldProps) {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isFocused) input.current?.focus();
  }, [isFocused]);
  const { highlighted } = suggestions;

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (event.key === 'Escape' && (isListShown || state.text !== '')) {
      event.preventDefault();
      suggestions.highlight(undefined);
      if (isListShown) onShow(false);
      else onText('');
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || suggestions.options.length === 0) return;
    event.preventDefault();
    if (isListShown) suggestions.move(step === 1 ? 1 : -1);
    else onShow(true);
  }

  return (
    <>
      <label class="unseen" for={id}>
        {t('dial_label')}
      </label>
      <input
        id={id}
        ref={input}
        class="input dial__input"
        type="text"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={isListShown}
        aria-controls={isListShown ? `${id}-list` : undefined}
        aria-activedescendant={
          isListShown && highlighted ? optionId(`${id}-list`, suggestions, highlighted.key) : undefined
        }
        autocomplete="off"
        spellcheck={false}
        maxLength={256}
        dir="auto"
        placeholder={t('dial_placeholder')}
        value={state.text}
        readOnly={state.phase === 'calling'}
        aria-describedby={`${id}-will`}
        onInput={(event) => onText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => onShow(false)}
      />
    </>
  );
}

function useDialler(send: Send, { line, canOrder }: { line: Line | undefined; canOrder: boolean }) {
  const lineId = line && canCall(line) ? line.lineId : undefined;
  // The dialler outlives renders, `send` may not: it is read when it is needed.
  const latestSend = useRef(send);
  latestSend.current = send;
  const [state, setState] = useState<DiallerState>();
  const kept = useRef<Dialler | undefined>(undefined);
  kept.current ??= createDialler({
    preview: (onLine, number) => latestSend.current('preview', { lineId: onLine, number }),
    call: (onLine, order) => resultOf(latestSend.current('command', { lineId: onLine, order })),
    onChange: setState,
  });
  const dialler = kept.current;
  const isCalling = state?.phase === 'calling';
  useEffect(() => {
    if (!isCalling) dialler.setLine(lineId);
  }, [dialler, lineId, isCalling]);
  // What was refused while the relay was away is asked again when it is back.
  useEffect(() => {
    if (canOrder && dialler.state().text !== '') dialler.refresh();
  }, [dialler, canOrder]);
  useEffect(() => () => dialler.close(), [dialler]);
  return { dialler, state: state ?? dialler.state() };
}

// A name is nobody's number: without anybody chosen nothing is. And what came under the key a moment ago was not seen.
function isMeant(
  text: string,
  { picked, suggestions }: { picked: Suggestion | undefined; suggestions: Suggestions },
): boolean {
  if (picked !== undefined) return true;
  return suggestions.highlighted === undefined ? isNumberLike(text) : suggestions.hasBeenSeen();
}

// Enter may come before the preview has; the button waits for something to call.
function isReady({ phase, preview, confirm }: DiallerState): boolean {
  if (phase === 'checking') return true;
  return phase === 'ready' && preview?.decision !== 'refused' && confirm === undefined;
}

function obstacleOf({ line, canOrder, words }: { line: Line | undefined; canOrder: boolean; words: Words }) {
  if (!canOrder) return words.t('dial_offline');
  if (!line) return words.t('dial_no_line');
  return canCall(line) ? undefined : words.t('dial_line_cannot');
}
