// The list of the page's numbers, opened by a key: it is part of the toolbar's popup, which learns by a note in session
// storage what it was opened for. A note that is not fresh is nobody's wish any more.
import * as v from 'valibot';
import type { Browser } from 'webextension-polyfill';

const KEY = 'popupOpensAt';
const FRESH_MS = 5_000;

/** Opens the popup with the list; false where the browser does not open it, as without a window. */
export async function openNumberList({ storage, action }: Pick<Browser, 'storage' | 'action'>): Promise<boolean> {
  await storage.session.set({ [KEY]: Date.now() });
  return action.openPopup().then(
    () => true,
    () => false,
  );
}

/** Whether this popup was opened for the list. Asked once: the note is gone afterwards. */
export async function wasOpenedForNumbers({ storage }: Pick<Browser, 'storage'>): Promise<boolean> {
  const read = v.safeParse(v.number(), (await storage.session.get(KEY))[KEY]);
  if (!read.success) return false;
  await storage.session.remove(KEY);
  return Date.now() - read.output < FRESH_MS;
}
