// A number into the clipboard, inside a click or key press of the agent's. Pages without a secure connection have no
// clipboard for scripts: there the browser's own copying does it, handed our text in place of what is selected, which
// neither moves the focus nor touches the selection.
import { viewOf } from './dom.ts';

/** Copies a text; false where the browser does not let us. */
export async function copyText(document: Document, text: string): Promise<boolean> {
  const view = viewOf(document);
  const clipboard: Clipboard | undefined = view?.isSecureContext === true ? view.navigator.clipboard : undefined;
  const isWritten = await clipboard?.writeText(text).then(
    () => true,
    // The page's own policy may forbid it in frames.
    () => false,
  );
  return isWritten === true || (view !== null && copyByCommand(view, document, text));
}

function copyByCommand(view: Window, document: Document, text: string): boolean {
  let isGiven = false;
  // Copying is possible although nothing is selected.
  const allow = (event: Event) => event.preventDefault();
  const give = (event: ClipboardEvent) => {
    event.clipboardData?.setData('text/plain', text);
    event.preventDefault();
    // The page hears nothing of it, and puts nothing else in its place.
    event.stopImmediatePropagation();
    isGiven = event.clipboardData !== null;
  };
  view.addEventListener('beforecopy', allow, true);
  view.addEventListener('copy', give, true);
  try {
    return Document.prototype.execCommand.call(document, 'copy') && isGiven;
  } finally {
    view.removeEventListener('beforecopy', allow, true);
    view.removeEventListener('copy', give, true);
  }
}
