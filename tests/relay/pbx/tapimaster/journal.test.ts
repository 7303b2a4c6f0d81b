// What the journal says of a call that TAPIMaster alone was told to make: that nobody knows.
import { locationOf } from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { openTapiMasterDriver } from '../../../../relay/src/pbx/tapimaster/driver.ts';
import { TapiMasterOptionsSchema } from '../../../../relay/src/pbx/tapimaster/options.ts';
import { createFakeClock } from '../../../fakes/clock.ts';
import { startFakeTapiMaster } from '../../../fakes/tapimaster.ts';
import { openCompany } from '../company.ts';

it('an ordered call ends as unclear, with estimated times, and the line was never shown as free', async () => {
  const clock = createFakeClock();
  const tapiMaster = await startFakeTapiMaster();
  const options = v.parse(TapiMasterOptionsSchema, { port: tapiMaster.tcp, lines: [{ extension: '10' }] });
  const location = locationOf({ country: 'DE', areaCode: '30' });
  const company = await openCompany((context) => openTapiMasterDriver(options, context), { clock, location });
  await company.untilStatus('connected');
  await company.shows('unknown', '10', ({ state }) => state === 'unknown');
  const number = { kind: 'e164', number: '+493023125042' } as const;
  const order = { name: 'makeCall', args: { number } } as const;
  const { commandKey } = await company.order({ lineKey: '10', order, dialString: '03023125042' });
  await company.untilOutcome(commandKey);
  expect(company.line('10')).toMatchObject({ state: 'busy', calls: [{ state: 'initiated', answerReported: false }] });
  clock.advance(60_000);
  await company.shows('unknown again', '10', ({ state }) => state === 'unknown');
  expect(await company.entries('10')).toMatchObject([
    { direction: 'outbound', remote: { number }, isEstimated: true, outcome: 'unclear', cause: 'unknown' },
  ]);
  await company.close();
  await tapiMaster.close();
});
