// The ringtone can be silenced where the call is seen, in every view, and only while there is something to be heard.
import type { Call } from '@offhook/protocol';
import { expect, test, vi } from 'vitest';
import { CallerView } from '#components/CallerView.tsx';
import { PopupView } from '#components/PopupView.tsx';
import { SidePanelView } from '#components/SidePanelView.tsx';
import { EMPTY_JOURNAL } from '#lib/journal.ts';
import { aCall, aLine, aState } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { samplePairingOf } from './gallery/sample-pairing.ts';
import { mount, settle } from './mount.tsx';

const MUTE = 'Mute ringtone';
const VIEWS = ['side panel', 'popup', 'caller window'] as const;

async function open(view: (typeof VIEWS)[number], { rings, call }: { rings: boolean; call: Call }) {
  const worker = createFakeWorker();
  const phone = aState([aLine({ calls: [call] })]);
  const shared = {
    desk: { phone, journal: EMPTY_JOURNAL },
    settings: settingsOf({ settings: { rings } }),
    send: worker.send,
    onChangeSettings: async () => undefined,
    onOpenOptions: vi.fn(),
    onOpenJournal: vi.fn(),
    pairing: samplePairingOf({ state: phone }),
  };
  const views = {
    'side panel': <SidePanelView {...shared} />,
    popup: (
      <PopupView
        {...shared}
        site={{ type: 'none' }}
        onEnableSite={async () => 'denied' as const}
        onPairHere={async () => ({ type: 'paired', userName: 'Mia Sample' }) as const}
      />
    ),
    'caller window': <CallerView {...shared} onClose={vi.fn()} />,
  };
  const mounted = await mount(views[view]);
  await settle();
  return { worker, mounted };
}

const offered = aCall({ state: 'offering' });

test.each(VIEWS)('a call that rings aloud is silenced in the %s, once', async (view) => {
  const { worker, mounted } = await open(view, { rings: true, call: offered });
  await mounted.click(MUTE);
  expect([worker.asked('mute-ring').length, mounted.button(MUTE)?.disabled]).toEqual([1, true]);
});

test.each(VIEWS)(
  'the %s offers it neither for a call that runs, nor where this browser does not ring',
  async (view) => {
    const { mounted: running } = await open(view, { rings: true, call: aCall() });
    const { mounted: silent } = await open(view, { rings: false, call: offered });
    expect([running.button(MUTE), silent.button(MUTE)]).toEqual([undefined, undefined]);
  },
);
