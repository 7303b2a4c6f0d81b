// The agent's own lines: which, in which state, with what is set on them, and the two things that one sets: do not disturb
// and forwarding, each only where the line can.
import type { CommandOrder, Line } from '@offhook/protocol';
import { useState } from 'preact/hooks';
import type { HeldLine } from '#lib/phone.ts';
import type { Words } from '#lib/words.ts';
import { Button } from './Button.tsx';
import { ForwardForm } from './ForwardForm.tsx';
import { OrderNote } from './OrderNote.tsx';
import { restrictionKey } from './restriction-text.ts';
import { type Age, LinePill } from './StatePill.tsx';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

export interface OwnLinesProps {
  lines: readonly HeldLine[];
  age: Age;
  orders: Orders;
  canOrder: boolean;
  /** `brief`: without what needs room to be set. */
  density: 'full' | 'brief';
  /** The phones that the agent chose, by line. */
  phones?: Readonly<Record<string, string>>;
  /** The agent chose a phone of the line; undefined: the usual one. */
  onPhone?: (lineId: string, deviceId: string | undefined) => void;
}

/** One row for each own line. */
export function OwnLines({ lines, ...row }: OwnLinesProps) {
  const { t } = useWords();
  return (
    <ul class="own-lines" aria-label={t('lines_own')}>
      {lines.map(({ line }) => (
        <OwnLine key={line.lineId} line={line} {...row} />
      ))}
    </ul>
  );
}

type OwnLineProps = Omit<OwnLinesProps, 'lines'> & { line: Line };

function OwnLine({ line, age, orders, canOrder, density, phones, onPhone }: OwnLineProps) {
  const words = useWords();
  const [isForwarding, setForwarding] = useState(false);
  const key = `own:${line.lineId}`;
  const order = orders.of(key);
  const isOff = !canOrder || order?.type === 'pending';
  const isDisturbed = line.dnd !== true;
  const set = settingsOf(line, age, words);
  const give = (one: CommandOrder) => orders.give({ key, lineId: line.lineId, order: one });
  return (
    <li class="own-line">
      <div class="own-line__main">
        <span class="own-line__name one-line" title={line.name}>
          <b>{words.t('line_named', { extension: line.extension })}</b>{' '}
          <span class="muted small">
            <bdi>{line.device ?? line.name}</bdi>
          </span>
        </span>
        <LinePill line={line} age={age} />
        {line.capabilities.includes('setDnd') && (
          <Button
            kind="ghost"
            shows="icon"
            icon="moon"
            label={words.t('line_dnd')}
            title={words.t(isDisturbed ? 'own_dnd_on' : 'own_dnd_off')}
            isPressed={!isDisturbed}
            isDisabled={isOff}
            onClick={() => give({ name: 'setDnd', args: { on: isDisturbed } })}
          />
        )}
        {density === 'full' && line.capabilities.includes('setForward') && (
          <Button
            kind="ghost"
            shows="icon"
            icon="forward"
            label={words.t('own_forward')}
            isExpanded={isForwarding}
            onClick={() => setForwarding(!isForwarding)}
          />
        )}
      </div>
      {set.length > 0 && (
        <p class="own-line__set small one-line" title={set.join(' · ')}>
          <bdi>{set.join(' · ')}</bdi>
        </p>
      )}
      {density === 'full' && <PhoneChoice line={line} chosen={phones?.[line.lineId]} onPhone={onPhone} />}
      {density === 'full' && <Limits line={line} />}
      {isForwarding && (
        <ForwardForm
          line={line}
          isDisabled={isOff}
          onSet={(args) => {
            give({ name: 'setForward', args });
            setForwarding(false);
          }}
          onClose={() => setForwarding(false)}
        />
      )}
      <OrderNote order={order} onDismiss={() => orders.dismiss(key)} />
    </li>
  );
}

interface PhoneChoiceProps {
  line: Line;
  chosen: string | undefined;
  onPhone: OwnLinesProps['onPhone'];
}

function PhoneChoice({ line: { lineId, devices = [] }, chosen, onPhone }: PhoneChoiceProps) {
  const { t } = useWords();
  if (devices.length < 2 || !onPhone) return null;
  const isThere = devices.some(({ deviceId }) => deviceId === chosen);
  return (
    <label class="own-line__phone small muted" title={t('own_phone_title')}>
      {t('own_phone')}{' '}
      <select
        class="input"
        value={isThere ? chosen : ''}
        onChange={({ currentTarget }) => onPhone(lineId, currentTarget.value || undefined)}
      >
        <option value="">{t('own_phone_usual')}</option>
        {devices.map(({ deviceId, name }) => (
          <option key={deviceId} value={deviceId}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

// Why a button is missing, or a call is not in the list: for who asks, not for who works.
function Limits({ line: { restrictions = [] } }: { line: Line }) {
  const { t } = useWords();
  if (restrictions.length === 0) return null;
  return (
    <details class="own-line__limits small muted">
      <summary>{t('own_limits')}</summary>
      <ul>
        {restrictions.map((restriction) => (
          <li key={restriction}>{t(restrictionKey(restriction))}</li>
        ))}
      </ul>
    </details>
  );
}

// What is set and the pill does not say: it says what the line does, and "do not disturb" only of a free one.
function settingsOf(line: Line, age: Age, words: Words): string[] {
  const isQuietlyOff = line.dnd === true && age.isFresh && line.state !== 'idle';
  const { forward, voicemail = 0 } = line;
  return [
    ...(voicemail > 0 ? [words.plural('own_voicemail', voicemail)] : []),
    ...(isQuietlyOff ? [words.t('line_dnd')] : []),
    ...(forward
      ? [words.t(`line_forward_${forward.when}`, { number: words.number(forward.to, { isKnown: false }) })]
      : []),
  ];
}
