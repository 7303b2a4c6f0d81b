// Do-not-disturb and forwards, as the database of Asterisk keeps them: plainly (a dial plan of one's own reads them), or as
// FreePBX does, with the device states that its phones' lamps show. It writes nothing but the one line's entries.
import { PbxError } from '../driver.ts';
import type { AmiConnection } from './connection.ts';
import type { Grants } from './grants.ts';
import type { AmiAction, AmiMessage } from './wire.ts';

/** When a forward holds. */
export type ForwardWhen = 'all' | 'busy' | 'noAnswer';

/** What a line has switched on; a forward by when it holds. */
export interface Features {
  dnd: boolean;
  forwards: Partial<Record<ForwardWhen, string>>;
}

const FAMILIES = { dnd: 'DND', all: 'CF', busy: 'CFB', noAnswer: 'CFU' } as const;
type Family = keyof typeof FAMILIES;
const FAMILY_KEYS = Object.keys(FAMILIES) as Family[]; // the keys of a literal

type Wire = Pick<AmiConnection, 'ask' | 'list'>;

/** The features of every line that has any on; of `extensions` only, where they must be asked for one by one. */
export async function readAllFeatures(
  wire: Wire,
  { extensions, grants }: { extensions: readonly string[]; grants: Grants },
): Promise<Map<string, Features>> {
  const found = new Map<string, Features>();
  if (!grants.hasDbTree) {
    await Promise.all(extensions.map(async (one) => found.set(one, await readFeatures(wire, one))));
    return found;
  }
  const trees = await Promise.all(FAMILY_KEYS.map(async (family) => ({ family, items: await tree(wire, family) })));
  for (const { family, items } of trees) {
    for (const item of items) {
      const extension = item['Key']?.split('/').at(-1) ?? '';
      const features = found.get(extension) ?? { dnd: false, forwards: {} };
      found.set(extension, features);
      enter(features, family, item['Val']);
    }
  }
  return found;
}

/** What one line has switched on. */
export async function readFeatures(wire: Wire, extension: string): Promise<Features> {
  const features: Features = { dnd: false, forwards: {} };
  await Promise.all(
    FAMILY_KEYS.map(async (family) => {
      const [item] = await emptyIfRefused(wire.list({ Action: 'DBGet', Family: FAMILIES[family], Key: extension }));
      enter(features, family, item?.['Val']);
    }),
  );
  return features;
}

function enter(features: Features, family: Family, value: string | undefined): void {
  if (family === 'dnd') features.dnd = value !== undefined && value !== '';
  else if (value) features.forwards[family] = value;
}

async function tree(wire: Wire, family: Family): Promise<AmiMessage[]> {
  return await emptyIfRefused(wire.list({ Action: 'DBGetTree', Family: FAMILIES[family] }));
}

// An entry that is not there is answered like one that may not be read.
async function emptyIfRefused(items: Promise<AmiMessage[]>): Promise<AmiMessage[]> {
  try {
    return await items;
  } catch (error) {
    if (error instanceof PbxError && error.code === 'pbx-rejected') return [];
    throw error;
  }
}

/** Switches do-not-disturb of a line. Throws `pbx-rejected` when the phone system refuses. */
export async function writeDnd(
  wire: Wire,
  { extension, on, style }: { extension: string; on: boolean; style: 'astdb' | 'freepbx' },
): Promise<void> {
  await put(wire, { family: 'dnd', extension, value: on ? 'YES' : undefined });
  await showState(wire, `Custom:DND${extension}`, on ? 'BUSY' : 'NOT_INUSE');
  if (style === 'freepbx') await showState(wire, `Custom:DEVDND${extension}`, on ? 'BUSY' : 'NOT_INUSE');
}

/** Switches a forward of a line; without `to` off, and then every kind of it. Throws like `writeDnd`. */
export async function writeForward(
  wire: Wire,
  {
    extension,
    when,
    to,
    style,
  }: { extension: string; when: ForwardWhen; to: string | undefined; style: 'astdb' | 'freepbx' },
): Promise<void> {
  await put(wire, { family: when, extension, value: to });
  if (when !== 'all') return;
  const state = to === undefined ? 'NOT_INUSE' : 'BUSY';
  await showState(wire, `Custom:CF${extension}`, state);
  if (style === 'freepbx') await showState(wire, `Custom:DEVCF${extension}`, state);
}

async function put(
  wire: Wire,
  { family, extension, value }: { family: Family; extension: string; value: string | undefined },
): Promise<void> {
  const place = { Family: FAMILIES[family], Key: extension };
  if (value !== undefined) return must(wire, { Action: 'DBPut', ...place, Val: value });
  const answer = await wire.ask({ Action: 'DBDel', ...place });
  if (answer['Response'] === 'Success') return;
  // What is not there is refused in the same words as what cannot be taken away (Asterisk 16): only looking tells which.
  const [still] = await emptyIfRefused(wire.list({ Action: 'DBGet', ...place }));
  if (still) throw new PbxError('pbx-rejected', `DBDel: ${answer['Message']}`);
}

async function showState(wire: Wire, device: string, state: string): Promise<void> {
  await must(wire, { Action: 'Setvar', Variable: `DEVICE_STATE(${device})`, Value: state });
}

async function must(wire: Wire, action: AmiAction): Promise<void> {
  const answer = await wire.ask(action);
  if (answer['Response'] === 'Success') return;
  throw new PbxError('pbx-rejected', `${action.Action}: ${answer['Message']}`);
}
