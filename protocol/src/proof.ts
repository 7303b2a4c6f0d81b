// What a device signs to show that it holds its key. Both sides must build the very same bytes.

/**
 * The text signed by ECDSA P-256/SHA-256 in `hello.proof`: protocol, the relay's nonce, the device id and the origin as
 * dialled (`'ws://127.0.0.1:8730'`), so that a proof made for one relay is worth nothing to another.
 */
export function proofText({ nonce, device, origin }: { nonce: string; device: string; origin: string }): string {
  return `offhook.v1\n${nonce}\n${device}\n${origin}`;
}
