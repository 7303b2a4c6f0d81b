// The icons: one family, 16 px, drawn in strokes of the text's colour. An icon is decoration; its meaning stands beside
// it as a word or is the name of its button.

const PATHS = {
  phone: 'M3.2 2.4h2l1 3-1.4 1a8 8 0 0 0 4.8 4.8l1-1.4 3 1v2a1 1 0 0 1-1.1 1A11 11 0 0 1 2.2 3.5a1 1 0 0 1 1-1.1z',
  hangUp: 'M1.8 9.6c3.4-3.6 9-3.6 12.4 0l-1.5 1.6-2.6-.9V8.6a6.6 6.6 0 0 0-4.2 0v1.7l-2.6.9z',
  incoming: 'M13 3 4 12M4 6v6h6',
  outgoing: 'M3 13l9-9M6 4h6v6',
  internal: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  pause: 'M5.5 3v10M10.5 3v10',
  play: 'M4.5 3v10l8-5z',
  pickup: 'M8 2v7M5 6l3 3 3-3M2.5 13h11',
  open: 'M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5',
  bell: 'M3.5 11.5c1-1 1-2.5 1-4.5a3.5 3.5 0 0 1 7 0c0 2 0 3.5 1 4.5zM6.5 13.5h3',
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
