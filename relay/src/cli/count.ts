// How many of what, in words for a terminal.

/** `'1 line'`, `'12 lines'`. */
export function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}
