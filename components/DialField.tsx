// Where a number is typed: shows exactly what will be dialled and on which line before anything is, and calls on Enter.
// The rules against dialling the wrong number are in dialler.ts.
import type { Line } from '@offhook/protocol';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';
import type { Words } from '#lib/words.ts';
import { Button } from './Button.tsx';
import { createDialler, type Dialler, type DiallerState } from './dialler.ts';
import { Note } from './Note.tsx';
import { resultOf } from './use-orders.ts';
import { useWords } from './words.ts';

export interface DialFieldProps {
  /** The agent's own lines; the first that can start a call is chosen at first. */
  ownLines: readonly Line[];
  send: Send;
  canOrder: boolean;
  /** Whether the field takes the focus when it appears. */
  isFocused: boolean;
}

/** The dial field with its preview. */
export function DialField({ ownLines, send, canOrder, isFocused }: DialFieldProps) {
  const words = useWords();
  const { t } = words;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [chosenId, setChosenId] = useState<string>();
  const line = ownLines.find((one) => one.lineId === chosenId) ?? ownLines.find(canCall) ?? ownLines[0];
  const { dialler, state } = useDialler(send, { line, canOrder });
  useEffect(() => {
    if (isFocused) input.current?.focus();
  }, [isFocused]);
  const obstacle = obstacleOf({ line, canOrder, words });
  return (
    <form
      class="dial"
      onSubmit={(event) => {
        event.preventDefault();
        if (obstacle === undefined) dialler.submit();
      }}
      onKeyDown={(event) => {
        // A held Enter repeats; only the first press is meant.
        if (event.key === 'Enter' && event.repeat) event.preventDefault();
      }}
    >
      <LineChoice lines={ownLines} line={line} onChoose={setChosenId} />
      <div class="dial__row">
        <label class="unseen" for={id}>
          {t('dial_label')}
        </label>
        <input
          id={id}
          ref={input}
          class="input dial__input"
          type="text"
          inputMode="tel"
          autocomplete="off"
          spellcheck={false}
          maxLength={256}
          dir="auto"
          placeholder={t('dial_placeholder')}
          value={state.text}
          readOnly={state.phase === 'calling'}
          aria-describedby={`${id}-will`}
          onInput={(event) => dialler.setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          kind="primary"
          icon="phone"
          label={t('action_call')}
          isDisabled={obstacle !== undefined || !isReady(state)}
        />
      </div>
      <div class="dial__will" id={`${id}-will`}>
        <Outlook state={state} line={line} obstacle={obstacle} onConfirm={dialler.confirm} />
      </div>
    </form>
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

function canCall(line: Line): boolean {
  return line.capabilities.includes('makeCall');
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

interface LineChoiceProps {
  lines: readonly Line[];
  line: Line | undefined;
  onChoose: (lineId: string) => void;
}

function LineChoice({ lines, line, onChoose }: LineChoiceProps) {
  const { t } = useWords();
  if (lines.length < 2) return null;
  return (
    <label class="dial__line small muted">
      {t('dial_line_label')}
      <select class="input dial__select" onChange={(event) => onChoose(event.currentTarget.value)}>
        {lines.map((one) => (
          <option key={one.lineId} value={one.lineId} selected={one.lineId === line?.lineId} disabled={!canCall(one)}>
            {`${t('line_named', { extension: one.extension })} · ${one.device ?? one.name}`}
          </option>
        ))}
      </select>
    </label>
  );
}

interface OutlookProps {
  state: DiallerState;
  line: Line | undefined;
  obstacle: string | undefined;
  onConfirm: () => void;
}

// What will happen on Enter, or why nothing will; before all else that a call may be under way already.
function Outlook({ state, line, obstacle, onConfirm }: OutlookProps) {
  const words = useWords();
  const { t } = words;
  const { phase, preview, result, confirm } = state;
  if (result?.type === 'unknown') return <Note kind="error" text={words.error('outcome-unknown')} />;
  if (obstacle !== undefined) return <Note kind="quiet" text={obstacle} />;
  if (phase === 'calling') return <Note kind="quiet" text={t('dial_calling')} />;
  if (confirm !== undefined) {
    return (
      <div class="dial__confirm">
        <Note kind="error" text={t('dial_confirm')} />
        <Button kind="plain" label={t('dial_confirm_action')} onClick={onConfirm} />
      </div>
    );
  }
  if (result?.type === 'failed') return <Note kind="error" text={words.error(result.code, result.params)} />;
  if (phase === 'checking') return <p class="note patient">{t('dial_checking')}</p>;
  if (phase === 'idle' || !preview) return <p class="note">{t('dial_hint')}</p>;
  const isRefused = preview.decision === 'refused' || preview.dialled === undefined;
  if (isRefused) return <Note kind="quiet" text={words.error(preview.code ?? 'number-invalid', preview.params)} />;
  return <WillDial digits={preview.dialled ?? ''} extension={line?.extension ?? ''} />;
}

function WillDial({ digits, extension }: { digits: string; extension: string }) {
  const { t } = useWords();
  const text = t('dial_preview', { digits, line: extension });
  const [before = '', ...after] = text.split(digits);
  return (
    <p class="note" role="status">
      <span>
        {before}
        <b class="dial__digits">{digits}</b>
        {after.join(digits)}
      </span>
    </p>
  );
}
