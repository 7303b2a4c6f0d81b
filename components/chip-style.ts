// The chip's look as text for a constructed sheet: on a page nothing of the views' style sheets is there, and a style
// element could be refused by the page's policy. The values are those of tokens.css.

/** The style sheet of the chip, for its closed shadow root. Nothing moves and nothing fades: it is there or it is not. */
export const CHIP_STYLE = `
.chips { display: flex; align-items: stretch; gap: 1px; max-width: min(480px, 90vw); }
.chips > .chip:first-child { border-start-start-radius: 4px; border-end-start-radius: 4px; }
.chips > .chip--more { flex: none; order: -1; justify-content: center; width: 24px; padding: 0; cursor: pointer;
  border-start-end-radius: 4px; border-end-end-radius: 4px;
  color: light-dark(#ffffff, #06211c); background: light-dark(#0b6e5f, #4fc3ae); }
.chips > .chip--more:hover { background: light-dark(#095b4f, #6fd3c0); }
.chips > .chip--refused + .chip--more { color: light-dark(#57606a, #a6adb6); background: light-dark(#ffffff, #272b30);
  border-color: light-dark(#f3c9c6, #5c2a27); }
.chips > .chip--told + .chip--more { border-start-start-radius: 12px; border-end-start-radius: 12px; }
.chip {
  display: inline-flex; align-items: center; gap: 6px; box-sizing: border-box; min-height: 24px; margin: 0;
  max-width: min(480px, 80vw); padding: 3px 10px 3px 8px; border: 1px solid transparent; border-radius: 999px;
  font: 600 12px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-align: start;
  color-scheme: light dark; box-shadow: 0 1px 2px rgb(0 0 0 / .12), 0 2px 8px rgb(0 0 0 / .10);
}
.chip--call {
  cursor: pointer; white-space: nowrap;
  color: light-dark(#ffffff, #06211c); background: light-dark(#0b6e5f, #4fc3ae);
}
.chip--call:hover { background: light-dark(#095b4f, #6fd3c0); }
.chip--call:active { background: light-dark(#074a40, #3fae9a); }
.chip--reached { max-width: min(480px, 90vw); outline: none; }
.chip--reached:focus { outline: 2px solid light-dark(#ffffff, #06211c); outline-offset: -4px; }
.chip__body { display: grid; min-width: 0; }
.chip__text { font-variant-numeric: tabular-nums; }
.chip__outlook { font-size: 11px; font-weight: 400; white-space: normal; overflow-wrap: anywhere; }
.chip__outlook::before { content: attr(data-note); content: attr(data-note) / ""; }
.chip--told { border-radius: 12px; }
.chip--refused {
  color: light-dark(#1b1f24, #eceef1); background: light-dark(#ffffff, #272b30);
  border-color: light-dark(#f3c9c6, #5c2a27);
}
.chip--refused:hover, .chip--refused:active { background: light-dark(#f5f6f8, #2f343a); }
.chip--refused .chip__outlook { color: light-dark(#b3261e, #ff8a80); }
.chip--refused:focus { outline-color: currentcolor; }
/* The key that calls; screen readers hear it in words. */
.chip--reached::after { content: "↵" / ""; flex: none; padding: 0 4px; border: 1px solid currentcolor;
  border-radius: 4px; font-size: 11px; line-height: 1.3; opacity: .8; }
.chip--calm, .chip--bad { border-radius: 10px; font-weight: 500; }
.chip--calm {
  color: light-dark(#1b1f24, #eceef1); background: light-dark(#ffffff, #272b30);
  border-color: light-dark(#e3e6ea, #33383f);
}
.chip--bad {
  color: light-dark(#b3261e, #ff8a80); background: light-dark(#fdeceb, #3d1d1b);
  border-color: light-dark(#f3c9c6, #5c2a27);
}
.icon { flex: none; width: 14px; height: 14px; fill: none; stroke: currentcolor; stroke-width: 1.6;
  stroke-linecap: round; stroke-linejoin: round; }
@media (max-width: 260px) {
  .chip--call { white-space: normal; overflow-wrap: anywhere; }
}
@media (forced-colors: active) {
  .chip { border-color: ButtonText; color: ButtonText; background: ButtonFace; forced-color-adjust: none; }
}
`;
