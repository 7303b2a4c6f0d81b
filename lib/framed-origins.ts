// Where the frames of a page come from, so that an agent can be told which of them Offhook may not read. Only addresses are
// looked at; what is in those frames is out of reach.

/** `chrome.dom`, where there is one. */
type Dom = { openOrClosedShadowRoot?: (element: HTMLElement) => ShadowRoot | null };

/**
 * The origins of the shown frames of this document, each once, at most twenty, `'https://crm-frame.example:8443'`. The
 * browser carries this function into the page as its text: nothing outside of it may be named in it.
 */
export function framedOrigins(): string[] {
  const minWidthPx = 120;
  const minHeightPx = 60;
  const origins = new Set<string>();
  const rootOf = (element: HTMLElement): ShadowRoot | null => {
    // Firefox has a property, Chromium a function of the extension's; no type knows either.
    const own = (element as { openOrClosedShadowRoot?: ShadowRoot | null }).openOrClosedShadowRoot;
    const dom = (globalThis as { chrome?: { dom?: Dom } }).chrome?.dom;
    return own ?? dom?.openOrClosedShadowRoot?.(element) ?? element.shadowRoot;
  };
  const look = (elements: Iterable<Element>, depth: number): void => {
    for (const element of elements) {
      if (element instanceof HTMLIFrameElement || element instanceof HTMLFrameElement) {
        const { width, height } = element.getBoundingClientRect();
        // Without an address of its own it belongs to the page.
        const url = element.hasAttribute('srcdoc') ? null : URL.parse(element.src);
        const isShown = width >= minWidthPx && height >= minHeightPx && element.checkVisibility();
        if (isShown && url && /^https?:$/.test(url.protocol)) origins.add(url.origin);
      } else if (element instanceof HTMLElement && element.localName.includes('-') && depth < 16) {
        const root = rootOf(element);
        if (root) look(root.querySelectorAll('*'), depth + 1);
      }
    }
  };
  look(Document.prototype.querySelectorAll.call(document, '*'), 0);
  return [...origins].slice(0, 20);
}
