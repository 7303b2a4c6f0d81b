// The chip in every state, in a shadow root as on a page, with none of the views' style sheets around it.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { chipSkin } from '#components/Chip.tsx';
import { useWords } from '#components/words.ts';
import type { ChipView } from '#lib/page/chip.ts';
import { CHIP_STATES } from './chip-states.ts';
import { type Sheet, statesFrom } from './sheet.ts';

function Chip({ view }: { view: ChipView }) {
  const words = useWords();
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!host.current || host.current.shadowRoot) return;
    // Open, unlike the real one: tests look into it.
    const root = host.current.attachShadow({ mode: 'open' });
    const skin = chipSkin(words);
    const style = new CSSStyleSheet();
    style.replaceSync(skin.style);
    const fixtureFont = new CSSStyleSheet();
    // The chip names its fonts itself, since nothing of the views' tokens is on a page.
    fixtureFont.replaceSync(':host-context([data-font="fixture"]) * { font-family: Inter, sans-serif !important }');
    root.adoptedStyleSheets = [style, fixtureFont];
    const place = document.createElement('div');
    root.append(place);
    skin.render(place, view);
  }, [words, view]);
  return (
    <main class="page-sample">
      030/23125042 <div class="page-sample__chip" ref={host} />
    </main>
  );
}

export const sheet: Sheet = { states: statesFrom(CHIP_STATES, (view) => <Chip view={view} />) };
