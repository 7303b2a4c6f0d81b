// Where a call can go: to another running call of the same line, all together, or on to somebody else without asking.
// Each target is a button that says whom it is; nothing goes anywhere before it is pressed.
import type { Call, CommandOrder } from '@offhook/protocol';
import { Button } from './Button.tsx';
import type { CallTools } from './CallActions.tsx';
import { partyOf } from './party.ts';
import { RedirectField } from './RedirectField.tsx';
import { useRevealed } from './use-revealed.ts';
import { useWords } from './words.ts';

export interface TransferProps {
  call: Call;
  tools: CallTools;
  isDisabled: boolean;
  onOrder: (order: CommandOrder) => void;
  onClose: () => void;
}

/** The targets of one call. */
export function Transfer({ call, tools, isDisabled, onOrder, onClose }: TransferProps) {
  const words = useWords();
  const { t } = words;
  const revealed = useRevealed<HTMLElement>();
  const has = (name: Call['capabilities'][number]) => call.capabilities.includes(name);
  const others = call.state === 'offering' ? [] : tools.others;
  return (
    <section
      class="transfer"
      ref={revealed}
      aria-label={t('transfer_heading')}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      {others.map((other) => {
        const { title } = partyOf(other.remote, words);
        const args = { otherCallId: other.callId };
        return (
          <div class="transfer__other" key={other.callId}>
            {has('transfer') && (
              <Button
                icon="redirect"
                label={t('transfer_join', { name: title })}
                isDisabled={isDisabled}
                onClick={() => onOrder({ name: 'transfer', args })}
              />
            )}
            {has('conference') && (
              <Button
                icon="merge"
                label={t('transfer_conference', { name: title })}
                isDisabled={isDisabled}
                onClick={() => onOrder({ name: 'conference', args })}
              />
            )}
          </div>
        );
      })}
      {has('redirect') && (
        <RedirectField
          colleagues={tools.colleagues}
          isDisabled={isDisabled}
          onRedirect={(to) => onOrder({ name: 'redirect', args: { to } })}
        />
      )}
    </section>
  );
}
