// Reads what an agent pastes to pair: the start page's link with the code in its fragment, or a relay's address alone.
// Pure; it decides nothing about whether that relay is to be trusted.

export interface PairingTarget {
  /** The relay's start page as origin: `'http://127.0.0.1:8730'`, `'https://relay.example'`. */
  relayUrl: string;
  /** Eight letters in capitals, undefined when the text had none. */
  code: string | undefined;
}

const CODE = /^[A-Z0-9]{8}$/;

/** The relay and the code in a pasted text, or undefined when it is neither a link nor an address. */
export function readPairingLink(text: string): PairingTarget | undefined {
  const trimmed = text.trim();
  if (trimmed === '' || /\s/.test(trimmed)) return undefined;
  const url = /^[a-z]+:\/\//i.test(trimmed) ? readUrl(trimmed) : readAddress(trimmed);
  if (!url) return undefined;
  return { relayUrl: url.origin, code: readPairingCode(new URLSearchParams(url.hash.slice(1)).get('pair') ?? '') };
}

/** A typed code as the relay wants it: capitals without blanks and dashes; undefined when it cannot be one. */
export function readPairingCode(text: string): string | undefined {
  const code = text.replace(/[\s-]/g, '').toUpperCase();
  return CODE.test(code) ? code : undefined;
}

// Without a scheme only what looks like a host is one: a lone word is more likely a code in the wrong field. Loopback is
// the one place without TLS.
function readAddress(address: string): URL | undefined {
  if (!/^[^/]*[.:]|^localhost/.test(address)) return undefined;
  return readUrl(`${/^(?:localhost|127\.|\[::1\])/.test(address) ? 'http' : 'https'}://${address}`);
}

function readUrl(text: string): URL | undefined {
  const asPage = text.replace(/^ws(s?):/i, 'http$1:');
  if (!URL.canParse(asPage)) return undefined;
  const url = new URL(asPage);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
