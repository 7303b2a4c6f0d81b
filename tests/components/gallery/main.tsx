// A page with every state of a view: `?sheet=popup&lang=de`, or one state alone by `&only=NAME`, as its own page would
// show it. Made for looking at the real components with sample data, without a browser extension around them.
import '@fontsource/inter/latin-400.css';
import '@fontsource/inter/latin-500.css';
import '@fontsource/inter/latin-600.css';
import './gallery.css';
import { Fragment, render, type VNode } from 'preact';
import { WordsContext } from '#components/words.ts';
import { wordsOf } from '../test-words.ts';
import type { GalleryWindow } from './gallery-window.ts';
import type { Sheet } from './sheet.ts';

const SHEETS: Record<string, () => Promise<{ sheet: Sheet }>> = {
  popup: () => import('./popup-sheet.tsx'),
  sidepanel: () => import('./sidepanel-sheet.tsx'),
  options: () => import('./options-sheet.tsx'),
  caller: () => import('./caller-sheet.tsx'),
  confirm: () => import('./confirm-sheet.tsx'),
  journal: () => import('./journal-sheet.tsx'),
  chip: () => import('./chip-sheet.tsx'),
};

const params = new URLSearchParams(location.search);
const language = params.get('lang') ?? 'en';
const words = wordsOf(language);

function draw(view: VNode): void {
  const root = document.getElementById('view') ?? document.body;
  render(<WordsContext.Provider value={words}>{view}</WordsContext.Provider>, root);
}

// Each state is a page of its own in its frame, as large as the view is in the browser.
function All({ sheet }: { sheet: Sheet }) {
  const [width, height] = [params.get('width') ?? '380', params.get('height') ?? '600'];
  return (
    <div class="sheet">
      {Object.keys(sheet.states).map((name) => (
        <figure class="frame" key={name}>
          <figcaption class="frame__name">{name}</figcaption>
          <iframe title={name} class="frame__view" src={addressOf(name)} width={width} height={height} />
        </figure>
      ))}
    </div>
  );
}

function addressOf(only: string): string {
  return `?${new URLSearchParams([...params, ['only', only]])}`;
}

async function start(): Promise<void> {
  const { sheet } = await (SHEETS[params.get('sheet') ?? ''] ?? SHEETS['popup']!)();
  const { documentElement } = document;
  documentElement.lang = language;
  documentElement.dataset['font'] = params.get('font') ?? 'own';
  documentElement.classList.toggle('is-alone', params.has('only'));
  const only = params.get('only');
  // A key of its own for each: nothing of the view before it stays.
  const drawAlone = (name: string) =>
    draw(<Fragment key={name}>{sheet.states[name]?.() ?? <p>no {name}</p>}</Fragment>);
  if (only === null) draw(<All sheet={sheet} />);
  else drawAlone(only);
  await document.fonts.ready;
  const asked: GalleryWindow = {
    states: Object.keys(sheet.states),
    draw(name) {
      drawAlone(name);
      scrollTo(0, 0);
    },
    drawNamed(name) {
      if (!sheet.named) return false;
      draw(<Fragment key={name}>{sheet.named(name)}</Fragment>);
      return true;
    },
  };
  window.gallery = asked;
}

await start();
