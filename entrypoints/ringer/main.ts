// The page that rings in Chromium: plays what its address says, until the worker closes it. Unseen, and deaf to messages.
import { systemClock } from '#lib/clock.ts';
import { readRing } from '#lib/ring-page.ts';
import { pageRingPlayer } from '#lib/ring-player.ts';

const player = pageRingPlayer(systemClock.after);
// Whether the browser lets it be heard, for whoever looks.
player.set(readRing(location.hash)).then(
  () => {
    document.title = 'playing';
  },
  (error: unknown) => {
    document.title = String(error);
  },
);
