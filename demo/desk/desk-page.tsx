// The desk: on the left whoever calls, on the right every line with its calls and the hands on its phone.
import { useState } from 'react';
import type { DeskState } from '../desk-actions.ts';
import { CALLERS, NAMES } from './callers.ts';
import { type Act, doAtDesk, useDeskState } from './desk-link.ts';
import { LineTable } from './line-table.tsx';
import { Target } from './target.tsx';

const FREE = 'free';

/** The whole page. */
export function DeskPage() {
  const state = useDeskState();
  const [said, setSaid] = useState('');
  const act: Act = (action) => void doAtDesk(action).then(setSaid);
  return (
    <>
      <header className="top">
        <span className="brand">Phone desk</span>
        <span className="quiet">You are the outside world and the colleagues.</span>
        <span className="sample">A simulated phone system: nothing here reaches a real telephone</span>
      </header>
      <main className="desk">
        {state ? (
          <>
            <div className="sides">
              <Outside state={state} act={act} />
              <Colleagues state={state} act={act} />
              <p role="status" className="said">
                {said}
              </p>
            </div>
            <LineTable state={state} act={act} />
          </>
        ) : (
          <p role="status">Waiting for the phone system…</p>
        )}
      </main>
    </>
  );
}

interface PartProps {
  state: DeskState;
  act: Act;
}

function Outside({ state, act }: PartProps) {
  const [caller, setCaller] = useState(CALLERS[0]?.number ?? FREE);
  const [number, setNumber] = useState('');
  const [name, setName] = useState('');
  const [to, setTo] = useState('10');
  const from = caller === FREE ? number.replace(/[^\d+]/g, '') : caller;
  return (
    <section>
      <h2>Somebody calls</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act({ do: 'callIn', to, from, ...(name !== '' && { name }) });
        }}
      >
        <label>
          <span>Caller</span>
          <select value={caller} onChange={(event) => setCaller(event.target.value)}>
            {CALLERS.map(({ label, number: value }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
            <option value={FREE}>Another number…</option>
          </select>
        </label>
        {caller === FREE && (
          <label>
            <span>Number</span>
            <input type="text" required value={number} onChange={(event) => setNumber(event.target.value)} />
          </label>
        )}
        <label>
          <span>Name sent along</span>
          <select value={name} onChange={(event) => setName(event.target.value)}>
            {NAMES.map(([label, value]) => (
              <option key={label} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <Target label="Calls" state={state} value={to} onChange={setTo} />
        <div className="buttons">
          <button type="submit" className="button">
            Call in
          </button>
          <button
            type="button"
            className="button"
            onClick={() => act({ do: 'callIn', to, isWithheld: true, ...(name !== '' && { name }) })}
          >
            Call without number
          </button>
        </div>
      </form>
    </section>
  );
}

function Colleagues({ state, act }: PartProps) {
  const [line, setLine] = useState('11');
  const [digits, setDigits] = useState('10');
  return (
    <section>
      <h2>A colleague calls</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          act({ do: 'dial', line, digits: digits.replace(/[^\d+*#]/g, '') });
        }}
      >
        <label>
          <span>At the phone of</span>
          <select value={line} onChange={(event) => setLine(event.target.value)}>
            {state.lines.map(({ lineKey, name }) => (
              <option key={lineKey} value={lineKey}>
                {lineKey} {name}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Dials (0 first for outside)</span>
          <input type="text" required value={digits} onChange={(event) => setDigits(event.target.value)} />
        </label>
        <div className="buttons">
          <button type="submit" className="button">
            Dial
          </button>
        </div>
      </form>
    </section>
  );
}
