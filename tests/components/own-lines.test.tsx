// What an own line says besides its state: messages that wait, and what its phone system leaves out.
import { PBX_RESTRICTIONS } from '@offhook/protocol';
import { describe, expect, test } from 'vitest';
import { OwnLines } from '#components/OwnLines.tsx';
import type { Orders } from '#components/use-orders.ts';
import { aLine } from './builders.ts';
import { mount } from './mount.tsx';

const NO_ORDERS: Orders = { of: () => undefined, give: () => undefined, dismiss: () => undefined };

function ownLines(line: Parameters<typeof aLine>[0], density: 'full' | 'brief' = 'full') {
  const held = { line: aLine(line), receivedAt: 0 };
  return (
    <OwnLines
      lines={[held]}
      age={{ isFresh: true, staleSince: undefined, now: 0 }}
      orders={NO_ORDERS}
      canOrder
      density={density}
    />
  );
}

describe('messages that wait', () => {
  test('are counted beside what is set', async () => {
    expect((await mount(ownLines({ voicemail: 2 }))).text()).toContain('2 new messages');
    expect((await mount(ownLines({ voicemail: 1 }), { language: 'de' })).text()).toContain('1 neue Nachricht');
  });

  test('are not spoken of where there are none', async () => {
    expect((await mount(ownLines({ voicemail: 0 }))).text()).not.toContain('message');
    expect((await mount(ownLines({}))).text()).not.toContain('message');
  });
});

describe('a line with several phones', () => {
  const devices = [
    { deviceId: 'desk', name: 'Desk phone' },
    { deviceId: 'mobile', name: 'Mobile' },
  ];

  function choice(phones: Record<string, string>, chosen: unknown[] = []) {
    return (
      <OwnLines
        lines={[{ line: aLine({ devices }), receivedAt: 0 }]}
        age={{ isFresh: true, staleSince: undefined, now: 0 }}
        orders={NO_ORDERS}
        canOrder
        density="full"
        phones={phones}
        onPhone={(...args) => chosen.push(args)}
      />
    );
  }

  test('lets the agent choose which one rings first, and shows the choice', async () => {
    const chosen: unknown[] = [];
    const view = await mount(choice({ 'line-18': 'mobile' }, chosen));
    const select = view.root.querySelector('select');
    expect(select?.value).toBe('mobile');
    for (const value of ['desk', '']) {
      if (select) select.value = value;
      select?.dispatchEvent(new Event('change', { bubbles: true }));
    }
    expect(chosen).toEqual([
      ['line-18', 'desk'],
      ['line-18', undefined],
    ]);
  });

  test('shows the usual one when the chosen one is not there any more', async () => {
    expect((await mount(choice({ 'line-18': 'gone' }))).root.querySelector('select')?.value).toBe('');
  });

  test('has nothing to choose with one phone', async () => {
    expect((await mount(ownLines({ devices: devices.slice(0, 1) }))).root.querySelector('select')).toBeNull();
  });
});

describe('what a phone system leaves out', () => {
  test('is there for who opens it, each in words', async () => {
    const view = await mount(ownLines({ restrictions: ['group-calls-not-reported', 'drop-own-calls-only'] }));
    const items = [...view.root.querySelectorAll('details li')].map((item) => item.textContent);
    expect(items).toEqual([
      'Calls to groups and queues are not reported, or only in part.',
      'From here, only calls that were started here can be ended.',
    ]);
    expect(view.root.querySelector('details')?.open).toBe(false);
  });

  test('has words of its own for every code, in both languages', async () => {
    for (const language of ['en', 'de'] as const) {
      const view = await mount(ownLines({ restrictions: [...PBX_RESTRICTIONS] }), { language });
      const items = [...view.root.querySelectorAll('details li')].map((item) => item.textContent ?? '');
      expect(new Set(items).size).toBe(PBX_RESTRICTIONS.length);
      expect(items.filter((text) => text.startsWith('restriction_'))).toEqual([]);
    }
  });

  test('takes no room where nothing is left out, nor in the quick view', async () => {
    expect((await mount(ownLines({}))).root.querySelector('details')).toBeNull();
    const brief = await mount(ownLines({ restrictions: ['drop-own-calls-only'] }, 'brief'));
    expect(brief.root.querySelector('details')).toBeNull();
  });
});
