// The world around the pop-ups' worker: what survives it when it dies, and a way to let it die at any moment.

import type { Fact } from '@offhook/protocol';
import type { NotificationContent } from '#lib/call-notice.ts';
import { type Caller, type CallerOptions, createCaller } from '#lib/caller.ts';
import type { OrderResult } from '#lib/messages.ts';
import { aState } from '../components/builders.ts';
import { wordsOf } from '../components/test-words.ts';
import { createFakeStorage } from './storage.ts';

/** What survives a worker: the browser's notifications and session storage, and what the relay was told. */
export function createSurvivors({ kind = 'chrome' as 'chrome' | 'firefox' } = {}) {
  return {
    kind,
    memory: createFakeStorage(),
    standing: new Map<string, NotificationContent>(),
    created: [] as string[],
    updated: [] as string[],
    seen: [] as string[],
    dismissed: [] as string[],
    given: [] as object[],
    opened: [] as string[],
    result: { type: 'done' } as OrderResult,
    mayNotify: true,
    facts: [] as readonly Fact[],
    isSpeaker: (_callId: string) => true,
    state: aState([]),
    /** Until the picture of a worker that was only just started is there. */
    settling: Promise.resolve() as Promise<unknown>,
  };
}
/** See `createSurvivors`. */
export type Survivors = ReturnType<typeof createSurvivors>;

/**
 * A worker whose every call to the browser goes through `step` on its way out and on its way back; a step that never
 * ends is the worker's death there.
 */
export function startCaller(world: Survivors, step: () => Promise<void> = async () => {}): Caller {
  const { memory, standing, kind } = world;
  const listed = () => (kind === 'chrome' ? Object.fromEntries([...standing.keys()].map((id) => [id, true])) : {});
  const options: CallerOptions = {
    notifications: {
      async create(id, content) {
        await step();
        world.created.push(id);
        standing.set(id, structuredClone(content));
        await step();
      },
      async clear(id) {
        await step();
        standing.delete(id);
        await step();
      },
      async getAll() {
        await step();
        const all = listed();
        await step();
        return all;
      },
      ...(kind === 'chrome' && {
        async update(id: string, content: NotificationContent) {
          await step();
          world.updated.push(id);
          if (standing.has(id)) standing.set(id, structuredClone(content));
          await step();
        },
      }),
    },
    memory: {
      async get(key) {
        await step();
        const found = await memory.get(key);
        await step();
        return found;
      },
      async set(items) {
        await step();
        await memory.set(items);
        await step();
      },
      remove: memory.remove,
    },
    iconUrl: 'icon/128.png',
    hasButtons: kind === 'chrome',
    words: () => wordsOf('en'),
    state: () => world.state,
    facts: { of: async () => world.facts, forget: async () => {} },
    settled: () => world.settling,
    named: async () => undefined,
    maySpeak: (callId) => world.isSpeaker(callId),
    async mayNotify() {
      await step();
      return world.mayNotify;
    },
    async give(order) {
      world.given.push(order);
      return world.result;
    },
    openContact: async (url) => world.opened.push(url),
    seen: (callId, action) => world.seen.push(`${action} ${callId}`),
    onDismissed: (callId) => world.dismissed.push(callId),
  };
  return createCaller(options);
}
