// The frame of every view: the bar with the ways to go, the banner that says that all is invented, and which view the
// address means.
import { BookingPage } from './booking-page.tsx';
import { DealBoard, DealPage } from './deal-pages.tsx';
import { EditPage } from './edit-page.tsx';
import { EmbeddedPage, FramedCard } from './embedded-page.tsx';
import { InboxPage } from './inbox-page.tsx';
import { Link } from './link.tsx';
import { PEOPLE, personOf } from './people.ts';
import { PeopleList } from './people-list.tsx';
import { PersonPage } from './person-page.tsx';
import { usePath } from './route.ts';
import { TicketList, TicketPage } from './ticket-pages.tsx';

const PLACES = [
  ['/contacts', 'Contacts'],
  ['/deals', 'Deals'],
  ['/tickets', 'Tickets'],
  ['/inbox', 'Inbox'],
  ['/embedded', 'Embedded'],
] as const;

/** The whole app. */
export function App() {
  const path = usePath();
  const [, place = '', id, more] = path.split('/');
  if (place === 'embedded' && id === 'card') return <FramedCard person={personOf(more ?? '')} />;
  const isIn = (to: string) => to === `/${place}` || (to === '/contacts' && place === '');
  return (
    <>
      <header className="top">
        <Link to="/contacts" className="brand">
          Kontor CRM
        </Link>
        <nav aria-label="Kontor CRM">
          {PLACES.map(([to, name]) => (
            <Link key={to} to={to} isCurrent={isIn(to)}>
              {name}
            </Link>
          ))}
        </nav>
        <span className="sample">Sample data: every person, company and number here is invented</span>
      </header>
      <View place={place} id={id} more={more} />
    </>
  );
}

interface Address {
  place: string;
  id: string | undefined;
  more: string | undefined;
}

function View({ place, id = '', more }: Address) {
  switch (place) {
    case 'activities':
      return <BookingPage key="activity" kind="activity" />;
    case 'time':
      return <BookingPage key="time" kind="time" />;
    case 'deals':
      return id === '' ? <DealBoard /> : <DealPage key={id} id={id} />;
    case 'tickets':
      return id === '' ? <TicketList /> : <TicketPage key={id} id={id} />;
    case 'inbox':
      return <InboxPage id={id} />;
    case 'embedded':
      return <EmbeddedPage />;
    case 'contacts':
      if (more === 'edit') return <EditPage key={id} person={personOf(id)} />;
      return id === '' ? <PeopleList people={PEOPLE} /> : <PersonPage key={id} person={personOf(id)} />;
    default:
      return <PeopleList people={PEOPLE} />;
  }
}
