// What can be done about a call now: of what makes sense in its state the call's own capabilities are offered, and where
// the usual is missing it is said why. What needs more than one click opens below the card's buttons.
import type { Call, CommandName, CommandOrder, Line } from '@offhook/protocol';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PlainKey } from '#lib/i18n.ts';
import type { Send } from '#lib/messages.ts';
import type { HeldLine } from '#lib/phone.ts';
import { Button } from './Button.tsx';
import { Keypad } from './Keypad.tsx';
import { isDiallable } from './party.ts';
import { Transfer } from './Transfer.tsx';
import type { Orders } from './use-orders.ts';
import { useWords } from './words.ts';

/** What transfer and keypad need to know; without it a card has neither. */
export interface CallTools {
  send: Send;
  /** The other running calls of the same line. */
  others: readonly Call[];
  colleagues: readonly HeldLine[];
}

export interface CallActionsProps {
  line: Line;
  call: Call;
  orders: Orders;
  /** Whether the view was opened while this call rang: then Answer has the focus. */
  isFocused: boolean;
  /** Whether orders can be given now; the link is up, or about to be. */
  canOrder: boolean;
  /** Undefined where the button for it has its place somewhere else. */
  onOpenContact?: ((callId: string) => void) | undefined;
  /** Dials the number of a call that is over; undefined where the line cannot. */
  onCallAgain: ((call: Call) => void) | undefined;
  tools?: CallTools | undefined;
  /** What else can be done about a call that is over. */
  afterwards?: ComponentChildren;
}

type CallAction = Extract<CommandName, 'answer' | 'hold' | 'retrieve' | 'drop'>;

// What makes sense in a state, in the order shown; of these the call's own capabilities are offered.
const SENSIBLE: Record<Call['state'], readonly CallAction[]> = {
  initiated: ['drop'],
  prompting: ['drop'],
  dialing: ['drop'],
  ringback: ['drop'],
  queued: ['drop'],
  offering: ['answer', 'drop'],
  connected: ['hold', 'drop'],
  held: ['retrieve', 'drop'],
  failed: ['drop'],
  ended: [],
  unknown: ['answer', 'hold', 'retrieve', 'drop'],
};
const HINT_ORDER: readonly CallAction[] = ['answer', 'drop', 'retrieve', 'hold'];
// States that are over before one could miss a button.
const FLEETING: readonly Call['state'][] = ['initiated', 'failed', 'unknown'];

/** The buttons of a card, and what they open. */
export function CallActions(props: CallActionsProps) {
  const { call, orders, isFocused, canOrder, onCallAgain, tools } = props;
  const { t } = useWords();
  const answer = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState<Tool>();
  const isPending = orders.of(call.callId)?.type === 'pending';
  useEffect(() => {
    if (isFocused) answer.current?.focus();
  }, [isFocused]);
  const sensible = SENSIBLE[call.state];
  const offered = sensible.filter((name) => call.capabilities.includes(name));
  const missing = FLEETING.includes(call.state) ? [] : sensible.filter((name) => !offered.includes(name));
  const open = opened !== undefined && tools && toolsOf(call, tools).includes(opened) ? opened : undefined;
  const order = (name: CallAction) => (
    <Button
      key={name}
      {...lookOf(name, call.state)}
      canShrink={name === 'hold' && tools !== undefined}
      label={t(labelOf(name, call.state))}
      isDisabled={isPending || !canOrder}
      buttonRef={name === 'answer' ? answer : null}
      onClick={() => give(props, orderOf(name, props))}
    />
  );
  return (
    <>
      <div class="card__actions">
        {offered.filter((name) => name !== 'drop').map(order)}
        <MissingHint missing={missing} state={call.state} />
        {tools && (
          <ToolButtons
            {...{ call, tools, open, canOrder }}
            onToggle={(tool) => setOpened(open === tool ? undefined : tool)}
          />
        )}
        <OpenContact {...props} />
        {call.state === 'ended' && props.afterwards}
        <span class="card__gap" />
        {offered.filter((name) => name === 'drop').map(order)}
        {call.state === 'ended' && onCallAgain && isDiallable(call) && (
          <Button
            icon="phone"
            label={t('action_call_again')}
            isDisabled={!canOrder}
            onClick={() => onCallAgain(call)}
          />
        )}
      </div>
      {tools && open === 'transfer' && (
        <Transfer
          {...{ call, tools }}
          isDisabled={isPending || !canOrder}
          onOrder={(one) => give(props, one)}
          onClose={() => setOpened(undefined)}
        />
      )}
      {tools && open === 'keypad' && (
        <Keypad lineId={props.line.lineId} callId={call.callId} send={tools.send} isDisabled={!canOrder} />
      )}
    </>
  );
}

/** Opens the contact's page, where there is one. */
export function OpenContact({ call, onOpenContact }: Pick<CallActionsProps, 'call' | 'onOpenContact'>) {
  const { t } = useWords();
  if (!onOpenContact || call.remote.contact?.url === undefined) return null;
  return (
    <Button
      kind="ghost"
      shows="icon"
      icon="open"
      label={t('action_open_contact')}
      onClick={() => onOpenContact(call.callId)}
    />
  );
}

function give({ line, call, orders }: CallActionsProps, order: CommandOrder): void {
  orders.give({ key: call.callId, lineId: line.lineId, callId: call.callId, order });
}

/**
 * Takes a held call back: where another one is running on the line and the phone system can, that one is held in the same
 * order, so that nobody is ever heard twice.
 */
export function retrieveOrder(call: Call, others: readonly Call[]): CommandOrder {
  const running = others.find(({ state }) => state === 'connected');
  return running && call.capabilities.includes('toggle')
    ? { name: 'toggle', args: { otherCallId: running.callId } }
    : { name: 'retrieve', args: {} };
}

function orderOf(name: CallAction, { call, tools }: CallActionsProps): CommandOrder {
  return name === 'retrieve' ? retrieveOrder(call, tools?.others ?? []) : { name, args: {} };
}

type Tool = 'transfer' | 'keypad';

function toolsOf({ state, capabilities }: Call, { others }: CallTools): Tool[] {
  const isTalking = state === 'connected' || state === 'held';
  const joins =
    isTalking && others.length > 0 && (capabilities.includes('transfer') || capabilities.includes('conference'));
  const sendsOn = (isTalking || state === 'offering') && capabilities.includes('redirect');
  const hasKeypad = state === 'connected' && capabilities.includes('sendDtmf');
  return [...(joins || sendsOn ? (['transfer'] as const) : []), ...(hasKeypad ? (['keypad'] as const) : [])];
}

interface ToolButtonsProps {
  call: Call;
  tools: CallTools;
  open: Tool | undefined;
  canOrder: boolean;
  onToggle: (tool: Tool) => void;
}

function ToolButtons({ call, tools, open, canOrder, onToggle }: ToolButtonsProps) {
  const { t } = useWords();
  const isOffered = call.state === 'offering';
  return toolsOf(call, tools).map((tool) => (
    <Button
      key={tool}
      kind={tool === 'keypad' || isOffered ? 'ghost' : 'plain'}
      shows={tool === 'keypad' || isOffered ? 'icon' : 'label'}
      icon={tool === 'transfer' ? 'redirect' : 'keypad'}
      label={t(tool === 'transfer' && isOffered ? 'action_redirect' : `action_${tool}`)}
      canShrink={tool === 'transfer' && !isOffered}
      isExpanded={open === tool}
      isDisabled={!canOrder}
      onClick={() => onToggle(tool)}
    />
  ));
}

function MissingHint({ missing, state }: { missing: readonly CallAction[]; state: Call['state'] }) {
  const { t } = useWords();
  // The one that is missed most is said aloud, the others are in the tooltip.
  const first = HINT_ORDER.find((name) => missing.includes(name));
  if (first === undefined) return null;
  const why = missing.map((name) => t(missingKey(name, state))).join(' ');
  return (
    <span class="card__missing one-line small muted" title={why}>
      {t(`missing_${first}`)}
    </span>
  );
}

function missingKey(name: CallAction, state: Call['state']): PlainKey {
  return name === 'drop' && state === 'offering' ? 'missing_decline_why' : `missing_${name}_why`;
}

function labelOf(name: CallAction, state: Call['state']): PlainKey {
  if (name === 'drop') return state === 'offering' ? 'action_decline' : 'action_hang_up';
  return `action_${name}`;
}

function lookOf(name: CallAction, state: Call['state']) {
  if (name === 'answer') return { kind: 'primary', icon: 'phone' } as const;
  if (name === 'hold') return { kind: 'plain', icon: 'pause' } as const;
  if (name === 'retrieve') return { kind: state === 'held' ? 'primary' : 'plain', icon: 'play' } as const;
  return { kind: state === 'connected' ? 'danger' : 'quiet-danger', icon: 'hangUp' } as const;
}
