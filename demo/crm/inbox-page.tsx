// The inbox: mails beside the one that is read. New mail "arrives" by polling, as in any web mail.
import { Link } from './link.tsx';
import { MessageBody } from './message-body.tsx';
import { MAILS } from './stories.ts';
import { useSeconds } from './ticking.ts';

const FIRST_MAILS = 12;
const MAIL_SECONDS = 15;

/** The list of mails, and the mail of this id or the newest. */
export function InboxPage({ id }: { id: string | undefined }) {
  const seconds = useSeconds();
  const arrived = Math.min(MAILS.length, FIRST_MAILS + Math.floor(seconds / MAIL_SECONDS));
  // The newest stand last in the data while they have not arrived.
  const mails = MAILS.slice(MAILS.length - arrived);
  const open = MAILS.find((mail) => mail.id === id) ?? mails[0];
  return (
    <main className="wide">
      <div className="bar">
        <h1>Inbox</h1>
        <span className="count">{mails.length} mails</span>
        <span className="live quiet">checked {seconds % MAIL_SECONDS} s ago</span>
      </div>
      <div className="mailbox">
        <ul className="plain mails">
          {mails.map((mail) => (
            <li key={mail.id}>
              <Link to={`/inbox/${mail.id}`} isCurrent={mail.id === open?.id}>
                <b>{mail.from}</b>
                <span className="quiet">{mail.at}</span>
                <span>{mail.subject}</span>
                <small>{mail.paragraphs[1]}</small>
              </Link>
            </li>
          ))}
        </ul>
        {open && (
          <section className="message">
            <h2>{open.subject}</h2>
            <MessageBody message={open} />
            <p>
              <Link to={`/contacts/${open.person.id}`}>Open contact</Link>
            </p>
          </section>
        )}
      </div>
    </main>
  );
}
