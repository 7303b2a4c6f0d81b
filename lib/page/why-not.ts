// Why a selected text is no number, or that it is one: the same line that the page's numbers are read from is explained,
// with the words around it. Only ever asked for by the agent; the page learns nothing of it.

import { explainNumbers } from '#lib/numbers/find.ts';
import type { ExplainedText } from '#lib/page-facts.ts';
import { assemble, blockOf, flowOf, offsetIn } from './assemble.ts';
import { becauseOf, plainTitle, titlesOf } from './because.ts';
import { firstChildOf, isText, nextSiblingOf } from './dom.ts';
import type { Exclusions } from './exclusions.ts';
import { createLabels } from './labels.ts';
import { type Selected, selectionHere } from './selection.ts';

/** What the page's reading goes by. */
export interface Explaining {
  document: Document;
  openShadowRoot: (element: Element) => ShadowRoot | null;
  excludes: Exclusions;
  settings: {
    country: string;
    alwaysColumns?: readonly string[] | undefined;
    neverColumns?: readonly string[] | undefined;
    notNumbers?: readonly string[] | undefined;
  };
  /** The page asks that no numbers be marked. */
  isQuiet: boolean;
}

const MOST_REASONS = 5;
const MOST_SHOWN = 256;
const MOST_SELECTED = 1_000;

/** The digits in the selection of this frame, each with the rule that decided about it. */
export function explainSelection(options: Explaining): ExplainedText[] {
  const selected = selectionHere(options);
  if (!selected || selected.text.length > MOST_SELECTED) return [];
  const wide = ruleOfPage(selected, options);
  const reasons = explained(placeOf(selected), options.settings).slice(0, MOST_REASONS);
  const text = selected.text.trim().slice(0, MOST_SHOWN);
  // Digits at which nobody would look twice.
  if (reasons.length === 0 && /\p{Nd}/u.test(text)) return [{ text, isNumber: false, rule: wide ?? 'too-short' }];
  return reasons.map((one) => (wide === undefined ? one : { text: one.text, isNumber: false, rule: wide }));
}

interface Place {
  text: string;
  before?: string | undefined;
  /** The part of it that is selected. */
  from: number;
  to: number;
}

// The line around the selection, since its words decide; a selection over several lines stands for itself.
function placeOf({ text, range }: Selected): Place {
  const alone = { text, from: 0, to: text.length };
  const start = range && startOf(range);
  const block = start && blockOf(start.node, flowOf);
  if (!start || !block) return alone;
  const labels = createLabels();
  const runs = assemble(block, { flow: flowOf, labelOf: labels.of });
  for (const run of runs) {
    const from = offsetIn(run, start.node, start.offset);
    if (from === undefined) continue;
    return { text: run.text, before: run.before, from, to: from + text.length };
  }
  return alone;
}

// A selection may begin at an element: its first text then.
function startOf({ startContainer, startOffset }: Range): { node: Text; offset: number } | undefined {
  if (isText(startContainer)) return { node: startContainer, offset: startOffset };
  let node = firstChildOf(startContainer);
  for (let skipped = 0; node && skipped < startOffset; skipped += 1) node = nextSiblingOf(node);
  while (node && !isText(node)) node = firstChildOf(node) ?? nextSiblingOf(node);
  return node ? { node, offset: 0 } : undefined;
}

function explained({ text, before, from, to }: Place, settings: Explaining['settings']): ExplainedText[] {
  const { country, alwaysColumns = [], neverColumns = [], notNumbers = [] } = settings;
  const titles = before === undefined ? [] : titlesOf(before).map(plainTitle);
  const names = (list: readonly string[]) => list.some((one) => titles.includes(plainTitle(one)));
  const label = before !== undefined && names(alwaysColumns) ? `${before}: Tel` : before;
  return explainNumbers(text, { country, ...(label !== undefined && { before: label }) })
    .filter(({ start, end }) => start < to && end > from)
    .map(({ text: said, rule, found }): ExplainedText => {
      const shown = said.slice(0, MOST_SHOWN);
      if (names(neverColumns)) return { text: shown, isNumber: false, rule: 'site-never-column' };
      const isNone = notNumbers.some((one) => plainTitle(one) === plainTitle(said));
      if (isNone) return { text: shown, isNumber: false, rule: 'site-not-number' };
      if (!found) return { text: shown, isNumber: false, rule };
      return { text: shown, isNumber: true, ...becauseOf({ found, text, before }, alwaysColumns) };
    });
}

// What holds for the place as a whole, whatever the digits are.
function ruleOfPage({ element }: Selected, { isQuiet, excludes }: Explaining): string | undefined {
  if (isQuiet) return 'page-asks-for-none';
  return element && excludes.covers(element) ? 'left-out' : undefined;
}
