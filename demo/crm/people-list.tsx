// The list: five hundred people in a table that draws itself anew all the time: rows when the mouse enters them, the live
// column every second, now and then a few rows as new elements, and while it is scrolled the same few elements for others.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { Link } from './link.tsx';
import { PhoneCell } from './number-parts.tsx';
import { COUNTRIES, countryName, habitOf, type Person } from './people.ts';
import { goTo } from './route.ts';
import { nextOrder, type Order, peopleShown, type SortKey } from './sorting.ts';
import { agoText, useSeconds } from './ticking.ts';
import { written } from './writing.ts';

const ROW_HEIGHT_PX = 41;
const ROWS_BEYOND = 8;
// More than ever stand in the table at once: an element serves the rows of its number modulo this.
const SLOTS = 64;
const REKEY_SECONDS = 5;

const COLUMNS: readonly (readonly [label: string, key?: SortKey])[] = [
  ['Name', 'name'],
  ['Company', 'company'],
  ['Country', 'country'],
  ['Phone'],
  ['Mobile'],
  ['Order', 'order'],
  ['Last contact', 'lastContact'],
  ['Seen'],
];

/** The table of people. A click on a row opens the person, as in any CRM; links and their clicks are their own. */
export function PeopleList({ people }: { people: readonly Person[] }) {
  const [search, setSearch] = useState('');
  const [country, setCountry] = useState('');
  const [order, setOrder] = useState<Order>();
  const shown = peopleShown(people, { search, country, order });
  return (
    <main className="wide">
      <div className="bar">
        <h1>Contacts</h1>
        <input
          type="search"
          placeholder="Name, company, city, number"
          aria-label="Search contacts"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
        <select aria-label="Country" value={country} onChange={(event) => setCountry(event.target.value)}>
          <option value="">All countries</option>
          {COUNTRIES.map(([code, name]) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
        <span className="count" role="status">
          {shown.length} of {people.length}
        </span>
      </div>
      <PeopleTable
        // A new list begins at its top.
        key={`${search}|${country}|${order?.key}|${order?.direction}`}
        shown={shown}
        order={order}
        onOrder={(key) => setOrder(nextOrder(order, key))}
      />
    </main>
  );
}

interface TableProps {
  shown: readonly Person[];
  order: Order | undefined;
  onOrder: (key: SortKey) => void;
}

function PeopleTable({ shown, order, onOrder }: TableProps) {
  const seconds = useSeconds();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT_PX,
    overscan: ROWS_BEYOND,
  });
  const items = rows.getVirtualItems();
  const below = rows.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <div className="scroller" ref={scroller}>
      <table className="people" aria-rowcount={shown.length + 1}>
        <Head order={order} onOrder={onOrder} />
        <tbody>
          <Gap heightPx={items[0]?.start ?? 0} />
          {items.map(({ index }) => {
            const person = shown[index];
            return (
              person && (
                <PersonRow
                  key={`${index % SLOTS}-${generation(index, seconds)}`}
                  person={person}
                  index={index}
                  seconds={seconds}
                />
              )
            );
          })}
          <Gap heightPx={below} />
        </tbody>
      </table>
      {shown.length === 0 && <p className="nothing">Nobody fits. Try fewer words or another country.</p>}
    </div>
  );
}

function Head({ order, onOrder }: Pick<TableProps, 'order' | 'onOrder'>) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {COLUMNS.map(([label, key]) =>
          key === undefined ? (
            <th key={label} scope="col">
              {label}
            </th>
          ) : (
            <th key={label} scope="col" aria-sort={order?.key === key ? order.direction : undefined}>
              <button type="button" onClick={() => onOrder(key)}>
                {label}
                <span aria-hidden="true">
                  {order?.key === key ? (order.direction === 'ascending' ? ' ▲' : ' ▼') : ''}
                </span>
              </button>
            </th>
          ),
        )}
      </tr>
    </thead>
  );
}

// What is scrolled out of sight, as room.
function Gap({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr className="gap">
      <td colSpan={COLUMNS.length} style={{ height: heightPx }} />
    </tr>
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
  const habit = habitOf(person);
  return (
    <tr
      className={visits > 0 ? 'visited' : ''}
      aria-rowindex={index + 2}
      onMouseEnter={() => setVisits((before) => before + 1)}
      onClick={(event) => {
        if (!(event.target instanceof Element) || !event.target.closest('a')) goTo(path);
      }}
    >
      <td>
        <Link to={path}>{person.name}</Link>
      </td>
      <td>
        {person.company} <small>{person.city}</small>
      </td>
      <td>{countryName(person)}</td>
      {/* The number is drawn as a new element each time the mouse enters the row. */}
      <td className="number" key={`phone-${visits}`}>
        <PhoneCell e164={person.phone} habit={habit} />
      </td>
      <td className="number">
        <a href={`tel:${person.mobile}`}>{written(person.mobile, habit + 2)}</a>
      </td>
      <td className="number">{person.order}</td>
      <td className="number">{person.lastContact.split('-').reverse().join('.')}</td>
      <td className="number live">{agoText(seconds + habit * 11)}</td>
    </tr>
  );
}
