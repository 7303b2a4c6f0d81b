// Tickets: the queue, and one ticket's thread of mails that quote each other, numbers and all.
import { Link } from './link.tsx';
import { MessageBody } from './message-body.tsx';
import { goTo } from './route.ts';
import { TICKETS } from './stories.ts';
import { agoText, useSeconds } from './ticking.ts';

/** All tickets. */
export function TicketList() {
  const seconds = useSeconds();
  return (
    <main className="wide">
      <div className="bar">
        <h1>Tickets</h1>
        <span className="count">{TICKETS.length} tickets</span>
      </div>
      <table>
        <thead>
          <tr>
            {['Ticket', 'Subject', 'From', 'Company', 'Status', 'Waiting'].map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {TICKETS.map(({ id, subject, status, person }, index) => (
            <tr
              key={id}
              onClick={(event) => {
                if (!(event.target instanceof Element) || !event.target.closest('a')) goTo(`/tickets/${id}`);
              }}
            >
              <td className="number">4711-{id.slice(1)}</td>
              <td>
                <Link to={`/tickets/${id}`}>{subject}</Link>
              </td>
              <td>{person.name}</td>
              <td>{person.company}</td>
              <td>
                <span className="tag">{status}</span>
              </td>
              <td className="number live">{agoText(seconds + index * 97)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </main>
  );
}

/** One ticket's thread, or what to do when there is none. */
export function TicketPage({ id }: { id: string }) {
  const ticket = TICKETS.find((one) => one.id === id);
  if (!ticket) {
    return (
      <main>
        <h1>No such ticket</h1>
        <Link to="/tickets">All tickets</Link>
      </main>
    );
  }
  return (
    <main>
      <p className="crumbs">
        <Link to="/tickets">All tickets</Link>
        <Link to={`/contacts/${ticket.person.id}`}>{ticket.person.name}</Link>
      </p>
      <h1>{ticket.subject}</h1>
      <p className="quiet">
        Ticket 4711-{ticket.id.slice(1)}, {ticket.person.company} <span className="tag">{ticket.status}</span>
      </p>
      {ticket.messages.map((message) => (
        <section key={message.id} className="message">
          <MessageBody message={message} />
        </section>
      ))}
    </main>
  );
}
