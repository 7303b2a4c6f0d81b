// Everything that Asterisk knows now, asked in one go: hints, phones, channels, names, what is switched on. It fills lines and
// channels and tells nobody.
import type { Channels } from './channels.ts';
import type { AmiConnection } from './connection.ts';
import type { FeatureReader } from './feature-reader.ts';
import type { Grants } from './grants.ts';
import type { Lines } from './lines.ts';
import type { AsteriskOptions } from './options.ts';

/** What is read from where into what. */
export interface SnapshotSetup {
  wire: Pick<AmiConnection, 'ask' | 'list'>;
  channels: Channels;
  lines: Lines;
  grants: Grants;
  options: AsteriskOptions;
  features: FeatureReader;
}

/** Brings lines and channels into step. Throws when one of the lists cannot be had. */
export async function readSnapshot(setup: SnapshotSetup): Promise<void> {
  const { wire, channels, lines, grants, features } = setup;
  const mark = channels.mark();
  lines.startList();
  const hints = wire.list({ Action: 'ExtensionStateList' }, (items) => {
    for (const item of items) lines.takeHint(item);
    lines.endList();
  });
  const states = wire.list({ Action: 'DeviceStateList' }, (items) => {
    for (const item of items) lines.takeDeviceState(item);
  });
  await Promise.all([hints, states, readChannels(setup, mark)]);
  await Promise.all([readNames(setup), features.readAll(grants)]);
}

// Who may not list channels may ask each for its status; who may not even that knows calls from their first event on, and
// of those from before a break not whether they still run.
async function readChannels({ wire, channels, grants }: SnapshotSetup, mark: number): Promise<void> {
  if (!grants.reporting && !grants.call) return channels.sync([], mark);
  const Action = grants.reporting ? 'CoreShowChannels' : 'Status';
  await wire.list({ Action }, (items) => channels.sync(items, mark));
}

// What a phone's own settings call it, once per line: in the dial plan that is its caller id.
async function readNames({ wire, lines }: SnapshotSetup): Promise<void> {
  const nameless = lines.extensions().filter((extension) => !lines.hasName(extension));
  await Promise.all(
    nameless.map(async (extension) => {
      const [technology, peer] = lines.devicesOf(extension)[0]?.split('/') ?? [];
      if (peer === undefined || (technology !== 'PJSIP' && technology !== 'SIP')) return lines.takeName(extension, '');
      const Variable = technology === 'PJSIP' ? `PJSIP_ENDPOINT(${peer},callerid)` : `SIPPEER(${peer},callerid_name)`;
      const { Value = '' } = await wire.ask({ Action: 'Getvar', Variable });
      lines.takeName(extension, /^"?([^"<]*)"?\s*(?:<.*>)?$/.exec(Value)?.[1]?.trim() ?? '');
    }),
  );
}
