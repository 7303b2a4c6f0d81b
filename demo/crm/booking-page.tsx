// The forms for a new activity and a new time entry, filled in from the address as CRMs do it. What is saved appears in
// the contact's timeline.
import { useState } from 'react';
import { type Booking, book, minutesText } from './bookings.ts';
import { Link } from './link.tsx';
import { PEOPLE, personOf } from './people.ts';
import { goTo } from './route.ts';

const TITLES = { activity: 'New activity', time: 'New time entry' } as const;

/** A form, with what the address says in its fields. */
export function BookingPage({ kind }: Pick<Booking, 'kind'>) {
  const [booking, setBooking] = useState(() => bookingIn(location.search, kind));
  const [isSaved, setSaved] = useState(false);
  const asked = new URLSearchParams(location.search);
  const person = personOf(booking.contactId);
  const change = (patch: Partial<Booking>) => setBooking({ ...booking, ...patch });
  return (
    <main>
      <p className="crumbs">
        <Link to={person ? `/contacts/${person.id}` : '/contacts'}>{person ? person.name : 'All contacts'}</Link>
      </p>
      <h1>{TITLES[kind]}</h1>
      <p className="quiet">{factsOf(asked)}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          book(booking);
          setSaved(true);
          if (person) goTo(`/contacts/${person.id}`);
        }}
      >
        <label className="whole">
          <span>Subject</span>
          <input
            type="text"
            name="subject"
            required
            value={booking.subject}
            onChange={({ target }) => change({ subject: target.value })}
          />
        </label>
        <ContactField value={booking.contactId} onChange={(contactId) => change({ contactId })} />
        <Times booking={booking} onChange={change} />
        <label className="whole">
          <span>Note</span>
          <textarea
            rows={4}
            name="note"
            value={booking.note}
            onChange={({ target }) => change({ note: target.value })}
          />
        </label>
        <div className="whole bar">
          <button type="submit" className="button">
            Save
          </button>
          <span role="status" className="quiet">
            {isSaved ? 'Saved, for no contact.' : ''}
          </span>
        </div>
      </form>
    </main>
  );
}

function ContactField({ value, onChange }: { value: string; onChange: (contactId: string) => void }) {
  return (
    <label className="whole">
      <span>Contact</span>
      <select name="contact" value={value} onChange={({ target }) => onChange(target.value)}>
        <option value="">(nobody)</option>
        {PEOPLE.map(({ id, name, company }) => (
          <option key={id} value={id}>
            {name}, {company}
          </option>
        ))}
      </select>
    </label>
  );
}

function Times({ booking, onChange }: { booking: Booking; onChange: (patch: Partial<Booking>) => void }) {
  const { from, to } = booking;
  return (
    <>
      <label>
        <span>From</span>
        <input
          type="datetime-local"
          name="from"
          step={1}
          required
          value={from}
          onChange={({ target }) => onChange({ from: target.value })}
        />
      </label>
      <label>
        <span>To ({minutesText(booking)})</span>
        <input
          type="datetime-local"
          name="to"
          step={1}
          required
          value={to}
          onChange={({ target }) => onChange({ to: target.value })}
        />
      </label>
    </>
  );
}

function bookingIn(search: string, kind: Booking['kind']): Booking {
  const asked = new URLSearchParams(search);
  const value = (name: string) => asked.get(name) ?? '';
  return {
    kind,
    contactId: personOf(value('contact'))?.id ?? '',
    subject: value('subject'),
    from: localTime(value('from')),
    to: localTime(value('to')),
    note: value('note'),
  };
}

// What else the address tells of the call.
function factsOf(asked: URLSearchParams): string {
  const names = ['direction', 'outcome', 'result', 'number', 'line', 'user'];
  return names.flatMap((name) => (asked.get(name) ? [asked.get(name)] : [])).join(' · ');
}

// UTC as it stands in the address → the local time that the field takes; now where there is none.
function localTime(utc: string): string {
  const at = Number.isNaN(Date.parse(utc)) ? Date.now() : Date.parse(utc);
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
