// What `tapiMasterServer` in relay.yaml may say, and what is dangerous about it, in words. The server is off unless the key
// is there, and hears this machine alone unless that is allowed.
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { secretRefSchema } from '../secret-ref.ts';

interface ListenAddress {
  host: string;
  port: number;
}

const file = v.pipe(v.string(), v.minLength(1, 'is empty'));
const user = v.pipe(
  v.string(),
  v.regex(
    /^(?:[a-z0-9][a-z0-9-]{0,23}\/)?[a-z0-9][a-z0-9._-]{0,31}$/,
    'should be a log-in name, or tenant/login where there are several tenants',
  ),
);
const callerAddress = v.pipe(
  v.string('should be an address in quotes, such as "192.168.1.18"'),
  v.check((text) => isAddressOrNet(text), 'should be an IP address, or a net such as "192.168.1.0/24"'),
);
const webOrigin = v.pipe(
  v.string(),
  v.regex(/^https?:\/\/(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::[0-9]{1,5})?$/, 'should be https://HOST, without a path'),
);
const hostName = v.pipe(v.string(), v.regex(/^[a-z0-9.-]{1,253}$/, 'should be a host name in small letters'));

/** The schema of the key; `address` is that of HOST:PORT. */
export function tapiMasterServerSchema<Address extends v.GenericSchema<string, ListenAddress>>(address: Address) {
  return v.strictObject({
    tcp: v.optional(address),
    udp: v.optional(address),
    otherMachines: v.optional(v.boolean(), false),
    extensions: v.optional(file),
    origins: v.optional(v.array(webOrigin), []),
    hosts: v.optional(v.array(hostName), []),
    acceptUnterminated: v.optional(v.boolean(), false),
    commandsPerMinute: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000)), 30),
    callers: v.optional(
      v.array(
        v.strictObject({
          user,
          key: v.optional(secretRefSchema),
          addresses: v.optional(v.array(callerAddress), []),
          plainGet: v.optional(v.boolean(), false),
          folder: v.optional(file),
        }),
      ),
      [],
    ),
  });
}

/** The key with its defaults. */
export type TapiMasterSettings = v.InferOutput<ReturnType<typeof tapiMasterServerSchema<AddressSchema>>>;
type AddressSchema = v.GenericSchema<string, ListenAddress>;
export type CallerSettings = TapiMasterSettings['callers'][number];

/** Keys that contradict each other, or leave a caller without any way in; `keys` start behind `tapiMasterServer`. */
export function settingsFaults(settings: TapiMasterSettings): { keys: PropertyKey[]; message: string }[] {
  const { tcp, udp, otherMachines, callers } = settings;
  const open = [
    { key: 'tcp', host: tcp?.host },
    { key: 'udp', host: udp?.host },
  ].filter(({ host }) => host !== undefined && !isThisMachine(host));
  return [
    ...(otherMachines ? [] : open).map(({ key, host }) => ({
      keys: [key],
      message: `${host} can be reached from other machines, unencrypted: set otherMachines: true if that is wanted`,
    })),
    ...sharedFolders(callers).map((index) => ({
      keys: ['callers', index, 'folder'],
      message: 'is the folder of another caller: nobody would know whose orders lie there',
    })),
    ...callers.flatMap((caller, index) =>
      callerFaults(caller, settings).map(({ key, message }) => ({ keys: ['callers', index, key], message })),
    ),
  ];
}

/** Which callers have a folder that an earlier one has. */
function sharedFolders(callers: readonly CallerSettings[]): number[] {
  const folders = callers.map(({ folder }) => folder && resolve(folder));
  return folders.flatMap((folder, index) => (folder && folders.indexOf(folder) !== index ? [index] : []));
}

function callerFaults(caller: CallerSettings, { tcp, udp }: TapiMasterSettings): { key: string; message: string }[] {
  const { key, addresses, plainGet, folder } = caller;
  const hasWay = key !== undefined || addresses.length > 0;
  const faults: { key: string; message: string }[] = [];
  if (!hasWay && folder === undefined) {
    faults.push({ key: 'user', message: 'can be recognised by nothing: give this caller key, addresses or folder' });
  }
  if (hasWay && tcp === undefined && udp === undefined) {
    faults.push({ key: 'user', message: 'has nowhere to call: set tcp or udp' });
  }
  if (plainGet && (key !== undefined || addresses.length === 0)) {
    faults.push({ key: 'plainGet', message: 'goes by the address alone: it needs addresses, and no key' });
  }
  return faults;
}

/** What an administrator takes upon himself with these settings, a sentence each; told at every start and by the doctor. */
export function risksOf({ tcp, udp, origins, callers, acceptUnterminated }: TapiMasterSettings): string[] {
  const isOpen = [tcp, udp].some((address) => address !== undefined && !isThisMachine(address.host));
  const byAddress = callers.filter(({ key, addresses }) => key === undefined && addresses.length > 0);
  const isShared = byAddress.some(({ addresses }) => addresses.some((one) => /^(?:127\.|::1$)/.test(one)));
  const keyed = callers.some(({ key }) => key !== undefined);
  return [
    ...(callers.some(({ plainGet }) => plainGet)
      ? [
          'plainGet: whatever runs on an allowed address can dial by opening an address, without a key. Requests that look like a browser’s are refused, so that no web page can do it; a program that asks like a browser is refused, too',
        ]
      : []),
    ...(isShared
      ? [
          'addresses: 127.0.0.1 stands for everybody who is signed in at this machine; on a terminal server give each a key',
        ]
      : []),
    ...(byAddress.length > 0 && isOpen
      ? ['addresses: whoever can take an address on this network dials as its user']
      : []),
    ...(byAddress.length > 0 && udp !== undefined
      ? ['udp: the sender of a datagram can be forged; whoever forges an allowed address dials as its user']
      : []),
    ...(keyed && isOpen ? ['key: this interface has no encryption, keys can be read on the way'] : []),
    ...(origins.length > 0 ? [`origins: pages of ${origins.join(', ')} can dial as long as they know a key`] : []),
    ...(acceptUnterminated
      ? ['acceptUnterminated: a program that dies in the middle of a number has its beginning dialled']
      : []),
  ];
}

/** Whether a host can only mean this machine. */
function isThisMachine(host: string): boolean {
  return /^(?:127(?:\.[0-9]{1,3}){3}|localhost|\[?::1\]?)$/.test(host);
}

function isAddressOrNet(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^[0-9]{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}
