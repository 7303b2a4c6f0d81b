// Every line with its calls, and what a person at that phone, or the party outside, could do now.
import { useState } from 'react';
import type { DeskLeg, DeskState } from '../desk-actions.ts';
import type { Act } from './desk-link.ts';
import { Target } from './target.tsx';

interface TableProps {
  state: DeskState;
  act: Act;
}

/** The table of all lines. */
export function LineTable({ state, act }: TableProps) {
  return (
    <section className="lines">
      <h2>Lines</h2>
      <ul className="plain">
        {state.lines.map((line) => (
          <LineItem
            key={line.lineKey}
            line={line}
            legs={state.legs.filter(({ lineKey }) => lineKey === line.lineKey)}
            state={state}
            act={act}
          />
        ))}
      </ul>
    </section>
  );
}

interface LineProps extends TableProps {
  line: DeskState['lines'][number];
  legs: readonly DeskLeg[];
}

function LineItem({ line: { lineKey, name, isRegistered, dnd }, legs, state, act }: LineProps) {
  const isOut = isRegistered === false;
  return (
    <li data-line={lineKey} className={legs.length > 0 ? 'in-call' : ''}>
      <div className="line">
        <b>{lineKey}</b>
        <span>{name}</span>
        <span className={`state ${stateOf(legs)}`}>{isOut ? 'no phone' : stateOf(legs)}</span>
        <button
          type="button"
          aria-pressed={dnd === true}
          onClick={() => act({ do: 'setDnd', line: lineKey, state: dnd ? 'off' : 'on' })}
        >
          Do not disturb
        </button>
        <button
          type="button"
          onClick={() => act({ do: 'setRegistered', line: lineKey, state: isOut ? 'loggedIn' : 'loggedOut' })}
        >
          {isOut ? 'Log phone in' : 'Log phone out'}
        </button>
      </div>
      {legs.map((leg) => (
        <CallItem key={leg.callKey} leg={leg} legs={legs} state={state} act={act} />
      ))}
    </li>
  );
}

interface CallProps extends TableProps {
  leg: DeskLeg;
  legs: readonly DeskLeg[];
}

function CallItem({ leg, legs, state, act }: CallProps) {
  const { lineKey: line, remote, direction, group } = leg;
  const isWithColleague = state.lines.some(({ lineKey }) => lineKey === remote.number);
  return (
    <div className="call">
      <span className={`state ${leg.state}`}>{leg.state}</span>
      <span>
        {direction === 'outbound' ? 'to ' : 'with '}
        <b>{remote.number ?? 'withheld number'}</b> <bdi>{remote.name}</bdi>
        {group !== undefined && <small> for {group}</small>}
      </span>
      <span className="hands">
        {handsFor(leg.state, legs).map(([label, action]) => (
          <button key={label} type="button" onClick={() => act({ do: action, line })}>
            {label}
          </button>
        ))}
        {!isWithColleague &&
          farEnds(leg.state).map(([label, cause]) => (
            <button
              key={label}
              type="button"
              className="far"
              onClick={() => act(cause === 'answers' ? { do: 'farAnswers', line } : { do: 'farHangsUp', line, cause })}
            >
              {label}
            </button>
          ))}
      </span>
      {(leg.state === 'connected' || leg.state === 'offering') && (
        <SendOn leg={leg} canAsk={leg.state === 'connected' && legs.length === 1} state={state} act={act} />
      )}
    </div>
  );
}

interface SendProps extends TableProps {
  leg: DeskLeg;
  /** Whether the phone is free to call somebody about it. */
  canAsk: boolean;
}

function SendOn({ leg: { lineKey: line }, canAsk, state, act }: SendProps) {
  const [to, setTo] = useState(state.lines.find(({ lineKey }) => lineKey !== line)?.lineKey ?? '');
  return (
    <span className="hands">
      <Target label="Send on to" state={state} value={to} onChange={setTo} />
      <button type="button" onClick={() => act({ do: 'transfer', line, digits: to })}>
        Send on
      </button>
      {canAsk && (
        <button type="button" onClick={() => act({ do: 'consult', line, digits: to })}>
          Ask first
        </button>
      )}
    </span>
  );
}

type Hand = 'lift' | 'reject' | 'hangUp' | 'hold' | 'retrieve' | 'completeTransfer';

function handsFor(state: string, legs: readonly DeskLeg[]): (readonly [label: string, action: Hand])[] {
  const hasHeld = legs.some((leg) => leg.state === 'held');
  switch (state) {
    case 'offering':
      return [
        ['Answer', 'lift'],
        ['Decline', 'reject'],
      ];
    case 'prompting':
      return [
        ['Lift', 'lift'],
        ['Hang up', 'hangUp'],
      ];
    case 'connected':
      return [
        ...(hasHeld ? ([['Connect both', 'completeTransfer']] as const) : []),
        ['Hold', 'hold'],
        ['Hang up', 'hangUp'],
      ];
    case 'held':
      return [['Take back', 'retrieve']];
    default:
      return [['Hang up', 'hangUp']];
  }
}

type FarEnd = 'answers' | 'busy' | 'rejected' | 'normal';

// A party outside; what a colleague does is done at the colleague's own phone.
function farEnds(state: string): (readonly [label: string, what: FarEnd])[] {
  switch (state) {
    case 'dialing':
    case 'ringback':
      return [
        ['Far end answers', 'answers'],
        ['Far end is busy', 'busy'],
        ['Far end declines', 'rejected'],
      ];
    case 'offering':
      return [['Caller gives up', 'normal']];
    case 'connected':
    case 'held':
      return [['Far end hangs up', 'normal']];
    default:
      return [];
  }
}

function stateOf(legs: readonly DeskLeg[]): string {
  if (legs.length === 0) return 'free';
  return legs.some(({ state }) => state === 'offering') ? 'ringing' : 'busy';
}
