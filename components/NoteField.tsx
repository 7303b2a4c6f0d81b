// What the agent writes about a call, from its first ring until long after it: a text that grows, and what came of it in
// one click. The worker keeps every keystroke. What comes back from it never replaces what is being typed here: the field
// shows another text only when it is left alone and the worker has shown that it has ours.
import type { Disposition } from '@offhook/protocol';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { NoteDraft } from '#lib/journal.ts';
import type { Send } from '#lib/messages.ts';
import type { Words } from '#lib/words.ts';
import { Icon } from './icons.tsx';
import { Note } from './Note.tsx';
import { useWords } from './words.ts';

export interface NoteFieldProps {
  /** The journal entry's id: a running call's `conversationId`. */
  entryId: string;
  note?: string | undefined;
  disposition?: Disposition | 'unknown' | undefined;
  /** What the worker has kept and the relay not yet; shown in place of the two above. */
  draft?: NoteDraft | undefined;
  /** What makes it the same field where the entry's id may change under it: a running call's `callId`. */
  fieldKey?: string | undefined;
  /** All drafts, where the entry's id may change: what was begun under the former one is seen through to its end. */
  drafts?: Readonly<Record<string, NoteDraft>> | undefined;
  send: Send;
  /** What the field is called where several stand side by side, `'Note about Anna Krüger'`. */
  label?: string | undefined;
}

const DISPOSITIONS: readonly Disposition[] = ['resolved', 'callBack', 'leftMessage', 'wrongNumber'];
const MAX_BYTES = 8192;
const RETRY_MS = 1000;

/** The note and the outcome of one call. */
export function NoteField(props: NoteFieldProps) {
  // Another call is another field: nothing typed about one is ever shown at the next.
  return <Fields key={props.fieldKey ?? props.entryId} {...props} />;
}

function Fields({ note = '', disposition, send, label, ...props }: NoteFieldProps) {
  const words = useWords();
  const { t } = words;
  const id = useId();
  const [isHeld, setHeld] = useState(false);
  const { entryId, draft } = useEntry(props, isHeld);
  const keep = useKeeping(entryId, send);
  const text = useOwn(draft?.text ?? note, { entryId, isHeld });
  const theirs = draft?.disposition === undefined ? disposition : (draft.disposition ?? undefined);
  const chosen = useOwn(theirs, { entryId, isHeld: false });
  const state = keepingState(draft, text.isOurs || chosen.isOurs, words);
  return (
    <div class="note-field">
      <label class="unseen" for={id}>
        {label ?? t('note_label')}
      </label>
      {/* The copy behind the text gives the field its height, with room for the word at its end. */}
      <div class="note-field__grow" data-text={`${text.shown}\u2003${state.word}\u00a0`}>
        <textarea
          id={id}
          class="note-field__text"
          rows={1}
          dir="auto"
          placeholder={t('note_placeholder')}
          value={text.shown}
          onFocus={() => {
            setHeld(true);
            text.hold();
          }}
          onBlur={() => {
            setHeld(false);
            text.release();
          }}
          onInput={(event) => {
            const typed = fitting(event.currentTarget.value);
            if (typed !== event.currentTarget.value) event.currentTarget.value = typed;
            keep({ text: typed, base: text.begin() });
            text.write(typed);
          }}
        />
        <span class="note-field__state muted" title={state.why} aria-hidden="true">
          {state.word}
        </span>
      </div>
      <span class="unseen" role="status">
        {state.why}
      </span>
      {state.fault !== undefined && <Note kind="error" text={state.fault} />}
      <fieldset class="note-field__chips">
        <legend class="unseen">{t('disposition_label')}</legend>
        {DISPOSITIONS.map((name) => (
          <button
            key={name}
            type="button"
            class="note-chip"
            aria-pressed={chosen.shown === name}
            onClick={() => {
              const next = chosen.shown === name ? undefined : name;
              chosen.write(next);
              keep({ disposition: next ?? null });
            }}
          >
            {t(`disposition_${name}`)}
            {chosen.shown === name && (
              <span class="note-chip__tick">
                <Icon name="check" />
              </span>
            )}
          </button>
        ))}
      </fieldset>
    </div>
  );
}

interface KeepingState {
  /** In the field's corner. */
  word: string;
  /** What the word does not say; told to those who do not see it. */
  why?: string;
  fault?: string;
}

// That it was kept is said of what was written here, and not of every old note.
function keepingState(draft: NoteDraft | undefined, isOurs: boolean, { t, error }: Words): KeepingState {
  if (draft === undefined) return { word: isOurs ? t('note_kept') : '' };
  if (draft.state === 'waiting') return { word: t('note_waiting'), why: t('note_waiting_why') };
  if (draft.state === 'saving') return { word: t('note_saving') };
  const { code } = draft.state;
  return { word: '', fault: code === 'store-unavailable' ? t('note_store_unavailable') : error(code) };
}

type Change = { text: string; base: string } | { disposition: Disposition | null };

// Every change goes to the worker at once. One that could not reach it (it was just being restarted) goes again until it
// does; a newer one of its kind takes its place.
function useKeeping(entryId: string, send: Send): (change: Change) => void {
  const latest = useRef({ send, unsent: {} as Partial<Record<'text' | 'disposition', Change>>, isGone: false });
  latest.current.send = send;
  useEffect(
    () => () => {
      latest.current.isGone = true;
    },
    [],
  );
  return async function keep(change: Change): Promise<void> {
    const kind = 'text' in change ? 'text' : 'disposition';
    const now = latest.current;
    now.unsent[kind] = change;
    for (;;) {
      try {
        await now.send('note', { entryId, ...change });
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        if (now.unsent[kind] !== change || now.isGone) return;
      }
    }
  };
}

// What the note belongs to. Calls that are put together become one entry, under the older one's id: who is writing goes
// on under the id that he began with, until the field is left and the relay has all that was written there.
function useEntry(
  { entryId, draft, drafts = {} }: Pick<NoteFieldProps, 'entryId' | 'draft' | 'drafts'>,
  isHeld: boolean,
): Pick<NoteFieldProps, 'entryId' | 'draft'> {
  const began = useRef(entryId);
  if (!isHeld && !Object.hasOwn(drafts, began.current)) began.current = entryId;
  if (began.current === entryId) return { entryId, draft };
  const own = Object.hasOwn(drafts, began.current) ? drafts[began.current] : undefined;
  return { entryId: began.current, draft: own };
}

interface Own<Value> {
  shown: Value;
  /** Whether it was written here. */
  isOurs: boolean;
  write(value: Value): void;
  /** What was shown when the writing began. */
  begin(): Value;
  hold(): void;
  release(): void;
}

interface Holding {
  /** What was written about one entry is not shown with the next. */
  entryId: string;
  isHeld: boolean;
}

// A value that is written here and comes back from the worker: ours is shown until theirs has become the same, and what
// is shown stands still while the field has the focus.
function useOwn<Value>(theirs: Value, { entryId, isHeld }: Holding): Own<Value> {
  const [written, setOurs] = useState<{ entryId: string; value: Value; isConfirmed: boolean; isTyped: boolean }>();
  const ours = written?.entryId === entryId ? written : undefined;
  const began = useRef<{ value: Value } | undefined>(undefined);
  useEffect(() => {
    // An effect comes a moment after its render: what was typed since then must not be overwritten by what it saw.
    setOurs((now) => (now && !now.isConfirmed && now.value === theirs ? { ...now, isConfirmed: true } : now));
  }, [ours, theirs]);
  const isShown = ours !== undefined && (!ours.isConfirmed || isHeld);
  const shown = isShown ? ours.value : theirs;
  return {
    shown,
    isOurs: ours?.isTyped === true && (isShown || ours.value === theirs),
    write: (value) => setOurs({ entryId, value, isConfirmed: false, isTyped: true }),
    begin() {
      began.current ??= { value: shown };
      return began.current.value;
    },
    hold() {
      began.current = { value: shown };
      setOurs((now) => {
        const before = now?.entryId === entryId ? now : undefined;
        if (before && !before.isConfirmed) return before;
        return { entryId, value: theirs, isConfirmed: true, isTyped: before?.isTyped === true };
      });
    },
    release() {
      began.current = undefined;
    },
  };
}

// The relay takes 8 KiB; what is beyond is refused while it is typed, not after.
function fitting(text: string): string {
  const encoder = new TextEncoder();
  if (encoder.encode(text).length <= MAX_BYTES) return text;
  const { read } = encoder.encodeInto(text, new Uint8Array(MAX_BYTES));
  return text.slice(0, read);
}
