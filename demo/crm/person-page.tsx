// One person: numbers among everything that only looks like numbers.
import { minutesText, useBookings } from './bookings.ts';
import { Link } from './link.tsx';
import { Split } from './number-parts.tsx';
import { countryName, initials, type Person, sibling } from './people.ts';
import { dealsOf, ticketsOf } from './stories.ts';
import { clockText, useSeconds } from './ticking.ts';
import { international, isMobile, written } from './writing.ts';

/** The page of a person, or what to do when there is none. */
export function PersonPage({ person }: { person: Person | undefined }) {
  if (!person) return <NotFound />;
  return (
    <main>
      <p className="crumbs">
        <Link to="/contacts">All contacts</Link>
        <Link to={`/contacts/${person.id}/edit`} className="button">
          Edit
        </Link>
      </p>
      <header className="person">
        <span className="avatar" aria-hidden="true">
          {initials(person)}
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
      <div className="columns">
        <Timeline person={person} />
        <Dealings person={person} />
      </div>
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
        <dt>{isMobile(mobile) ? 'Mobile' : 'Second phone'}</dt>
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
        <dt>Country</dt>
        <dd>{countryName(person)}</dd>
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
  const bookings = useBookings(person.id);
  return (
    <section>
      <h2>Timeline</h2>
      <ul className="timeline">
        {bookings.map(({ id, kind, subject, from, to, note }) => (
          <li key={id}>
            <span className="quiet">{from.slice(0, 16).replace('T', ', ')}</span>{' '}
            {kind === 'time' && <b>{minutesText({ from, to })} </b>}
            {subject}
            {note !== '' && `: ${note}`}
          </li>
        ))}
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

function Dealings({ person }: { person: Person }) {
  const deals = dealsOf(person);
  const tickets = ticketsOf(person);
  return (
    <section>
      <h2>Deals and tickets</h2>
      {deals.length + tickets.length === 0 && <p className="quiet">None yet.</p>}
      <ul className="plain">
        {deals.map(({ id, title, stage }) => (
          <li key={id}>
            <Link to={`/deals/${id}`}>{title}</Link> <span className="tag">{stage}</span>
          </li>
        ))}
        {tickets.map(({ id, subject, status }) => (
          <li key={id}>
            <Link to={`/tickets/${id}`}>{subject}</Link> <span className="tag">{status}</span>
          </li>
        ))}
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
        <Link to="/contacts">All contacts</Link>
      </p>
    </main>
  );
}
