// What the worker may ask of the page script in a frame, and the answers. Only the extension's own worker gets through
// to here (the browser's messaging takes care of that); nothing of a page does.
import type { PageNumber } from '#lib/messages.ts';
import type { ExplainedText } from '#lib/page-facts.ts';

/** The worker's messages to a page script, by name, with their answers. */
export interface PageCommands {
  /** The numbers that are shown in this frame, in the order of the page, at most 500. */
  'list-numbers': PageNumber[];
  /** Whether the agent typed into this frame within the last three seconds. */
  'is-typing': boolean;
  /** Moves the keyboard to the next number. `shown: false` at the end of the frame; asked again, it begins anew. */
  'next-number': ShownNumber;
  /**
   * Moves the keyboard to a call button for the number in the selection; asked again while that is shown, opens the card.
   */
  'dial-selection': ShownNumber;
  /** What became of the digits in the selection, and why. */
  'explain-selection': ExplainedText[];
  /** Settings or sites have changed: the page script asks for its own anew. */
  'settings-changed': { type: 'done' };
}

/** Whether a chip stands beside a number now, and what the page shows there. */
export interface ShownNumber {
  shown: boolean;
  text?: string;
}

/** What to do for each message. */
export type PageCommandHandlers = { [Name in keyof PageCommands]: () => PageCommands[Name] };

/** The answer to a message of the worker, or undefined for one that is not for page scripts. */
export function answerCommand(
  handlers: PageCommandHandlers,
  message: unknown,
): PageCommands[keyof PageCommands] | undefined {
  const name = typeof message === 'object' && message !== null && 'name' in message ? message.name : undefined;
  return isCommandName(name, handlers) ? handlers[name]() : undefined;
}

function isCommandName(name: unknown, handlers: PageCommandHandlers): name is keyof PageCommands {
  return typeof name === 'string' && Object.hasOwn(handlers, name);
}
