// Error codes in English words for the terminal. The extension has its own, translated ones; docs/admin.md has the remedies.
import type { ErrorCode, Params } from '@offhook/protocol';

const WORDS: Record<ErrorCode, string> = {
  unauthenticated: 'the device could not prove who it is',
  revoked: 'the device was revoked',
  'origin-refused': 'the extension is not on the list of allowed ones',
  'version-too-old-extension': 'the extension is too old for this relay',
  'version-too-old-relay': 'this relay is too old for the extension',
  'not-permitted': 'not permitted on this line',
  'line-unknown': 'there is no such line',
  'call-unknown': 'there is no such call (any more)',
  'code-invalid': 'the pairing code is wrong, used or out of date',
  'sign-in-unavailable': 'the company’s identity provider cannot be reached, or does not know this relay',
  'sign-in-refused': 'the company’s identity provider did not confirm the sign-in',
  'sign-in-interaction': 'the identity provider has to ask the user first',
  'user-unknown': 'there is no user for this account',
  'number-invalid': 'this is no number that could be dialled',
  'policy-blocked': 'the rules of this relay do not let this number be dialled',
  'confirmation-needed': 'this number has to be confirmed first',
  'rate-limited': 'too many in too short a time',
  'pbx-unreachable': 'the phone system cannot be reached',
  'pbx-rejected': 'the phone system refused',
  'not-supported': 'the phone system cannot do this here',
  timeout: 'it took too long and was not carried out',
  'outcome-unknown': 'nobody knows whether it was carried out: look at the line before you try again',
  'key-reused': 'another order has this key already',
  'already-taken': 'somebody else has taken it on already',
  'message-invalid': 'the message does not follow the protocol',
  'too-large': 'the message is too large',
  'slow-consumer': 'the other side reads too slowly',
  'store-unavailable': 'the relay cannot write anything down now, and so carries nothing out',
  'unknown-type': 'this relay does not know this kind of message',
  internal: 'the relay failed: its log says why',
};

/** `pbx-rejected` with `{cause: 'busy'}` → `'the phone system refused (cause: busy)'`. */
export function errorWords(code: ErrorCode, params: Params = {}): string {
  const details = Object.entries(params).map(([name, value]) => `${name}: ${value}`);
  return details.length === 0 ? WORDS[code] : `${WORDS[code]} (${details.join(', ')})`;
}
