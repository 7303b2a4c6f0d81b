// What tests can ask of the gallery's page once it is drawn: said once, for the page and for those who drive it.

export interface GalleryWindow {
  /** The names of the sheet's states. */
  states: readonly string[];
  /** Draws another state alone. */
  draw(state: string): void;
  /** Draws the view anew with this name everywhere; false where the view shows no names. */
  drawNamed(name: string): boolean;
}

declare global {
  interface Window {
    gallery?: GalleryWindow;
  }
}
