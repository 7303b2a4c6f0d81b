// Deals: a board by stage, and one deal's timeline, whose times go on while it is looked at.
import { Link } from './link.tsx';
import { DEALS, type Deal } from './stories.ts';
import { agoText, useSeconds } from './ticking.ts';
import { written } from './writing.ts';

const STAGES = ['Lead', 'Offer', 'Negotiation', 'Won'] as const;

/** All deals, in a column for each stage. */
export function DealBoard() {
  return (
    <main className="wide">
      <div className="bar">
        <h1>Deals</h1>
        <span className="count">{DEALS.length} deals</span>
      </div>
      <div className="board">
        {STAGES.map((stage) => (
          <section key={stage}>
            <h2>{stage}</h2>
            <ul className="plain cards">
              {DEALS.filter((deal) => deal.stage === stage).map((deal) => (
                <DealCard key={deal.id} deal={deal} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </main>
  );
}

function DealCard({ deal: { id, title, value, person } }: { deal: Deal }) {
  return (
    <li>
      <Link to={`/deals/${id}`}>{title}</Link>
      <span className="quiet">
        {person.name}, {value}
      </span>
      <span className="number">{written(person.phone, Number(id.slice(1)))}</span>
    </li>
  );
}

/** One deal with what happened, or what to do when there is none. */
export function DealPage({ id }: { id: string }) {
  const seconds = useSeconds();
  const deal = DEALS.find((one) => one.id === id);
  if (!deal) {
    return (
      <main>
        <h1>No such deal</h1>
        <Link to="/deals">All deals</Link>
      </main>
    );
  }
  return (
    <main>
      <p className="crumbs">
        <Link to="/deals">All deals</Link>
        <span className="live quiet">last change {agoText(seconds + 40)}</span>
      </p>
      <h1>{deal.title}</h1>
      <p className="quiet">
        <Link to={`/contacts/${deal.person.id}`}>{deal.person.name}</Link>, {deal.value}{' '}
        <span className="tag">{deal.stage}</span>
      </p>
      <section>
        <h2>Timeline</h2>
        <ol className="timeline">
          {deal.entries.map(({ id: entryId, at, who, text }) => (
            <li key={entryId}>
              <span className="quiet">
                {at}, {who}
              </span>
              <p>{text}</p>
            </li>
          ))}
        </ol>
      </section>
    </main>
  );
}
