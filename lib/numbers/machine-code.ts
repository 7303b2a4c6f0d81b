// Patterns as machine code from their first call on. V8 interprets a pattern once and compiles it at its second call: two
// compilations; where the first text is a long one, it compiles at once. Only for patterns that are asked right away.

// As long as it takes for that.
const LONG = ' '.repeat(1000);

/** The pattern, compiled for texts of one byte a sign; other texts it is compiled for when they come. */
export function asMachineCode(pattern: RegExp): RegExp {
  pattern.test(LONG);
  pattern.lastIndex = 0;
  return pattern;
}
