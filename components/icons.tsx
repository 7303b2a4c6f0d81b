// The icons: one family, 16 px, drawn in strokes of the text's colour. An icon is decoration; its meaning stands beside
// it as a word or is the name of its button.

const PATHS = {
  phone: 'M3.2 2.4h2l1 3-1.4 1a8 8 0 0 0 4.8 4.8l1-1.4 3 1v2a1 1 0 0 1-1.1 1A11 11 0 0 1 2.2 3.5a1 1 0 0 1 1-1.1z',
  hangUp: 'M1.8 9.6c3.4-3.6 9-3.6 12.4 0l-1.5 1.6-2.6-.9V8.6a6.6 6.6 0 0 0-4.2 0v1.7l-2.6.9z',
  incoming: 'M13 3 4 12M4 6v6h6',
  outgoing: 'M3 13l9-9M6 4h6v6',
  internal: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  missed: 'M2.5 9.5v-4h4M3 6l4.5 4.5L14 4',
  note: 'M10.6 2.9l2.5 2.5-7.4 7.4-3.1.6.6-3.1zM9 4.5 11.5 7',
  entry: 'M9 2.5H4a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h7a1 1 0 0 0 1-1V8M5.5 7h2M5.5 10h4M12 1.8v4.4M9.8 4h4.4',
  save: 'M8 2.2v7.3M5 6.6l3 2.9 3-2.9M2.5 10v3.5h11V10',
  redirect: 'M9.5 3.2 13.5 7l-4 3.8M13 7H7a4.5 4.5 0 0 0-4.5 4.5V13',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 3v10l8-5z',
  pickup: 'M8 2v7M5 6l3 3 3-3M2.5 13h11',
  open: 'M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5',
  bell: 'M3.5 11.5c1-1 1-2.5 1-4.5a3.5 3.5 0 0 1 7 0c0 2 0 3.5 1 4.5zM6.5 13.5h3',
  bellOff: 'M3.5 11.5c1-1 1-2.5 1-4.5a3.5 3.5 0 0 1 7 0c0 2 0 3.5 1 4.5zM6.5 13.5h3M2.5 2.5l11 11',
  minus: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM5.5 8h5',
  question: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM6.2 6.3a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.1M8 11.2v.1',
  warning: 'M8 2.2 14.4 13.3H1.6zM8 6.5v3M8 11.4v.1',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  options:
    'M2 4.5h5.2M11.8 4.5H14M2 11.5h2.2M8.8 11.5H14M11.8 4.5a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0zM8.8 11.5a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0z',
  search: 'M11.5 7a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM10.4 10.4 13.5 13.5',
  globe: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM2 8h12M8 2c3.4 3.4 3.4 8.6 0 12M8 2c-3.4 3.4-3.4 8.6 0 12',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.7 0l2.2-2.2A2.6 2.6 0 0 0 9 3.3L8.2 4.1M9.2 6.8a2.6 2.6 0 0 0-3.7 0L3.3 9A2.6 2.6 0 0 0 7 12.7l.8-.8',
  merge: 'M2.5 3.5h2c3 0 3.5 4.5 6.5 4.5h2.5M2.5 12.5h2c3 0 3.5-4.5 6.5-4.5M11 5.5 13.5 8 11 10.5',
  keypad: 'M4 3.5v.1M8 3.5v.1M12 3.5v.1M4 8v.1M8 8v.1M12 8v.1M4 12.5v.1M8 12.5v.1M12 12.5v.1',
  moon: 'M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.7 5.7 0 1 0 6.8 6.8z',
  forward: 'M2.5 4v8l4.5-4zM8.5 4v8L13 8z',
  star: 'M8 1.9l1.9 3.9 4.2.6-3 3 .7 4.2L8 11.6l-3.8 2 .7-4.2-3-3 4.2-.6z',
  panel: 'M2.5 3.5h11v9h-11zM9.5 3.5v9',
  journal: 'M2.5 4h.1M2.5 8h.1M2.5 12h.1M5.5 4h8M5.5 8h8M5.5 12h8',
  fax: 'M4.5 6V2.5h7V6M2.5 6h11v5.5h-11zM5.5 9h5v4.5h-5z',
  person: 'M10.7 5.2a2.7 2.7 0 1 1-5.4 0 2.7 2.7 0 0 1 5.4 0zM2.8 13.6c0-2.8 2.2-4.5 5.2-4.5s5.2 1.7 5.2 4.5',
  clock: 'M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0zM8 4.7V8l2.2 1.6',
  chevron: 'M4 6l4 4 4-4',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  people:
    'M8 6a2.2 2.2 0 1 1-4.4 0A2.2 2.2 0 0 1 8 6zM1.8 13c0-2.3 1.7-3.7 4-3.7s4 1.4 4 3.7M10.2 4a2.1 2.1 0 0 1 0 4M11.6 9.7c1.6.4 2.6 1.6 2.6 3.3',
} as const;

export type IconName = keyof typeof PATHS;

/** An icon in the colour of the text around it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
