// The buttons of chip and card by their names, as the drawing marks them (`data-act`) and the watch for presses reads
// them. A closed set: what a page could ever slip in is no button of ours.

const BUTTONS = [
  'call',
  'open',
  'copy',
  'not-number',
  'always-column',
  'undo',
  'consult',
  'transfer',
  'call-beside',
] as const;

/** What a button does. */
export type PressedButton = (typeof BUTTONS)[number];

/** The button that an element says it is. */
export function buttonNamed(name: string | undefined): PressedButton | undefined {
  return BUTTONS.find((one) => one === name);
}

/** Whether a button only shows more. */
export function isOpening(button: PressedButton): boolean {
  return button === 'open';
}
