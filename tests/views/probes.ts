// What tests ask of a drawn view; these functions run in the page. Each answers the faults that it found, in words that
// name the element; nothing here changes the page.
import type { Page } from 'puppeteer';

declare global {
  interface Window {
    probes?: ReturnType<typeof makeProbes>;
  }
}

/** Makes the probes known to the page; needed once after each navigation. */
export async function placeProbes(page: Page): Promise<void> {
  if (await page.evaluate(() => window.probes !== undefined)) return;
  await page.evaluate(`window.probes = (${makeProbes.toString()})()`);
}

// Self-contained: it is sent to the page as text.
function makeProbes() {
  const OPERABLE =
    'button, input, select, textarea, a[href], summary, [tabindex], [role=button], [role=option], [role=tab]';
  /** Inside these one Tab reaches the group, arrow keys its members. */
  const COMPOSITE =
    '[role=tablist], [role=listbox], [role=radiogroup], [role=menu], [role=toolbar], [role=grid], [role=tree]';

  const all = (): Element[] => [
    ...document.querySelectorAll('*'),
    ...[...document.querySelectorAll('*')].flatMap((one) => [...(one.shadowRoot?.querySelectorAll('*') ?? [])]),
  ];

  function isSeen(element: Element): boolean {
    const { width, height } = element.getBoundingClientRect();
    return (
      width > 1 &&
      height > 1 &&
      element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      !element.closest('.unseen, [inert]')
    );
  }

  function operable(): HTMLElement[] {
    return all().filter(
      (one): one is HTMLElement =>
        one instanceof HTMLElement && one.matches(OPERABLE) && !one.matches(':disabled') && isSeen(targetOf(one)),
    );
  }

  // A box to tick is as large as its label, and may itself be hidden behind a drawn one.
  function targetOf(element: Element): Element {
    return (
      (element instanceof HTMLInputElement && /checkbox|radio/.test(element.type) && element.closest('label')) ||
      element
    );
  }

  function nameOf(element: Element | null): string {
    if (!element) return 'nothing';
    const text = element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 30);
    return `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} "${text}"`;
  }

  function isTabbable(element: HTMLElement): boolean {
    if (element.tabIndex < 0) return false;
    if (!(element instanceof HTMLInputElement) || element.type !== 'radio') return true;
    // Of a group of radio buttons one is in the tab order.
    const group = [
      ...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name="${CSS.escape(element.name)}"]`),
    ];
    const stop = group.find(({ checked }) => checked) ?? group[0];
    return stop === element;
  }

  // Chromium lets the keyboard scroll what scrolls and holds nothing else that takes the focus.
  function isScroller(element: HTMLElement): boolean {
    const { overflowY } = getComputedStyle(element);
    const scrolls = /auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight;
    return scrolls && isSeen(element) && !operable().some((one) => element.contains(one) && one.tabIndex >= 0);
  }

  return {
    nameOf,

    /** What Tab must reach, in the order of the document. */
    tabbable(): HTMLElement[] {
      const controls = new Set(operable());
      const elements = all().filter((one) => one instanceof HTMLElement);
      return elements.filter((one) => (controls.has(one) ? isTabbable(one) : isScroller(one)));
    },

    /** What can be pressed and is out of the tab order without belonging to a group with arrow keys. */
    unreachable: (): string[] =>
      operable()
        .filter((one) => !isTabbable(one) && !one.closest(COMPOSITE) && !one.matches('[type=radio], [role=option]'))
        // What can be focused by script alone (headings, panels) is no control.
        .filter((one) => one.matches('button, input, select, textarea, a[href], summary, [role=button]'))
        .map(nameOf),

    /** Targets below 24×24 px with something else within 24 px (WCAG 2.5.8). */
    small(): string[] {
      const boxes = [
        ...new Set(
          operable()
            .filter((one) => one.tabIndex >= 0 || one.matches('button'))
            .map(targetOf),
        ),
      ].map((element) => ({ element, box: element.getBoundingClientRect() }));
      const isSmall = ({ box }: { box: DOMRect }) => box.width < 23.9 || box.height < 23.9;
      const middle = (box: DOMRect) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
      return boxes.filter(isSmall).flatMap((one) => {
        const { x, y } = middle(one.box);
        const isNear = boxes.some((other) => {
          if (other.element === one.element || other.element.contains(one.element)) return false;
          const to = middle(other.box);
          if (isSmall(other) && Math.hypot(to.x - x, to.y - y) < 24) return true;
          const dx = Math.max(other.box.left - x, 0, x - other.box.right);
          const dy = Math.max(other.box.top - y, 0, y - other.box.bottom);
          return Math.hypot(dx, dy) < 12;
        });
        const size = `${Math.round(one.box.width)}×${Math.round(one.box.height)}`;
        return isNear ? [`${nameOf(one.element)} is ${size}`] : [];
      });
    },

    /** What is wider than the page, or cut by something that cannot be scrolled. */
    cut(): string[] {
      const { scrollWidth, clientWidth } = document.documentElement;
      const wide = scrollWidth > clientWidth ? [`the page scrolls sideways: ${scrollWidth} > ${clientWidth}`] : [];
      const controls = all().filter(
        (one) =>
          one.matches('button, input, select, textarea, a[href]') &&
          isSeen(one) &&
          !one.matches('[type=radio], [type=checkbox]'),
      );
      const outside = controls.flatMap((one) => {
        const { left, right } = one.getBoundingClientRect();
        const clipping = clippingOf(one);
        const edges = clipping?.getBoundingClientRect() ?? { left: 0, right: clientWidth };
        return left < edges.left - 1 || right > edges.right + 1
          ? [`${nameOf(one)} is cut by ${clipping ? nameOf(clipping) : 'the page'}`]
          : [];
      });
      const words = all().flatMap((one) => {
        const style = getComputedStyle(one);
        const hides = style.overflowX === 'hidden' || style.overflowX === 'clip';
        const isText = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
        if (!hides || !isText || !isSeen(one) || style.textOverflow === 'ellipsis') return [];
        return one.scrollWidth > one.clientWidth + 1 ? [`the text of ${nameOf(one)} is cut`] : [];
      });
      return [...wide, ...outside, ...words];
    },

    /** Whether an element with the focus looks different from how it looked without. */
    lookOf(element: Element): string {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor } =
        getComputedStyle(element);
      const outline =
        outlineStyle === 'none' || parseFloat(outlineWidth) < 1
          ? ''
          : `${outlineStyle} ${outlineWidth} ${outlineColor}`;
      return JSON.stringify([outline, boxShadow, borderColor, backgroundColor]);
    },

    /** Whether the middle of an element is in sight and not under something else. */
    isInSight(element: Element): boolean {
      const { x, y, width, height } = targetOf(element).getBoundingClientRect();
      const root = element.getRootNode() as Document | ShadowRoot;
      const top = root.elementFromPoint(x + width / 2, y + height / 2);
      return (
        top !== null &&
        (targetOf(element).contains(top) || top.contains(element) || (element.closest('label')?.contains(top) ?? false))
      );
    },

    /** Words that are hard to tell from their ground, by the colours that the browser really uses. */
    faint: (): string[] =>
      all().flatMap((one) => {
        const isText = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
        if (!isText || !isSeen(one) || one.closest(':disabled, [aria-disabled=true]')) return [];
        const [text, ground] = [luminance(getComputedStyle(one).color), luminance(groundOf(one))];
        const ratio = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
        return ratio < 4.5 ? [`${nameOf(one)} has a contrast of ${ratio.toFixed(1)}`] : [];
      }),

    /** Animations that move under "reduce motion". */
    moving: (): string[] =>
      document.getAnimations().flatMap((animation) => {
        const { duration } = animation.effect?.getComputedTiming() ?? {};
        const target = animation.effect instanceof KeyframeEffect ? animation.effect.target : null;
        return Number(duration) > 0 && animation.playState === 'running' ? [`${nameOf(target)} moves`] : [];
      }),
  };

  function groundOf(element: Element): string {
    for (let around: Element | null = element; around; around = around.parentElement) {
      const { backgroundColor } = getComputedStyle(around);
      if (!/, 0\)$|transparent/.test(backgroundColor)) return backgroundColor;
    }
    return getComputedStyle(document.documentElement).backgroundColor;
  }

  function luminance(colour: string): number {
    const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
      const share = Number(part) / 255;
      return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  // The nearest thing around an element that hides what goes over its edges sideways.
  function clippingOf(element: Element): Element | undefined {
    for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
      const { overflowX } = getComputedStyle(around);
      if (overflowX === 'hidden' || overflowX === 'clip') return around;
      if (overflowX === 'auto' || overflowX === 'scroll') return undefined;
    }
    return undefined;
  }
}
