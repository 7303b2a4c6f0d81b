// Parts that CRMs embed: a page of the same origin in a frame, a frame written in place, and a component with a closed root.
import { Link } from './link.tsx';
import { PEOPLE, type Person } from './people.ts';
import { international, written } from './writing.ts';

const SHOWN = 3;
const FRAMED = 6;

/** The page with the frames. */
export function EmbeddedPage() {
  const people = PEOPLE.slice(0, SHOWN);
  const [person] = PEOPLE.slice(FRAMED);
  return (
    <main>
      <h1>Embedded</h1>
      <p className="quiet">A card and a note from other parts of the CRM, each in a frame of its own.</p>
      <div className="columns">
        <section>
          <h2>Card</h2>
          {person && <iframe title="Card" src={`/embedded/card/${person.id}`} />}
        </section>
        <section>
          <h2>Note</h2>
          <iframe title="Note" srcDoc={noteOf(people)} />
        </section>
      </div>
      <section>
        <h2>Direct lines</h2>
        <ul className="plain">
          {people.map(({ id, name, phone }) => (
            <li key={id}>
              <Link to={`/contacts/${id}`}>{name}</Link> <crm-direct-line number={written(phone, 4)} />
            </li>
          ))}
        </ul>
      </section>
    </main>
  );
}

/** What stands in the first frame: a person's card without the app around it. */
export function FramedCard({ person }: { person: Person | undefined }) {
  if (!person) return <p>No such contact</p>;
  const { name, company, city, phone, mobile, order } = person;
  return (
    <div className="framed">
      <h1>{name}</h1>
      <p className="quiet">
        {company}, {city}
      </p>
      <p>
        Phone <span className="number">{written(phone, 0)}</span>
        <br />
        Mobile <a href={`tel:${mobile}`}>{international(mobile)}</a>
        <br />
        Order {order}
      </p>
    </div>
  );
}

// The people's names and numbers hold nothing that HTML would read.
function noteOf(people: readonly Person[]): string {
  const lines = people.map(({ name, phone }, index) => `<li>${name}: ${written(phone, index + 2)}</li>`);
  return `<!doctype html><meta name="color-scheme" content="light dark"><style>body{font:14px system-ui,sans-serif}</style>
    <p>To be called until 30.11.2026:</p><ul>${lines.join('')}</ul>`;
}
