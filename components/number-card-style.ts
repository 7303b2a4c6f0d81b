// The card's look as text for a constructed sheet, beside the chip's. The values are those of tokens.css.

/** The style sheet of the card, for the chip's closed shadow root. Nothing moves and nothing fades. */
export const NUMBER_CARD_STYLE = `
.card, .chip--decided {
  --text: light-dark(#1b1f24, #eceef1); --quiet: light-dark(#57606a, #a6adb6); --surface: light-dark(#ffffff, #272b30);
  --line: light-dark(#e3e6ea, #33383f); --line-strong: light-dark(#c6ccd3, #4d555f);
  --hover: light-dark(rgb(11 40 60 / .05), rgb(255 255 255 / .06)); --accent: light-dark(#0b6e5f, #4fc3ae);
  --accent-hover: light-dark(#095b4f, #6bd0be); --on-accent: light-dark(#ffffff, #06211c);
  --danger: light-dark(#b3261e, #ff8a80); --focus: light-dark(#0b6e5f, #7fe0cf);
}
.card {
  box-sizing: border-box; width: 300px; max-width: 88vw; max-height: var(--room, none); overflow: auto;
  border: 1px solid var(--line); border-radius: 10px; color: var(--text); background: var(--surface);
  font: 400 13px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; text-align: start;
  font-variant-numeric: tabular-nums; color-scheme: light dark;
  box-shadow: 0 1px 2px rgb(0 0 0 / .10), 0 6px 24px rgb(0 0 0 / .16);
}
.card p { margin: 0; }
.card__head { padding: 10px 12px 8px; }
.card__number { display: flex; align-items: baseline; flex-wrap: wrap; gap: 0 8px; font-size: 15px; font-weight: 600; }
.card__kind { color: var(--quiet); font-size: 12px; font-weight: 400; }
.card__read { display: flex; align-items: center; flex-wrap: wrap; gap: 2px 6px; min-height: 24px; font-size: 12px; }
.card__quiet, .card__small, .card__person--none .card__line { color: var(--quiet); }
.card__small { font-size: 12px; overflow-wrap: anywhere; }
.card__choice { position: relative; display: inline-flex; max-width: 100%; margin-inline-start: -6px; }
.card__choice .icon { position: absolute; inset-inline-end: 5px; top: 6px; width: 12px; height: 12px;
  pointer-events: none; }
.card__select { appearance: none; field-sizing: content; box-sizing: border-box; max-width: 180px; min-height: 24px; margin: 0;
  padding: 1px 20px 1px 6px; border: 1px solid transparent; border-radius: 6px; color: var(--text);
  background: var(--surface); font: inherit; text-overflow: ellipsis; cursor: pointer; }
.card__select:dir(rtl) { padding: 1px 6px 1px 20px; }
.card__select:hover { border-color: var(--line-strong); }
.card__person { display: flex; gap: 8px; padding: 0 12px 8px; }
.card__person .icon { margin-top: 2px; color: var(--quiet); }
.card__lines { flex: 1; min-width: 0; }
.card__line { display: flex; gap: 0 6px; min-width: 0; min-height: 18px; overflow: hidden; }
.card__lines .card__quiet { font-size: 12px; }
.said { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; unicode-bidi: isolate; }
.said::before { content: attr(data-text); }
.said--strong { flex: none; max-width: 100%; font-weight: 600; }
.said + .said { flex: 1; color: var(--quiet); }
.card__part .card__line .said { white-space: normal; overflow-wrap: anywhere; }
.card__part { display: grid; gap: 6px; padding: 8px 12px; border-top: 1px solid var(--line); }
.card__part--quiet { gap: 4px; padding-bottom: 6px; }
.card__actions { display: flex; flex-wrap: wrap; gap: 6px; }
.card__actions > .act--primary { flex: 1; }
.card__actions--stacked { flex-direction: column; }
.card__actions--stacked:empty { display: none; }
.card__choices { display: flex; flex-wrap: wrap; gap: 0 2px; margin-inline: -6px; }
.act { display: inline-flex; align-items: center; justify-content: center; gap: 6px; box-sizing: border-box;
  min-width: 0; max-width: 100%; min-height: 30px; margin: 0; padding: 4px 11px; border: 1px solid var(--line-strong);
  border-radius: 6px; color: var(--text); background: transparent; font: inherit; font-weight: 500; cursor: pointer; }
.act__label { overflow-wrap: anywhere; text-align: start; }
.act:hover { background: var(--hover); }
.act--primary { border-color: transparent; color: var(--on-accent); background: var(--accent); }
.act--primary:hover { background: var(--accent-hover); }
.act--quiet { border-color: transparent; color: var(--quiet); padding: 4px 8px; }
.act--small { min-height: 26px; padding: 2px 6px; border-color: transparent; color: var(--quiet); font-size: 12px; }
.act--small .icon { width: 12px; height: 12px; }
.act:focus, .card__select:focus { outline: 2px solid var(--focus); outline-offset: 1px; }
.card__note { display: flex; align-items: center; gap: 6px; padding: 4px 6px 4px 12px; min-height: 26px;
  border-top: 1px solid var(--line); font-size: 12px; }
.card__said { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.card__note .act, .chip--decided .act { color: var(--accent); flex: none; }
.card__bad { color: var(--danger); }
.chip--decided { flex-wrap: wrap; padding: 2px 4px 2px 10px; }
.chip--decided > span { flex: 1; min-width: 90px; overflow-wrap: anywhere; }
@media (forced-colors: active) {
  .card, .chip--decided { --text: CanvasText; --quiet: CanvasText; --surface: Canvas; --line: CanvasText;
    --line-strong: ButtonText; --hover: Canvas; --accent: ButtonFace; --accent-hover: ButtonFace;
    --on-accent: ButtonText; --danger: CanvasText; --focus: Highlight; }
  .act, .act--primary { border-color: ButtonText; color: ButtonText; background: ButtonFace; }
  .card__note .act, .chip--decided .act { color: ButtonText; }
}
`;
