// `options` of a phone system of kind `nfon` in the configuration: one K-account and how to sign in to it. Two accounts are
// two phone systems, which share nothing. No key holds a password.
import * as v from 'valibot';
import { secretRefSchema } from '../../secret-ref.ts';

/** Where NFON's CTI API is, unless the configuration says otherwise. */
const BASE_URL = 'https://providersupportdata.cloud-cfg.com/v1';
const LOOPBACK = /^(?:127(?:\.[0-9]{1,3}){3}|localhost|\[::1\])$/;

// Passwords and tokens go there: in the open only within this machine, for tests.
const address = v.pipe(
  v.string(),
  v.url('should be an address such as https://host/v1'),
  v.check((text) => {
    const { protocol, hostname, username, search, hash } = new URL(text);
    const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
    return isSafe && username === '' && search === '' && hash === '';
  }, 'should begin with https:// and hold nothing but host and path'),
  v.transform((text) => text.replace(/\/+$/, '')),
);
const extension = v.pipe(v.string(), v.regex(/^[0-9]{1,15}$/, 'should be an extension in quotes, such as "100"'));
const deviceId = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/, 'should be 1–32 of a–z, 0–9 and -'));

const OtherPhoneSchema = v.strictObject({
  extension,
  id: deviceId,
  /** What agents read, `'Mobile'`. */
  name: v.pipe(v.string(), v.trim(), v.minLength(1, 'is empty'), v.maxLength(64, 'is longer than 64 characters')),
  number: v.pipe(v.string(), v.regex(/^\+[1-9][0-9]{6,14}$/, 'should be a number such as "+4930123456"')),
});

/** What `pbx[].options` may hold. */
export const NfonOptionsSchema = v.strictObject({
  /** The K-account, `'K1234'`: whose lines these are, and the context in which its extensions are dialled. */
  account: v.pipe(v.string(), v.regex(/^[A-Z][A-Z0-9]{1,15}$/, 'should be the K-account, such as K1234')),
  /** Left out: the K-account. With `oauth2-cc` the client id. */
  username: v.optional(v.pipe(v.string(), v.minLength(1, 'is empty'), v.maxLength(128))),
  /** With `oauth2-cc` the client secret. */
  password: secretRefSchema,
  baseUrl: v.optional(address, BASE_URL),
  signIn: v.optional(
    v.variant('kind', [
      v.strictObject({ kind: v.literal('login-jwt') }),
      v.strictObject({
        kind: v.literal('oauth2-cc'),
        tokenUrl: address,
        scope: v.optional(v.pipe(v.string(), v.maxLength(256))),
      }),
    ]),
    { kind: 'login-jwt' },
  ),
  /** How long the own phone rings for an ordered call. */
  ringSeconds: v.optional(
    v.pipe(
      v.number(),
      v.integer('should be a whole number'),
      v.minValue(1, 'should be at least 1'),
      v.maxValue(120, 'should be at most 120'),
    ),
    20,
  ),
  /** A stream that says nothing for so long is replaced. Less than the 300 s after which Node's fetch gives it up. */
  silenceSeconds: v.optional(
    v.pipe(
      v.number(),
      v.integer('should be a whole number'),
      v.minValue(10, 'should be at least 10'),
      v.maxValue(240, 'should be at most 240'),
    ),
    90,
  ),
  /** Phones outside that may ring first in place of an extension's own: somebody's mobile. */
  otherPhones: v.optional(v.pipe(v.array(OtherPhoneSchema), v.maxLength(2_000)), []),
});
export type NfonOptions = v.InferOutput<typeof NfonOptionsSchema>;

/** The hosts that the driver connects to. */
export function nfonEndpoints({ baseUrl, signIn }: NfonOptions): { host: string; port: number }[] {
  const urls = [baseUrl, ...(signIn.kind === 'oauth2-cc' ? [signIn.tokenUrl] : [])].map((text) => new URL(text));
  const all = urls.map(({ hostname, protocol, port }) => ({
    host: hostname,
    port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  }));
  return all.filter(
    ({ host, port }, index) => all.findIndex((one) => one.host === host && one.port === port) === index,
  );
}
