// Texts of different origin on one line. Each stands for itself, so that a name that is written from right to left, or
// pretends to be, moves nothing beside it.

/** The parts with a dot between them, cut at the end of the line; the whole is in the tooltip. */
export function Parts({ class: className, parts }: { class: string; parts: readonly string[] }) {
  return (
    <p class={`${className} one-line`} title={parts.join(' · ')}>
      {parts.map((part, index) => (
        <span key={part}>
          {index > 0 && ' · '}
          <bdi>{part}</bdi>
        </span>
      ))}
    </p>
  );
}
