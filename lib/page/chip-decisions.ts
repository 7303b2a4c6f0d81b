// What the agent decides on the card about the page's site, and its undoing. The page is read anew when a decision holds, and
// its marks with it: what is shown afterwards stands for the decision, or for the same digits as they are read now.
import type { Send } from '#lib/messages.ts';
import type { SiteWish } from '#lib/site-wishes.ts';
import type { Stage } from './chip-stage.ts';
import type { Target } from './target.ts';

/** What is said about a decision. */
export interface DecisionView {
  type: 'decided';
  wish: SiteWish;
  site: string;
  /** The digits are no number any more where that was not what was asked for. */
  isNone: boolean;
}

export interface Decisions {
  notNumber(): void;
  alwaysColumn(): void;
  /** Numbers of the site without country code are read by this country. */
  country(code: string): void;
  undo(): void;
  /** Whether something is decided or said about it, so that the page may be read anew around it. */
  areOpen(): boolean;
  /** Whether that is said where no number is shown any more. */
  areShown(): boolean;
  forget(): void;
}

// Long enough to see what it did to the page.
const SAID_MS = 8_000;
// The page is read anew within this, as far as it is seen.
const LOOK_EVERY_MS = 80;
const MOST_LOOKS = 20;

/**
 * Asked before a decision, it answers what finds the number at the place of a target as it is read by then: undefined for
 * as long as there is none, `elsewhere` where the page's text does not hold it (a link, what was selected).
 */
export type LookOut = () => (before: Target) => Target | 'elsewhere' | undefined;

/** The decisions of one card. */
export function createDecisions(options: {
  stage: Stage;
  send: Send;
  lookOut: LookOut;
  /** A pointer that merely rests where the card was means nothing from now on. */
  forgetPointer: () => void;
  onOver: () => void;
}): Decisions {
  const { stage, send, lookOut, forgetPointer, onOver } = options;
  let state: 'none' | 'asking' | 'on-card' | 'shown' = 'none';
  let takingBack: SiteWish | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  const forget = () => {
    clearTimeout(timer);
    turn += 1;
    state = 'none';
    takingBack = undefined;
  };
  const say = (view: DecisionView) => {
    state = 'shown';
    forgetPointer();
    stage.replace(view);
    timer = setTimeout(onOver, SAID_MS);
  };
  const decide = async (wish: SiteWish, done: (before: Target, mine: number) => void) => {
    const shown = stage.shown();
    if (!shown || state === 'asking') return;
    forget();
    const mine = turn;
    state = 'asking';
    const result = await send('site-wish', { wish }).catch(() => ({ type: 'failed', why: 'browser-failed' }) as const);
    if (mine !== turn) return;
    if (result.type === 'failed') {
      state = 'none';
      return stage.note({ type: 'not-done', why: result.why });
    }
    takingBack = result.before;
    done(shown.target, mine);
  };
  const siteOfCard = () => stage.card()?.reading.choices.site ?? '';
  return {
    notNumber() {
      const text = stage.shown()?.target.text.trim().slice(0, 100);
      const site = siteOfCard();
      if (!text) return;
      const wish: SiteWish = { name: 'not-number', text, isOn: true };
      void decide(wish, () => say({ type: 'decided', wish, site, isNone: false }));
    },
    alwaysColumn() {
      const title = stage.card()?.reading.choices.column;
      const site = siteOfCard();
      if (title === undefined) return;
      const wish: SiteWish = { name: 'always-column', title, isOn: true };
      void decide(wish, () => say({ type: 'decided', wish, site, isNone: false }));
    },
    country(code) {
      const { reading } = stage.card() ?? {};
      if (!reading?.country || reading.country.code === code) return;
      const { site } = reading.choices;
      const isRecord = reading.country.source === 'record';
      const wish: SiteWish = { name: 'country', country: code, ...(isRecord && { ignoresRecordCountry: true }) };
      const find = lookOut();
      const look = (before: Target, mine: number, looks: number) => {
        if (mine !== turn) return;
        const target = find(before);
        if (target === 'elsewhere') return say({ type: 'decided', wish, site, isNone: false });
        if (target && stage.open(target, { type: 'country', country: code, site })) {
          state = 'on-card';
          return;
        }
        if (looks >= MOST_LOOKS) return say({ type: 'decided', wish, site, isNone: true });
        timer = setTimeout(() => look(before, mine, looks + 1), LOOK_EVERY_MS);
      };
      void decide(wish, (before, mine) => look(before, mine, 0));
    },
    undo() {
      const wish = takingBack;
      if (!wish) return;
      forget();
      void send('site-wish', { wish }).catch(() => undefined);
      forgetPointer();
      onOver();
    },
    areOpen: () => state !== 'none',
    areShown: () => state === 'shown',
    forget,
  };
}
