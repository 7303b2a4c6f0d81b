// Plays recordings of a real Asterisk to the driver, over the fake manager interface, in the recording's own time.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { locationOf } from '@offhook/protocol/location-settings';
import * as v from 'valibot';
import { openAsteriskDriver } from '../../../../relay/src/pbx/asterisk/driver.ts';
import { type AsteriskOptions, AsteriskOptionsSchema } from '../../../../relay/src/pbx/asterisk/options.ts';
import { type AmiServer, type Packet, startAmiServer } from '../../../fakes/asterisk/ami-server.ts';
import { BEACON, createOffice, type Office } from '../../../fakes/asterisk/office.ts';
import { createFakeClock, type FakeClock } from '../../../fakes/clock.ts';
import { type Company, openCompany } from '../company.ts';

const TRACES = join(import.meta.dirname, '../../../fixtures/asterisk/traces');
const BERLIN = locationOf({
  country: 'DE',
  areaCode: '30',
  outsideLine: '0',
  internal: { minDigits: 2, maxDigits: 4 },
});

export interface Player {
  company: Company;
  clock: FakeClock;
  server: AmiServer;
  office: Office;
  options: AsteriskOptions;
  /** Plays a recording to its end. */
  play(recording: { at: number; event: Packet }[]): Promise<void>;
  /** All that was told so far has been heard. */
  heard(): Promise<void>;
  /** Every step of every call of a line, in the order in which they were told. */
  story(lineKey: string): string[];
  close(): Promise<void>;
}

/** The events of a recording with their time in milliseconds, `'16/01-originate-answered'`. */
export function readRecording(name: string): { at: number; event: Packet }[] {
  const text = readFileSync(join(TRACES, `${name}.txt`), 'utf8');
  return text.split(/\n\n+/).flatMap((block) => {
    const [head = '', ...lines] = block.trim().split('\n');
    if (!head.startsWith('@')) return [];
    const pairs = lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    });
    return [{ at: Number(head.slice(1)), event: Object.fromEntries(pairs) }];
  });
}

/** A driver in touch with a phone system of the recordings' four lines, on which nothing happens yet. */
export async function openPlayer(
  settings: Record<string, unknown> = {},
  running: readonly Packet[] = [],
  onListening: (port: number) => void = () => undefined,
  until: 'connected' | 'disconnected' = 'connected',
  actions?: readonly string[],
): Promise<Player> {
  const clock = createFakeClock();
  const office: Office = createOffice(['100', '101', '102', '103'], (event) => server.tell(event));
  const server = await startAmiServer({
    users: { sample: 'sample-secret' },
    ...(actions && { actions }),
    answer: (action) => {
      if (action['Action'] === 'CoreShowChannels') {
        return { response: {}, list: { items: running, complete: 'CoreShowChannelsComplete' } };
      }
      if (action['Action'] === 'Status' && action['Channel'] === undefined) {
        return { response: {}, list: { items: running, complete: 'StatusComplete' } };
      }
      return office.answer(action) ?? { response: {} };
    },
  });
  onListening(server.port);
  const options = v.parse(AsteriskOptionsSchema, {
    port: server.port,
    username: 'sample',
    password: 'env:SAMPLE',
    dialContext: 'internal',
    features: 'astdb',
    ...settings,
  });
  const company = await openCompany((context) => openAsteriskDriver(options, context, () => 'sample-secret'), {
    clock,
    location: BERLIN,
  });
  if (until === 'connected') await company.shows('in touch', '100', ({ state }) => state !== 'unknown');
  let isLit = false;

  async function heard(): Promise<void> {
    const mark = company.events.length;
    isLit = !isLit;
    server.tell({ Event: 'DeviceStateChange', Device: `PJSIP/${BEACON}`, State: isLit ? 'UNAVAILABLE' : 'NOT_INUSE' });
    await company.until(
      'the beacon',
      (event) => (event.type === 'line' && event.line.lineKey === BEACON ? event : undefined),
      mark,
    );
  }

  return {
    company,
    clock,
    server,
    office,
    options,
    heard,
    async play(recording) {
      let at = 0;
      for (let index = 0; index < recording.length; ) {
        const now = recording[index]?.at ?? at;
        const batch = recording.filter((one) => one.at === now).map(({ event }) => event);
        clock.advance(now - at);
        server.tellAll(batch);
        await heard();
        at = now;
        index += batch.length;
      }
    },
    story(lineKey) {
      const said = new Map<string, string>();
      return company.events.flatMap((event) => {
        if (event.type !== 'leg' || event.leg.lineKey !== lineKey) return [];
        const { callKey, state, cause } = event.leg;
        if (said.get(callKey) === state) return [];
        said.set(callKey, state);
        return [cause === undefined ? state : `${state}: ${cause}`];
      });
    },
    async close() {
      await company.close();
      await server.close();
    },
  };
}
