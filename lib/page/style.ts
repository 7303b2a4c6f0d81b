// How marked numbers look: one adopted sheet for each document, kept in the isolated world that gate and page script
// share. The gate adopts it before the page is drawn, where it costs nothing; later, a long page would be styled anew as
// a whole (measured: 200 ms for 60,000 cells). No imports: the gate uses it.

// Highlights take no cursor and no layout; the colours hold on light and dark pages.
const LOOKS = [
  '::highlight(offhook) { text-decoration: underline 1px dotted #1d9a84; text-underline-offset: 3px; }',
  '::highlight(offhook-fax) { text-decoration: underline 1px dotted #8d96a1; text-underline-offset: 3px; }',
];
const KEY: symbol = Symbol.for('offhook.style');

/** The document's sheet, adopted if it is not: made once, found again by whoever comes later. */
export function adoptStyle(scope: object, document: Document): CSSStyleSheet {
  // Only this module writes the key, and always a sheet.
  let sheet = Reflect.get(scope, KEY) as CSSStyleSheet | undefined;
  if (!sheet) {
    sheet = new CSSStyleSheet();
    // Chromium hands a highlight's look down to everything inside, which spares it asking each element.
    sheet.replaceSync(LOOKS.map((look) => `:root${look}`).join('\n'));
    Reflect.set(scope, KEY, sheet);
  }
  addSheet(document, sheet);
  return sheet;
}

/** Takes the sheet away again, if there is one. */
export function dropStyle(scope: object, document: Document): void {
  const sheet = Reflect.get(scope, KEY) as CSSStyleSheet | undefined;
  if (sheet) dropSheet(document, sheet);
}

/** Where the look is not handed down (Firefox), each element is asked, and each root needs the sheet. */
export function askEachElement(sheet: CSSStyleSheet): void {
  sheet.replaceSync(LOOKS.join('\n'));
}

/** Whether the sheet still is as it was made, for the root alone. */
export function isForRoot(sheet: CSSStyleSheet): boolean {
  return sheet.cssRules[0]?.cssText.startsWith(':root') === true;
}

/** Adopts a sheet behind those of the page, once. */
export function addSheet(root: Document | ShadowRoot, sheet: CSSStyleSheet): void {
  const sheets = sheetsOf(root);
  if (!sheets.includes(sheet)) setSheets(root, [...sheets, sheet]);
}

/** Takes a sheet out of those of the page. */
export function dropSheet(root: Document | ShadowRoot, sheet: CSSStyleSheet): void {
  const sheets = sheetsOf(root);
  if (!sheets.includes(sheet)) return;
  setSheets(
    root,
    sheets.filter((one) => one !== sheet),
  );
}

// Through the prototype: a form named adoptedStyleSheets would shadow the document's own.
function sheetsOf(root: Document | ShadowRoot): CSSStyleSheet[] {
  return [...Reflect.get(prototypeOf(root), 'adoptedStyleSheets', root)];
}

function setSheets(root: Document | ShadowRoot, sheets: CSSStyleSheet[]): void {
  Reflect.set(prototypeOf(root), 'adoptedStyleSheets', sheets, root);
}

function prototypeOf(root: Document | ShadowRoot): DocumentOrShadowRoot {
  return root instanceof ShadowRoot ? ShadowRoot.prototype : Document.prototype;
}
