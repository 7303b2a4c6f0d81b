// Finds the contact to whom a number is to be given. It asks while one types, with a pause, and chooses only by a click.
import type { Contact } from '@offhook/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';
import { useWords } from './words.ts';

const TYPING_PAUSE_MS = 250;
const MOST_SHOWN = 5;

export interface AssignFieldProps {
  send: Send;
  onChoose: (contact: Contact) => void;
}

/** A search with its results as buttons. */
export function AssignField({ send, onChoose }: AssignFieldProps) {
  const { t } = useWords();
  const [text, setText] = useState('');
  const found = useFound(send, text.trim());
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <div class="assign-field">
      <input
        class="input"
        type="search"
        ref={field}
        autocomplete="off"
        spellcheck={false}
        maxLength={128}
        placeholder={t('contact_assign_search')}
        aria-label={t('contact_assign_search')}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="assign-field__found" role="status">
        {found?.length === 0 && <p class="muted">{t('contact_assign_none')}</p>}
        {found?.slice(0, MOST_SHOWN).map((contact) => (
          <button
            type="button"
            class="assign-field__one"
            key={contact.contactId}
            aria-label={t('contact_choose', { name: contact.name })}
            onClick={() => onChoose(contact)}
          >
            <span class="one-line">
              <bdi>{contact.name}</bdi>
            </span>
            {contact.company !== undefined && (
              <span class="one-line muted">
                <bdi>{contact.company}</bdi>
              </span>
            )}
          </button>
        ))}
      </div>
    </div>
  );
}

function useFound(send: Send, text: string): readonly Contact[] | undefined {
  const [found, setFound] = useState<{ text: string; contacts: readonly Contact[] }>();
  const latest = useRef(send);
  latest.current = send;
  useEffect(() => {
    if (text === '') return;
    let isOver = false;
    const timer = setTimeout(async () => {
      const answer = await latest.current('search', { text }).catch(() => undefined);
      if (isOver || answer?.type !== 'found') return;
      setFound({ text, contacts: answer.matches.map(({ contact }) => contact) });
    }, TYPING_PAUSE_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [text]);
  return found?.text === text ? found.contacts : undefined;
}
