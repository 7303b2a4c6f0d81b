// What a screen reader is told beside the focus: a live region in the chip's own closed root. It must stand there empty
// before it speaks, or nothing is heard; and what it says is a name, not text, which window.find() would tell the page.

const BEFORE_SPEAKING_MS = 60;

/** Speaks through `region`, which it makes a live region. */
export function createAnnouncer(region: HTMLElement): { say(text: string): void; silence(): void } {
  region.setAttribute('role', 'status');
  region.setAttribute('aria-live', 'polite');
  const spoken = Document.prototype.createElement.call(region.ownerDocument, 'span');
  spoken.setAttribute('role', 'img');
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = () => {
    clearTimeout(timer);
    spoken.remove();
  };
  return {
    say(text) {
      silence();
      timer = setTimeout(() => {
        spoken.setAttribute('aria-label', text);
        region.append(spoken);
      }, BEFORE_SPEAKING_MS);
    },
    silence,
  };
}
