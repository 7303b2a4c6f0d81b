import { act } from 'preact/test-utils';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { NoticeTest } from '#components/NoticeTest.tsx';
import type { LinkStatus } from '#lib/phone.ts';
import type { Settings } from '#lib/settings.ts';
import { aState } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { settingsOf } from './gallery/desk-fixture.ts';
import { mount, settle } from './mount.tsx';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

interface Given {
  permission?: () => Promise<'granted' | 'denied'>;
  playTone?: () => Promise<void>;
  settings?: Partial<Settings>;
  link?: LinkStatus;
}

async function notice({ settings = {}, link = { type: 'online' }, ...probes }: Given = {}) {
  const worker = createFakeWorker();
  const view = await mount(
    <NoticeTest
      state={aState([], { link })}
      settings={settingsOf({ settings })}
      notice={{ permission: async () => 'granted', playTone: async () => undefined, ...probes }}
      send={worker.send}
    />,
  );
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await act(() => void vi.advanceTimersByTime(1000));
      await settle();
    }
  };
  const checks = () => [...view.root.querySelectorAll('.check')].map((check) => check.textContent.trim());
  return { view, worker, pass, checks };
}

test('looks at link, notifications, window and sound, then rings after a moment for putting another window in front', async () => {
  const { view, worker, pass, checks } = await notice();
  expect(checks()).toEqual([
    'Connection to the phone system ready',
    'Notifications not checked yet',
    'Caller window ready',
    'Sound not checked yet',
  ]);
  await view.click('Test now');
  await settle();
  expect(checks()).toContain('Notifications ready');
  expect(checks()).toContain('Sound ready');
  expect(view.text()).toContain('The test call comes in 5 seconds.');
  await pass(4);
  expect(view.text()).toContain('The test call comes in 1 second.');
  expect(worker.asked('sample-call')).toEqual([]);
  await pass(1);
  worker.last('sample-call').answer({ callId: 'sample:1' });
  await settle();
  expect(view.text()).toContain('Did you notice it?');
});

async function rung(given: Given = {}) {
  const all = await notice(given);
  await all.view.click('Test now');
  await all.pass(5);
  all.worker.last('sample-call').answer({ callId: 'sample:1' });
  await settle();
  return all;
}

test('noticed: all is well', async () => {
  const { view } = await rung();
  await view.click('Yes, I noticed it');
  expect(view.text()).toContain('Real calls reach you the same way');
  expect(view.button('Test again')).toBeDefined();
});

test('not noticed: says what to look at, the focus mode first', async () => {
  const { view } = await rung({ settings: { showsCallerWindow: false } });
  await view.click('No');
  const remedies = [...view.root.querySelectorAll('.notice__remedies li')].map((item) => item.textContent);
  expect(remedies[0]).toContain('focus mode');
  expect(remedies).toContain('You switched it off under “Calls” above.');
});

test('each thing that is not as it should be has its remedy', async () => {
  const { view, checks } = await notice({
    permission: async () => 'denied',
    playTone: () => Promise.reject(new Error('no device')),
    settings: { showsCallerWindow: false },
    link: { type: 'offline' },
  });
  await view.click('Test now');
  await settle();
  expect(checks()).toEqual([
    'Connection to the phone system needs attentionWithout it no call can show here. See “Connection” above.',
    'Notifications needs attentionThe browser may not show any. Allow its notifications in the settings of your system.',
    'Caller window needs attentionYou switched it off under “Calls” above.',
    'Sound needs attentionNo sound could be played. Check the sound device of this computer.',
  ]);
});

test('notifications that the agent switched off are told as that', async () => {
  const { checks } = await notice({ settings: { notifies: false } });
  expect(checks()[1]).toContain('You switched them off');
});

test('a browser that cannot say whether it may notify counts as one that may not', async () => {
  const { view, checks } = await notice({ permission: () => Promise.reject(new Error('gone')) });
  await view.click('Test now');
  await settle();
  expect(checks()[1]).toContain('needs attention');
});

test('a test call that cannot start says so', async () => {
  const { view, worker, pass } = await notice();
  await view.click('Test now');
  await pass(5);
  worker.last('sample-call').fail();
  await settle();
  expect(view.root.querySelector('[role=alert]')?.textContent).toContain('could not start');
});

test('a quiet hour that goes on is why nothing would be noticed, and is said with its end', async () => {
  const { checks } = await notice({ settings: { quietUntil: Date.now() + 30 * 60_000 } });
  expect(checks()).toContainEqual(expect.stringMatching(/^Quiet hour needs attention.*not announced until .*End it/));
});
