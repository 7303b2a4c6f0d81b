// Numbers as pages draw them: cut into elements by a highlighter, or inside a component of its own.
import { international, nationalParts, written } from './writing.ts';

/** The number as highlighters leave it: cut into elements. */
export function Split({ e164 }: { e164: string }) {
  const [area = '', first = '', last = ''] = e164.startsWith('+49') ? nationalParts(e164) : abroadParts(e164);
  return (
    <span>
      <b>{area}</b>
      {first}
      <i>{last}</i>
    </span>
  );
}

/** The number as the list's cells hold it: mostly text, now and then cut into elements or in a component's root. */
export function PhoneCell({ e164, habit }: { e164: string; habit: number }) {
  if (habit % 7 === 3) return <Split e164={e164} />;
  if (habit % 7 === 5) return <crm-phone number={international(e164)} />;
  return <>{written(e164, habit)}</>;
}

function abroadParts(e164: string): string[] {
  const [country = '', area = '', ...rest] = international(e164).split(' ');
  return [country, ` ${area}`, ` ${rest.join(' ')}`];
}
