// Whose number it is where that is not sure: who else it may be, with the choice that holds for all colleagues; or nobody, with
// the ways to create a contact or to give the number to one. What was chosen can be taken back at once.
import type { Call, Contact } from '@offhook/protocol';
import { useState } from 'preact/hooks';
import type { Desk, Requests, Send } from '#lib/messages.ts';
import { AssignField } from './AssignField.tsx';
import { Button } from './Button.tsx';
import { EntryFormButtons } from './EntryFormButtons.tsx';
import { Note } from './Note.tsx';
import { canBeNoted } from './own-calls.ts';
import { useLookup } from './use-lookup.ts';
import { useWords } from './words.ts';

const MOST_SHOWN = 4;

export interface ContactMatchesProps {
  call: Call;
  desk: Desk;
  send: Send;
}

/** Below a call; nothing while it is not known, or where all is clear. */
export function ContactMatches(props: ContactMatchesProps) {
  const { call, send } = props;
  const { error } = useWords();
  const lookup = useLookup(send, call.remote.number);
  const { chosen, failure, choose, undo } = useChoice(call, send);
  return (
    <>
      {chosen && <Chosen name={chosen.name} onUndo={undo} />}
      {!chosen && lookup && <Found {...props} found={lookup.map(({ contact }) => contact)} choose={choose} />}
      {failure && <Note kind="error" text={error(failure)} />}
    </>
  );
}

interface FoundProps extends ContactMatchesProps {
  found: readonly Contact[];
  choose: Choice['choose'];
}

function Found({ call, desk, send, found, choose }: FoundProps) {
  const { contact, verified, number } = call.remote;
  const onChoose = number.kind === 'e164' && canBeNoted(call) ? choose : undefined;
  const others = found.filter(({ contactId, match }) => contactId !== contact?.contactId || match === 'probable');
  if (others.length > 0) return <Others {...{ others, send, onChoose }} isKnown={contact !== undefined} />;
  return contact || verified ? null : <Nobody {...{ call, desk, send, onChoose }} />;
}

type FailureCode = Extract<Requests['assign-contact']['answer'], { type: 'failed' }>['code'];

interface Choice {
  chosen: Pick<Contact, 'contactId' | 'name'> | undefined;
  /** Why the last choice, or the last undo, does not hold. */
  failure: FailureCode | undefined;
  choose: (contact: Pick<Contact, 'contactId' | 'name'>) => void;
  undo: () => void;
}

function useChoice({ remote: { number } }: Call, send: Send): Choice {
  const [chosen, setChosen] = useState<Choice['chosen']>();
  const [failure, setFailure] = useState<FailureCode>();

  async function change(contact: NonNullable<Choice['chosen']>, undo: boolean): Promise<void> {
    setFailure(undefined);
    const { contactId } = contact;
    // Without an answer of the worker there is none of the relay's.
    const lost = { type: 'failed', code: 'relay-unreachable' } as const;
    const answer = await send('assign-contact', { number, contactId, undo }).catch(() => lost);
    if (answer.type === 'failed') setFailure(answer.code);
    else setChosen(undo ? undefined : contact);
  }

  return {
    chosen,
    failure,
    choose: (contact) => void change(contact, false),
    undo: () => void (chosen && change(chosen, true)),
  };
}

function Chosen({ name, onUndo }: { name: string; onUndo: () => void }) {
  const { t } = useWords();
  return (
    <div class="contact-matches small" role="status">
      <span class="contact-matches__said">{t('contact_chosen', { name })}</span>
      <Button kind="ghost" label={t('card_undo')} onClick={onUndo} />
    </div>
  );
}

interface OthersProps {
  others: readonly Contact[];
  isKnown: boolean;
  send: Send;
  onChoose: Choice['choose'] | undefined;
}

function Others({ others, isKnown, send, onChoose }: OthersProps) {
  const { t, plural } = useWords();
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? others : others.slice(0, MOST_SHOWN);
  const left = others.length - shown.length;
  return (
    <div class="contact-matches small">
      <span class="muted">{isKnown ? t('caller_also') : t('caller_may_be')}</span>
      <ul class="contact-matches__list">
        {shown.map((contact) => (
          <li class="contact-matches__one" key={contact.contactId}>
            <ContactName contact={contact} send={send} />
            {onChoose && (
              <Button
                kind="ghost"
                shows="icon"
                icon="check"
                label={t('contact_choose', { name: contact.name })}
                onClick={() => onChoose(contact)}
              />
            )}
          </li>
        ))}
        {left > 0 && (
          <li class="contact-matches__one">
            <Button kind="ghost" label={plural('card_others', left)} onClick={() => setShowsAll(true)} />
          </li>
        )}
      </ul>
    </div>
  );
}

function ContactName({ contact, send }: { contact: Contact; send: Send }) {
  const { t } = useWords();
  const names = (
    <>
      <bdi>{contact.name}</bdi>
      {contact.company !== undefined && (
        <>
          {', '}
          <bdi>{contact.company}</bdi>
        </>
      )}
    </>
  );
  if (contact.url === undefined) return <span class="contact-matches__name one-line">{names}</span>;
  return (
    <button
      type="button"
      class="contact-matches__name contact-matches__name--link one-line"
      title={t('journal_open_contact', { name: contact.name })}
      onClick={() => void send('open-contact', { contactId: contact.contactId })}
    >
      {names}
    </button>
  );
}

interface NobodyProps extends ContactMatchesProps {
  onChoose: Choice['choose'] | undefined;
}

function Nobody({ call, desk, send, onChoose }: NobodyProps) {
  const { t } = useWords();
  const [isSearching, setSearching] = useState(false);
  return (
    <div class="contact-matches contact-matches--nobody small">
      <p class="muted">{t('caller_unknown')}</p>
      {onChoose && (
        <div class="contact-matches__ways">
          <EntryFormButtons {...{ desk, send }} entryId={call.conversationId} shows="label" only="contact" />
          <Button
            icon="person"
            label={t('contact_assign')}
            isExpanded={isSearching}
            onClick={() => setSearching(!isSearching)}
          />
        </div>
      )}
      {onChoose && isSearching && <AssignField send={send} onChoose={onChoose} />}
    </div>
  );
}
