// A dial field with a worker that answers when it is told to: what the tests of the field share.
import type { Line } from '@offhook/protocol';
import { vi } from 'vitest';
import { DialField } from '#components/DialField.tsx';
import { aLine } from './builders.ts';
import { createFakeWorker } from './fake-worker.ts';
import { mount, settle } from './mount.tsx';

/** The field that is typed into. */
export const FIELD = '.dial__input';
/** A number as the relay reads it. */
export const berlin = { kind: 'e164', number: '+493023125042' } as const;

/** The field, drawn until the end of the test. Time must be a fake one. */
export async function field({ lines = [aLine()], canOrder = true, colleagues = [] as readonly Line[] } = {}) {
  const worker = createFakeWorker();
  const draw = (change: { canOrder: boolean; colleagues?: readonly Line[] }) => (
    <DialField
      ownLines={lines}
      colleagues={(change.colleagues ?? colleagues).map((line) => ({ line, receivedAt: Date.now() }))}
      defaultLineId={undefined}
      send={worker.send}
      age={{ now: Date.now(), staleSince: undefined, isFresh: true }}
      canOrder={change.canOrder}
      isFocused={false}
    />
  );
  const view = await mount(draw({ canOrder }));
  await settle();
  return { worker, view, redraw: (change: Parameters<typeof draw>[0]) => view.redraw(draw(change)) };
}

/** Lets time pass, and what came of it be drawn. */
export async function wait(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}
