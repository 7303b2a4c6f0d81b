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
  // Without the right to list channels, calls are known from their first event on.
  const running = grants.reporting
    ? wire.list({ Action: 'CoreShowChannels' }, (items) => channels.sync(items, mark))
    : undefined;
  await Promise.all([hints, states, running]);
  await Promise.all([readNames(setup), features.readAll(grants)]);
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
