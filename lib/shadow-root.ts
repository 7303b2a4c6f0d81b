// Shadow roots, closed ones too: what only an extension may ask, in each browser's own way. No polyfill: the gate uses
// this and must stay small.

interface WithRoot {
  openOrClosedShadowRoot?: ShadowRoot | null;
}

/** The element's shadow root, open or closed, or null. Never throws. */
export function openShadowRoot(element: Element): ShadowRoot | null {
  if (!(element instanceof HTMLElement)) return null;
  // Firefox gives content scripts a property that no type knows; Chromium has chrome.dom.
  const own = (element as WithRoot).openOrClosedShadowRoot;
  if (own instanceof ShadowRoot) return own;
  try {
    return chrome.dom?.openOrClosedShadowRoot(element) ?? null;
  } catch {
    // Elements that cannot have a root make Chromium throw.
    return null;
  }
}
