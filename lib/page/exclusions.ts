// What is left out with everything in it: code and times, and what the site's rule names by its selectors, over the borders
// of shadow roots. A selector that the browser does not understand leaves nothing out.
import { closestOf } from './dom.ts';

/** Two questions: of a block, with everything around it; and of an element in a line that is read. */
export interface Exclusions {
  /** Whether it, or something around it, is left out. */
  covers(node: Element | ShadowRoot): boolean;
  /** Whether the site's rule names the element itself. */
  names(element: Element): boolean;
}

const MAX_ROOTS = 32;
const ALWAYS = 'code,kbd,samp,time,noscript,template,defs,symbol';

/** Leaves out what any of these CSS selectors matches, and what no page means for calling. */
export function createExclusions(document: Document, selectors: readonly string[]): Exclusions {
  const probe = Document.prototype.createDocumentFragment.call(document);
  const known = selectors.filter((selector) => isUnderstood(probe, selector));
  const named = known.join(',');
  const selector = [ALWAYS, ...known].join(',');
  return {
    covers(node) {
      let at = node instanceof ShadowRoot ? node.host : node;
      for (let roots = 0; roots < MAX_ROOTS; roots += 1) {
        if (closestOf(at, selector)) return true;
        const root = Node.prototype.getRootNode.call(at);
        if (!(root instanceof ShadowRoot)) return false;
        at = root.host;
      }
      return false;
    },
    names: (element) => named !== '' && Element.prototype.matches.call(element, named),
  };
}

function isUnderstood(probe: DocumentFragment, selector: string): boolean {
  try {
    probe.querySelector(selector);
    return true;
  } catch {
    return false;
  }
}
