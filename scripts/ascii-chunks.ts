// A browser keeps a script with one byte for each character as long as all of them are ASCII, and with two as soon as a
// single one is not (measured in Chromium: 1,015 kB for the page script instead of 530), and the page script lies in every
// frame that holds a number. Other characters are therefore written as escapes. Never changes what a script means.
import type { Plugin } from 'vite';

/** Escapes what is not ASCII in every script that is built. */
export function asciiChunks(): Plugin {
  return {
    name: 'offhook:ascii-chunks',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk') chunk.code = inAscii(chunk.code);
      }
    },
  };
}

/** The same script in ASCII. Such characters stand in texts, patterns and names, where an escape is what it names. */
export function inAscii(code: string): string {
  return code.replace(/(\\*)([^\0-\x7f])/g, (_all, slashes: string, unit: string) => {
    // A backslash before such a character means nothing there, and something else before an escape.
    const kept = slashes.length % 2 === 0 ? slashes : slashes.slice(1);
    return `${kept}\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
