// What a person does on a hostile page and what the page may have read by then, the same in each browser.
import type { Page } from 'puppeteer';
import type { Press } from '../fixtures/hostile/hostile-page.ts';
import type { Spot } from './hostile-ground.ts';

/** A point in the window. */
export interface Place {
  x: number;
  y: number;
}

/** As long as a person looks before pressing, milliseconds. */
export const SEEN_MS = 520;

/** Where a person could press. */
export interface Where {
  spot: Spot | undefined;
  place: Place | undefined;
  placeOf: (id: string) => Promise<Place | undefined>;
}

/** Presses once, as the page is to be pressed. */
export async function pressAs(page: Page, press: Press, { spot, place, placeOf }: Where): Promise<void> {
  const { mouse, keyboard } = page;
  const chip = spot ?? place;
  const pressable = {
    number: place,
    link: await placeOf('link'),
    fake: await placeOf('fake'),
    body: { x: 700, y: 600 },
  };
  switch (press) {
    case 'Enter':
      return await keyboard.press(press);
    case 'Space':
      return await keyboard.press(' ');
    case 'number':
    case 'link':
    case 'fake':
    case 'body': {
      const target = pressable[press];
      if (target) await mouse.click(target.x, target.y, { delay: 20 });
      return;
    }
    default:
      if (chip) await pressOnChip(page, press, chip);
  }
  async function pressOnChip(_: Page, how: string, { x, y }: { x: number; y: number }): Promise<void> {
    const away = { x: x + 300, y: y + 200 };
    const [from, to] = how.endsWith('on')
      ? [away, { x, y }]
      : how.endsWith('off')
        ? [{ x, y }, away]
        : [
            { x, y },
            { x, y },
          ];
    if (how.endsWith('Ctrl')) await keyboard.down('Control');
    await mouse.move(from.x, from.y, { steps: 3 });
    await mouse.down();
    if (from !== to) await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
    if (how.endsWith('Ctrl')) await keyboard.up('Control');
  }
}

// Each look by itself: what the page has broken must not hide what it can still read.
/** Reads everything that scripts of a page can look at, in the page. */
export const READ_EVERYTHING = `(() => {
  const parts = [];
  const look = (read) => { try { parts[parts.length] = String(read()); } catch (error) { parts[parts.length] = String(error?.stack); } };
  look(() => H.log.join('\\n'));
  look(() => document.documentElement.outerHTML);
  look(() => document.documentElement.textContent);
  look(() => performance.getEntries().map(({ name }) => name).join('\\n'));
  look(() => [...CSS.highlights].map(([name, ranges]) => name + [...ranges].map((range) => range.startContainer.textContent)).join('\\n'));
  look(() => [...document.adoptedStyleSheets].flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join('\\n'));
  look(() => [...document.styleSheets].map((sheet) => sheet.href).join('\\n'));
  look(() => [...document.fonts].map((font) => font.family + font.status).join('\\n'));
  look(() => [...document.querySelectorAll('*')].map((element) => element.shadowRoot?.innerHTML ?? '').join('\\n'));
  look(() => { document.execCommand('selectAll'); const text = String(getSelection()); getSelection().removeAllRanges(); return text; });
  look(() => { const host = H.hostNow(); return host && [host.innerText, host.getHTML?.({ serializableShadowRoots: true }), getComputedStyle(host).content, host.ariaLabel].join('\\n'); });
  look(() => Object.getOwnPropertyNames(window).filter((name) => /offhook|chrome-ext/i.test(name)).join('\\n'));
  look(() => JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }, document.cookie]));
  look(() => document.getAnimations().length);
  return parts.join('\\n');
})()`;
