// Two web components as component-built CRMs have them: numbers inside an open and inside a closed shadow root.

const STYLE = `:host { display: inline-block } span { font-variant-numeric: tabular-nums } small { color: GrayText }`;

/** Registers `<crm-phone>` (open root) and `<crm-direct-line>` (closed root); both show their `number` attribute. */
export function defineElements(): void {
  if (customElements.get('crm-phone')) return;
  customElements.define('crm-phone', elementWith('open', 'switchboard'));
  customElements.define('crm-direct-line', elementWith('closed', 'direct line'));
}

function elementWith(mode: ShadowRootMode, label: string): CustomElementConstructor {
  return class extends HTMLElement {
    static readonly observedAttributes: readonly string[] = ['number'];
    readonly #number: HTMLSpanElement;
    constructor() {
      super();
      const root = this.attachShadow({ mode });
      const style = document.createElement('style');
      style.textContent = STYLE;
      this.#number = document.createElement('span');
      const note = document.createElement('small');
      note.textContent = ` ${label}`;
      root.append(style, this.#number, note);
    }
    attributeChangedCallback(): void {
      this.#number.textContent = this.getAttribute('number') ?? '';
    }
  };
}
