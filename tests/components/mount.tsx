// Draws a view into a document of its own, with the real words. Nothing but the DOM: tests click and type like people.
import { type ComponentChildren, render } from 'preact';
import { act } from 'preact/test-utils';
import { onTestFinished } from 'vitest';
import { WordsContext } from '#components/words.ts';
import { type Language, wordsOf } from './test-words.ts';

export interface Mounted {
  root: HTMLElement;
  /** Draws again, as a new state would. */
  redraw(view: ComponentChildren): Promise<void>;
  /** The button with this visible word or name. */
  button(label: string): HTMLButtonElement | undefined;
  /** The words of all buttons, in order. */
  buttons(): string[];
  click(label: string): Promise<void>;
  /** Puts text into a field as typing does. */
  type(selector: string, text: string): Promise<void>;
  /** Submits the form around a field, as Enter does. */
  submit(selector: string): Promise<void>;
  /** Everything that is readable, in one line. */
  text(): string;
}

/** Mounts a view until the end of the test. */
export async function mount(
  view: ComponentChildren,
  { language = 'en' }: { language?: Language } = {},
): Promise<Mounted> {
  const root = document.createElement('div');
  document.body.append(root);
  const draw = (content: ComponentChildren) =>
    act(() => render(<WordsContext.Provider value={wordsOf(language)}>{content}</WordsContext.Provider>, root));
  await draw(view);
  onTestFinished(async () => {
    await act(() => render(null, root));
    root.remove();
  });

  const nameOf = (button: Element) => button.getAttribute('aria-label') ?? button.textContent.trim();
  const find = <Kind extends Element>(selector: string): Kind => {
    const element = root.querySelector<Kind>(selector);
    if (!element) throw new Error(`nothing matches ${selector}`);
    return element;
  };
  const mounted: Mounted = {
    root,
    redraw: async (next) => void (await draw(next)),
    button: (label) => [...root.querySelectorAll('button')].find((one) => nameOf(one) === label),
    buttons: () => [...root.querySelectorAll('button')].map(nameOf),
    async click(label) {
      const button = mounted.button(label);
      if (!button) throw new Error(`no button ${label}; there are ${mounted.buttons().join(', ')}`);
      await act(() => button.click());
    },
    async type(selector, text) {
      const input = find<HTMLInputElement>(selector);
      await act(() => {
        input.value = text;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      });
    },
    async submit(selector) {
      const form = find<HTMLElement>(selector).closest('form');
      await act(() => void form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
    },
    text: () => root.textContent.replace(/\s+/g, ' ').trim(),
  };
  return mounted;
}

/** Lets everything that was answered be drawn. */
export async function settle(): Promise<void> {
  await act(async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  });
}
