// A mail as it is read: who and when, paragraphs, what it quotes, and the sender's signature.
import type { Message } from './stories.ts';

/** The inside of a mail; the frame around it is the page's. */
export function MessageBody({ message: { from, at, paragraphs, quote, signature } }: { message: Message }) {
  return (
    <>
      <p className="quiet">
        <b>{from}</b>, {at}
      </p>
      {paragraphs.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {quote !== undefined && (
        <blockquote>
          {'> '}
          {quote}
        </blockquote>
      )}
      <p className="signature">
        {'-- '}
        {signature.map((line) => (
          <span key={line}>
            <br />
            {line}
          </span>
        ))}
      </p>
    </>
  );
}
