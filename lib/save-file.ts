// Hands a text to the browser as a file to save. By a link to what this page holds, so that no permission is needed.

// Browsers read the text after the click, some when the user has chosen a place.
const KEPT_MS = 60_000;

/** Saves `parts`, one behind the other, under a name. Call it in a page; where to is decided by the browser's settings. */
export function saveFile(
  document: Document,
  { parts, fileName, type }: { parts: readonly string[]; fileName: string; type: string },
): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  // Not every browser clicks what is in no page.
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}
