// One person: numbers among everything that only looks like numbers.

import type { Person } from './people.ts';
import { Split } from './people-list.tsx';
import { goTo } from './route.ts';
import { clockText, useSeconds } from './ticking.ts';
import { international, written } from './writing.ts';

/** The page of a person, or what to do when there is none. */
export function PersonPage({ person }: { person: Person | undefined }) {
  if (!person) return <NotFound />;
  return (
    <main>
      <p>
        <BackLink />
      </p>
      <header className="person">
        <span className="avatar" aria-hidden="true">
          {initials(person.name)}
        </span>
        <div>
          <h1>{person.name}</h1>
          <p className="quiet">
            {person.company}, {person.city} ({person.country})
          </p>
        </div>
        <Presence />
      </header>
      <div className="columns">
        <Numbers person={person} />
        <Account person={person} />
      </div>
      <Timeline person={person} />
    </main>
  );
}

function Numbers({ person }: { person: Person }) {
  const { phone, mobile } = person;
  return (
    <section>
      <h2>Reach</h2>
      <dl>
        <dt>Phone</dt>
        <dd>
          <Split e164={phone} />
        </dd>
        <dt>Mobile</dt>
        <dd>
          <a href={`tel:${mobile}`}>{international(mobile)}</a>
        </dd>
        <dt>Switchboard</dt>
        <dd>
          <crm-phone number={written(sibling(phone, 1), 0)} />
        </dd>
        <dt>Direct</dt>
        <dd>
          <crm-direct-line number={written(sibling(phone, 2), 5)} />
        </dd>
        <dt>Fax</dt>
        <dd>{written(sibling(phone, 3), 2)}</dd>
        <dt>E-mail</dt>
        <dd>{person.name.split(' ')[0]?.toLowerCase()}.030231250@crm.example</dd>
      </dl>
    </section>
  );
}

function Account({ person }: { person: Person }) {
  return (
    <section>
      <h2>Account</h2>
      <dl>
        <dt>Customer no.</dt>
        <dd>0302312{person.id.slice(1)}</dd>
        <dt>Order</dt>
        <dd>{person.order}</dd>
        <dt>IBAN</dt>
        <dd>{person.iban}</dd>
        <dt>Last contact</dt>
        <dd>
          <time dateTime={person.lastContact}>{person.lastContact} 10:01</time>
        </dd>
      </dl>
    </section>
  );
}

function Timeline({ person }: { person: Person }) {
  const { lastContact, name, phone, mobile, order } = person;
  return (
    <section>
      <h2>Timeline</h2>
      <ul className="timeline">
        <li>
          <span className="quiet">{lastContact}, 10:01</span> Called {name} on {written(phone, 1)} about invoice {order}
          , asked to call back on {written(mobile, 0)} after 14:30.
        </li>
        <li>
          <span className="quiet">2026-01-15, 08:45</span> Delivery 4711-2026 left, 3 boxes, 12.5 kg, 1.234,50 EUR.
        </li>
        <li>
          <span className="quiet">2025-12-03, 16:20</span> New reception: {written(sibling(phone, 1), 3)}.
        </li>
      </ul>
    </section>
  );
}

function Presence() {
  const seconds = useSeconds();
  return <span className="live quiet">open for {clockText(seconds)}</span>;
}

function NotFound() {
  return (
    <main>
      <h1>No such contact</h1>
      <p>
        <BackLink />
      </p>
    </main>
  );
}

function BackLink() {
  return (
    <a
      href="/contacts"
      onClick={(event) => {
        event.preventDefault();
        goTo('/contacts');
      }}
    >
      All contacts
    </a>
  );
}

// Other numbers of the same company: the last digits counted on, within the reserved range.
function sibling(e164: string, step: number): string {
  const last = Number(e164.slice(-2));
  return `${e164.slice(0, -2)}${String((last + step * 3) % 100).padStart(2, '0')}`;
}

function initials(name: string): string {
  return name
    .split(' ')
    .map((part) => part.charAt(0))
    .join('');
}
