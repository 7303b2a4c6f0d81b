// The list: everybody in a table that draws itself anew all the time: rows when the mouse enters them, the live column
// every second, and now and then a few rows as new elements.
import { useState } from 'react';
import type { Person } from './people.ts';
import { goTo } from './route.ts';
import { clockText, useSeconds } from './ticking.ts';
import { international, nationalParts, written } from './writing.ts';

const REKEY_SECONDS = 5;

/** The table of people. A click on a row opens the person, as in any CRM; links and their clicks are their own. */
export function PeopleList({ people }: { people: readonly Person[] }) {
  const [search, setSearch] = useState('');
  const seconds = useSeconds();
  const wanted = search.trim().toLowerCase();
  const shown = people.filter(({ name, company, city }) => `${name} ${company} ${city}`.toLowerCase().includes(wanted));
  return (
    <main>
      <div className="bar">
        <h1>Contacts</h1>
        <input
          type="search"
          placeholder="Name, company, city"
          aria-label="Search contacts"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <span className="count">
          {shown.length} of {people.length}
        </span>
      </div>
      <table>
        <thead>
          <tr>
            <th>Name</th>
            <th>Company</th>
            <th>Phone</th>
            <th>Mobile</th>
            <th>Order</th>
            <th>Last contact</th>
            <th>Live</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((person, index) => (
            <PersonRow
              key={`${person.id}-${generation(index, seconds)}`}
              person={person}
              index={index}
              seconds={seconds}
            />
          ))}
        </tbody>
      </table>
    </main>
  );
}

// Every few seconds another three rows become new elements, although nothing in them has changed.
function generation(index: number, seconds: number): number {
  const turn = Math.floor(seconds / REKEY_SECONDS);
  return Math.floor((turn + 13 - (Math.floor(index / 3) % 14)) / 14);
}

function PersonRow({ person, index, seconds }: { person: Person; index: number; seconds: number }) {
  const [visits, setVisits] = useState(0);
  const path = `/contacts/${person.id}`;
  return (
    <tr
      className={visits > 0 ? 'visited' : ''}
      onMouseEnter={() => setVisits((before) => before + 1)}
      onClick={(event) => {
        if (!(event.target instanceof Element) || !event.target.closest('a')) goTo(path);
      }}
    >
      <td>
        <a
          href={path}
          onClick={(event) => {
            event.preventDefault();
            goTo(path);
          }}
        >
          {person.name}
        </a>
      </td>
      <td>
        {person.company} <small>{person.city}</small>
      </td>
      {/* The number is drawn as a new element each time the mouse enters the row. */}
      <td className="number" key={`phone-${visits}`}>
        <PhoneCell person={person} habit={index} />
      </td>
      <td className="number">
        <a href={`tel:${person.mobile}`}>{written(person.mobile, index + 2)}</a>
      </td>
      <td className="number">{person.order}</td>
      <td className="number">{person.lastContact.split('-').reverse().join('.')}</td>
      <td className="number live">{clockText(seconds + index * 11)}</td>
    </tr>
  );
}

function PhoneCell({ person, habit }: { person: Person; habit: number }) {
  const { phone } = person;
  if (habit % 7 === 3) return <Split e164={phone} />;
  if (habit % 7 === 5) return <crm-phone number={international(phone)} />;
  return <>{written(phone, habit)}</>;
}

/** The number as highlighters leave it: cut into elements. */
export function Split({ e164 }: { e164: string }) {
  const [area = '', first = '', last = ''] = nationalParts(e164);
  return (
    <span>
      <b>{area}</b>
      {first}
      <i>{last}</i>
    </span>
  );
}
