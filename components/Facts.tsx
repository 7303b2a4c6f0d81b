// What the company's CRM knows of who calls: what was imported at once, what it says now a moment later. The call is shown
// without waiting for it; what comes late stands below what is there already.
import type { Call, Fact } from '@offhook/protocol';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Send } from '#lib/messages.ts';

/** The facts as a list; nothing while none is known. Of who is only perhaps meant, nothing is told. */
export function Facts({ call, send }: { call: Call; send: Send }) {
  const facts = useFacts(call, send);
  if (facts.length === 0) return null;
  return (
    <dl class="facts small">
      {facts.map(({ label, text }) => (
        <div class="facts__one" key={`${label} ${text}`}>
          <dt class="muted">
            <bdi>{label}</bdi>
          </dt>
          <dd class="one-line" title={text}>
            <bdi>{text}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const NONE: readonly Fact[] = [];

function useFacts({ remote: { contact, number } }: Call, send: Send): readonly Fact[] {
  const contactId = contact?.match === 'exact' ? contact.contactId : undefined;
  const [known, setKnown] = useState<{ contactId: string; facts: readonly Fact[] }>();
  const latest = useRef({ send, number });
  latest.current = { send, number };
  useEffect(() => {
    if (contactId === undefined) return;
    let isOver = false;
    const ask = async (waits: boolean): Promise<void> => {
      const request = { contactId, number: latest.current.number, waits };
      const answer = await latest.current.send('facts', request).catch(() => undefined);
      if (isOver || answer?.type !== 'facts') return;
      setKnown({ contactId, facts: answer.facts });
      if (!answer.isComplete && !waits) await ask(true);
    };
    void ask(false);
    return () => {
      isOver = true;
    };
  }, [contactId]);
  return known !== undefined && known.contactId === contactId ? known.facts : NONE;
}
