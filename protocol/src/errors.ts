// What can go wrong between extension and relay, as stable codes. The relay sends a code and parameters; the extension
// turns them into words (public/_locales, keys `error_<code with underscores>`); docs/admin.md lists cause and remedy.

/** The closed set of error codes on the wire. Absent and not granted are the same code on purpose. */
export const ERROR_CODES = [
  'unauthenticated',
  'revoked',
  'origin-refused',
  'version-too-old-extension',
  'version-too-old-relay',
  'not-permitted',
  'line-unknown',
  'call-unknown',
  'code-invalid',
  'sign-in-unavailable',
  'sign-in-refused',
  'sign-in-interaction',
  'user-unknown',
  'number-invalid',
  'policy-blocked',
  'confirmation-needed',
  'rate-limited',
  'pbx-unreachable',
  'pbx-rejected',
  'not-supported',
  'timeout',
  'outcome-unknown',
  'key-reused',
  'already-taken',
  'message-invalid',
  'too-large',
  'slow-consumer',
  'store-unavailable',
  'unknown-type',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * WebSocket close codes. 4400–4499: do not retry without the user; 4500–4599: retry with back-off.
 * The close reason carries the error code.
 */
export const CLOSE_CODES = {
  'message-invalid': 4400,
  unauthenticated: 4401,
  'origin-refused': 4403,
  revoked: 4410,
  'version-too-old-extension': 4426,
  'version-too-old-relay': 4427,
  'code-invalid': 4404,
  'sign-in-refused': 4405,
  'sign-in-interaction': 4406,
  'user-unknown': 4407,
  'too-large': 4413,
  // A company that is suspended: its browsers come back by themselves when it is not any more.
  'not-permitted': 4510,
  timeout: 4500,
  'slow-consumer': 4501,
  'rate-limited': 4502,
  'sign-in-unavailable': 4503,
  'store-unavailable': 4504,
  internal: 4599,
} as const satisfies Partial<Record<ErrorCode, number>>;

/** Whether a client may connect again by itself after the relay closed with this code. */
export function isRetryable(closeCode: number): boolean {
  return closeCode < 4400 || closeCode > 4499;
}

/** A frame that does not follow the protocol. `code` goes back to the sender, `message` into the log. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
