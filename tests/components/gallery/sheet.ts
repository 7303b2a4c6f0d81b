// What a sheet of the gallery is: one view, all its states, drawn from data. A sheet imports the same style sheets as the
// view's page, and is loaded alone, so that one view's rules never dress another's picture.
import type { VNode } from 'preact';

export interface Sheet {
  /** By the name of the picture. */
  states: Readonly<Record<string, () => VNode>>;
  /** The view with one name in every place that a name can stand; undefined where it shows none. */
  named?: (name: string) => VNode;
}

/** The states of a view from its fixtures. */
export function statesFrom<Fixture>(
  fixtures: Readonly<Record<string, Fixture>>,
  draw: (fixture: Fixture) => VNode,
): Sheet['states'] {
  return Object.fromEntries(Object.entries(fixtures).map(([name, fixture]) => [name, () => draw(fixture)]));
}
