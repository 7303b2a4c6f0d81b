// The page's link to the phone system behind it: the lines as they are, kept current by the server, and what is done.
import { useEffect, useState } from 'react';
import type { DeskAction, DeskResult, DeskState } from '../desk-actions.ts';

/** Does an action of the desk. */
export type Act = (action: DeskAction) => void;

/** What the lines do; undefined while nothing is known. The browser reconnects by itself. */
export function useDeskState(): DeskState | undefined {
  const [state, setState] = useState<DeskState>();
  useEffect(() => {
    const events = new EventSource('/desk/events');
    // Our own server's words, made from the same types.
    events.onmessage = ({ data }) => setState(JSON.parse(data) as DeskState);
    events.onerror = () => setState(undefined);
    return () => events.close();
  }, []);
  return state;
}

/** Does something and answers, in words, what came of it; an empty text when there is nothing to say. */
export async function doAtDesk(action: DeskAction): Promise<string> {
  const response = await fetch('/desk/api', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(action),
  }).catch(() => undefined);
  if (!response) return 'The demo is not running any more.';
  const answer: Partial<DeskResult & { error: string }> = await response.json();
  if (answer.error !== undefined) return `Not done: ${answer.error}.`;
  if (answer.isDone) return '';
  return answer.cause === undefined ? 'There is no call to do that with.' : `Nobody rings: ${answer.cause}.`;
}
