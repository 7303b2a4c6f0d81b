// Phone links as pages write them → number: `tel:`, `callto:` and `sip:` with spaces, national numbers, pauses and
// parameters. Pure. Must never turn a service number or a feature code into a public number.
import type { PhoneNumber } from '@offhook/protocol';
import { readWrittenNumber } from './written-number.ts';

const SCHEME = /^(?:tel|callto|sips?):(?:\/\/)?/i;
const EXTENSION = /^[0-9]{1,15}$/;

/**
 * The number of a link's `href`, read in `country`, or undefined where the link holds none (`sip:` addresses with a
 * name, texts that are no number). Parameters other than `ext` and `phone-context` are ignored.
 */
export function readTelLink(href: string, { country }: { country: string }): PhoneNumber | undefined {
  const trimmed = href.trim();
  const scheme = SCHEME.exec(trimmed);
  if (!scheme) return undefined;
  const [address = '', ...parameters] = decode(trimmed.slice(scheme[0].length)).split(';');
  const user = (address.split(/[@?]/)[0] ?? '').trim();
  // Commas, p and w between digits are pauses: what follows them is dialled after the answer.
  const [dialled = '', ...after] = user.split(/,|(?<=\d)[pw](?=\d)/i);
  const context = parameterOf(parameters, 'phone-context');
  const number = readWrittenNumber(withContext(dialled, context), country);
  const extension = (parameterOf(parameters, 'ext') ?? after.join('')).replace(/[\s#-]/g, '');
  return number?.kind === 'e164' && EXTENSION.test(extension) ? { ...number, extension } : number;
}

// RFC 3966: a local number with `phone-context=+4930` belongs behind that prefix.
function withContext(dialled: string, context: string | undefined): string {
  const isLocal = /^[\d\s().-]+$/.test(dialled);
  if (context === undefined || !/^\+\d+$/.test(context) || !isLocal) return dialled;
  return `${context}${dialled.replace(/\D/g, '').replace(/^0/, '')}`;
}

function parameterOf(parameters: readonly string[], name: string): string | undefined {
  for (const parameter of parameters) {
    const [key, value] = parameter.split('=');
    if (key?.trim().toLowerCase() === name) return value?.trim();
  }
  return undefined;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: the text as it is.
    return text;
  }
}
