// Ringing in Chromium, whose worker has no sound: a page of ours that nobody sees, there for as long as it rings. What to
// play stands behind its address, so that it hears no messages and nobody but us can tell it anything.
import * as v from 'valibot';
import { createTurns } from './in-turn.ts';
import type { Ring, RingPlayer } from './ringer.ts';
import { ToneSchema } from './ringtone-settings.ts';

// The page that rings.
const RING_PAGE = 'ringer.html';

/** Chromium's hidden pages, as far as they are used; the polyfill does not know them. */
export interface HiddenPages {
  create(url: string): Promise<void>;
  close(): Promise<void>;
  /** The address of the one that is there; undefined: none. */
  current(): Promise<string | undefined>;
}

/** Has the hidden page ring. What an earlier worker began is known by the page's address. */
export function createHiddenPlayer(pages: HiddenPages): RingPlayer {
  const inTurn = createTurns();
  return {
    set: (ring) =>
      inTurn(async () => {
        const wanted = ring && RING_PAGE + hashOf(ring);
        const current = await pages.current();
        if (current === undefined ? wanted === undefined : wanted !== undefined && current.endsWith(`/${wanted}`))
          return;
        if (current !== undefined) await pages.close();
        if (wanted !== undefined) await pages.create(wanted);
      }),
  };
}

/** Chromium's own hidden pages. */
export function hiddenPagesOf({ offscreen, runtime }: Pick<typeof chrome, 'offscreen' | 'runtime'>): HiddenPages {
  return {
    create: (url) =>
      offscreen.createDocument({ url, reasons: ['AUDIO_PLAYBACK'], justification: 'Rings when somebody calls.' }),
    // It may have gone by itself meanwhile, as one that plays nothing does.
    close: () => offscreen.closeDocument().catch(() => undefined),
    async current() {
      const [page] = await runtime.getContexts({ contextTypes: ['OFFSCREEN_DOCUMENT'] });
      return page?.documentUrl;
    },
  };
}

const RingSchema = v.object({
  tone: ToneSchema,
  volume: v.pipe(v.string(), v.transform(Number), v.minValue(0), v.maxValue(1)),
  device: v.optional(v.string()),
});

/** What stands behind the address of the page that rings; undefined where it is no ring. */
export function readRing(hash: string): Ring | undefined {
  const read = v.safeParse(RingSchema, Object.fromEntries(new URLSearchParams(hash.replace(/^#/, ''))));
  return read.success ? read.output : undefined;
}

function hashOf({ tone, volume, device }: Ring): string {
  return `#${new URLSearchParams({ tone, volume: String(volume), ...(device !== undefined && { device }) })}`;
}
