// The card beside a number on a page: how it was read and why, whom it belongs to, what a call would be, and what can be
// decided about it here. Drawn inside a closed shadow root. What only we know (names, calls, what is dialled) is drawn by
// the style sheet: a page that searches itself finds nothing of it. It never dials: the page's gesture watch does.

import type { CardNote, CardView } from '#lib/page/card.ts';
import type { DecisionView } from '#lib/page/chip-decisions.ts';
import type { PressedButton } from '#lib/page/pressed-button.ts';
import type { NumberFacts } from '#lib/page-facts.ts';
import type { Words } from '#lib/words.ts';
import { Icon, type IconName } from './icons.tsx';
import { numberTypeText } from './number-type-text.ts';

/** The words that a card needs. */
export type CardWords = Pick<Words, 't' | 'plural' | 'error' | 'number' | 'country' | 'moment' | 'rule'>;

interface Part {
  view: CardView;
  words: CardWords;
}

/** The card of one number. */
export function NumberCard({ view, words }: Part) {
  const { t } = words;
  return (
    <div class="card" role="dialog" aria-label={t('card_label', { number: displayOf(view, words) })}>
      <Head view={view} words={words} />
      <Person facts={view.facts} words={words} />
      {view.outlook?.inCall ? <DuringCall view={view} words={words} /> : <Actions view={view} words={words} />}
      <Choices view={view} words={words} />
      {view.note && <Note note={view.note} view={view} words={words} />}
    </div>
  );
}

/** The number as it is shown, with its country code. */
export function displayOf(
  { number, outlook }: Pick<CardView, 'number' | 'outlook'>,
  words: Pick<Words, 'number'>,
): string {
  return outlook?.display ?? words.number(number, { isKnown: true });
}

function Head({ view, words }: Part) {
  const { t } = words;
  const { country } = view.reading;
  const kind = numberTypeText(view.outlook?.numberType, t);
  return (
    <div class="card__head">
      <p class="card__number">
        <bdi>{displayOf(view, words)}</bdi>
        {kind !== undefined && <span class="card__kind">{kind}</span>}
      </p>
      {country && (
        <p class="card__read">
          <Country view={view} words={words} />
          <span class="card__quiet">{t(`card_country_${country.source}`)}</span>
        </p>
      )}
    </div>
  );
}

// Another country is chosen where it would read the digits otherwise.
function Country({ view: { reading }, words }: Part) {
  const { country, choices } = reading;
  const code = country?.code ?? '';
  const name = code === '' ? `+${country?.callingCode ?? ''}` : words.country(code);
  if (choices.countries.length === 0 || choices.isLocked) return <span>{name}</span>;
  const named = choices.countries
    .map((one) => ({ code: one, name: words.country(one) }))
    .sort((a, b) => a.name.localeCompare(b.name));
  return (
    <span class="card__choice">
      <select class="card__select" tabIndex={-1} aria-label={words.t('card_country')} value={code}>
        {named.map((one) => (
          <option key={one.code} value={one.code} selected={one.code === code}>
            {one.name}
          </option>
        ))}
      </select>
      <Icon name="chevron" />
    </span>
  );
}

// Two lines from the start: nothing moves when the answer comes.
function Person({ facts, words }: { facts: NumberFacts | undefined; words: CardWords }) {
  const [name, company] = personText(facts, words);
  return (
    <div class={`card__person${facts?.person.type === 'known' ? '' : ' card__person--none'}`}>
      <Icon name="person" />
      <div class="card__lines">
        <p class="card__line">
          <Said text={name} isStrong={facts?.person.type === 'known'} />
          {company !== undefined && <Said text={company} />}
        </p>
        <p class="card__line card__quiet">
          <Said text={lastCallText(facts, words)} />
        </p>
      </div>
    </div>
  );
}

function personText(facts: NumberFacts | undefined, { t, plural }: CardWords): [name: string, more?: string] {
  if (!facts) return [t('card_asking')];
  const { person } = facts;
  switch (person.type) {
    case 'known': {
      const name = person.isCertain ? person.name : t('caller_perhaps', { name: person.name });
      const others = person.others > 0 ? plural('card_others', person.others) : '';
      const more = [person.company ?? '', others].filter((text) => text !== '').join(' · ');
      return more === '' ? [name] : [name, more];
    }
    case 'unknown':
      return [t('card_unknown')];
    case 'unasked':
      return [t('card_unasked')];
    default:
      return person satisfies never;
  }
}

function lastCallText(facts: NumberFacts | undefined, { t, moment }: CardWords): string {
  if (!facts) return ' ';
  const { lastCall } = facts;
  if (!lastCall) return t('card_no_last_call');
  const when = { moment: moment(lastCall.startedAt, Date.now()) };
  if (lastCall.outcome === 'missed') return t('card_missed', when);
  if (lastCall.by !== undefined) return t('card_colleague_spoke', { ...when, name: lastCall.by });
  const isReached = lastCall.outcome === 'answered' || lastCall.outcome === 'answeredElsewhere';
  if (lastCall.direction === 'inbound') return t('card_called_you', when);
  return t(isReached ? 'card_you_called' : 'card_not_reached', when);
}

/** Words of ours that a search in the page must not find: the style sheet draws them, for eyes and ears alike. */
function Said({ text, isStrong = false }: { text: string; isStrong?: boolean | undefined }) {
  return <span class={`said${isStrong ? ' said--strong' : ''}`} data-text={text} />;
}

function Actions({ view, words }: Part) {
  const { t } = words;
  const isRefused = view.outlook?.decision === 'refused';
  return (
    <div class="card__part">
      <div class="card__actions">
        <Act act="call" icon="phone" kind={isRefused ? 'plain' : 'primary'} label={t('chip_call')} />
        <Act act="copy" icon="copy" kind="plain" label={t('card_copy')} />
      </div>
      <p class={`card__line card__small${isRefused ? ' card__bad' : ''}`}>
        <Said text={dialsText(view, words)} />
      </p>
    </div>
  );
}

function dialsText({ outlook }: CardView, { t, error }: CardWords): string {
  if (!outlook) return ' ';
  const { decision, code, params, dialled, line } = outlook;
  if (decision === 'refused') return error(code ?? 'number-invalid', params);
  if (!line) return t('card_no_line');
  return dialled === undefined
    ? t('card_calls_on', { line: line.extension })
    : t('card_dials', { digits: dialled, line: line.extension });
}

// Nothing is dialled by the way while somebody is spoken with: each button says what happens to that call.
function DuringCall({ view, words }: Part) {
  const { t } = words;
  const { inCall } = view.outlook ?? {};
  if (!inCall) return null;
  const { canConsult, canTransfer } = inCall;
  const name = view.facts?.talksWith;
  return (
    <div class="card__part">
      <p class="card__line card__small">
        <Said text={name === undefined ? t('chip_in_call') : t('card_in_call', { name })} isStrong />
      </p>
      <div class="card__actions card__actions--stacked">
        {canConsult && <Act act="consult" icon="pause" kind="primary" label={t('card_consult')} />}
        {canTransfer && <Act act="transfer" icon="redirect" kind="plain" label={t('card_transfer')} />}
      </div>
      {!canConsult && !canTransfer && <p class="card__small">{t('card_cannot_transfer')}</p>}
      <div class="card__actions">
        <Act act="call-beside" icon="phone" kind="quiet" label={t('card_call_beside')} />
        <Act act="copy" icon="copy" kind="quiet" label={t('card_copy')} />
      </div>
      <p class="card__line card__small">
        <Said text={dialsText(view, words)} />
      </p>
    </div>
  );
}

function Choices({ view, words }: Part) {
  const { t } = words;
  const { because, choices } = view.reading;
  const { canExclude, column, isLocked, site } = choices;
  const hasChoice = canExclude || column !== undefined;
  if (!because && !hasChoice) return null;
  return (
    <div class="card__part card__part--quiet">
      {because && <p class="card__small">{t('card_why', { why: words.rule(because) })}</p>}
      {hasChoice && isLocked && site !== '' && <p class="card__small">{t('card_locked', { site })}</p>}
      {hasChoice && !isLocked && (
        <div class="card__choices">
          {canExclude && <Act act="not-number" icon="cross" kind="small" label={t('card_not_number')} />}
          {column !== undefined && (
            <Act act="always-column" icon="check" kind="small" label={t('card_always_column', { title: column })} />
          )}
        </div>
      )}
    </div>
  );
}

function Note({ note, view, words }: Part & { note: CardNote }) {
  const isUndoable = note.type === 'country';
  const isBad = note.type === 'not-copied' || note.type === 'not-done';
  return (
    <div class={`card__note${isBad ? ' card__bad' : ''}`} role="status">
      <Icon name={isBad ? 'warning' : 'check'} />
      <span class="card__said">{noteText(note, view, words)}</span>
      {isUndoable && <Act act="undo" kind="small" label={words.t('card_undo')} />}
    </div>
  );
}

function noteText(note: CardNote, view: CardView, words: CardWords): string {
  const { t } = words;
  switch (note.type) {
    case 'copied': {
      const { number } = view;
      return t('card_copied', { number: 'number' in number ? number.number : displayOf(view, words) });
    }
    case 'not-copied':
      return t('card_not_copied');
    case 'country':
      return t('card_done_country', { site: note.site, country: words.country(note.country) });
    case 'not-done':
      return t(
        `card_not_done_${note.why === 'not-allowed' ? 'not_allowed' : note.why === 'browser-failed' ? 'browser_failed' : note.why}`,
      );
    default:
      return note satisfies never;
  }
}

/** What was decided, where no number stands any more, with the way back. */
export function Decided({ view, words }: { view: DecisionView; words: Pick<CardWords, 't' | 'country'> }) {
  return (
    <div class="chip chip--calm chip--decided" role="status">
      <Icon name="check" />
      <span>{decidedText(view, words)}</span>
      <Act act="undo" kind="small" label={words.t('card_undo')} />
    </div>
  );
}

/** The same in words. */
export function decidedText(
  { wish, site, isNone }: DecisionView,
  { t, country }: Pick<CardWords, 't' | 'country'>,
): string {
  switch (wish.name) {
    case 'not-number':
      return t('card_done_not_number', { site });
    case 'always-column':
      return t('card_done_always_column', { site, title: wish.title });
    case 'country': {
      const name = country(wish.country ?? '');
      return isNone ? t('card_none_in_country', { country: name }) : t('card_done_country', { site, country: name });
    }
    default:
      return wish satisfies never;
  }
}

interface ActProps {
  act: PressedButton;
  icon?: IconName;
  kind: 'primary' | 'plain' | 'quiet' | 'small';
  label: string;
}

// Not in the tab order: a key press on it could come from a page that moved the focus here.
function Act({ act, icon, kind, label }: ActProps) {
  return (
    <button type="button" class={`act act--${kind}`} tabIndex={-1} data-act={act}>
      {icon && <Icon name={icon} />}
      <span class="act__label">{label}</span>
    </button>
  );
}
