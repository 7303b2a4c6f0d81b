// Which lines match what was typed. Pure, and one rule for the list of colleagues, the dial field and the transfer.
import type { Line } from '@offhook/protocol';
import type { HeldLine } from '#lib/phone.ts';

/** Lines of which every word is in the name or begins the extension; all of them for an empty text. The order stays. */
export function matchingLines(lines: readonly HeldLine[], text: string): readonly HeldLine[] {
  const words = text
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return lines;
  return lines.filter(({ line }) => {
    const name = line.name.toLocaleLowerCase();
    return words.every((word) => name.includes(word) || line.extension.startsWith(word));
  });
}

/** The extension where it can be dialled as it stands: plain digits. */
export function plainExtension({ extension }: Line): string | undefined {
  return /^[0-9]{1,15}$/.test(extension) ? extension : undefined;
}

/** Whether a text is meant as a number and not as a name: what it means as one is the relay's to say. */
export function looksDiallable(text: string): boolean {
  return /^[+(*#0-9][0-9\s()/.*#+-]*$/.test(text.trim()) && /[0-9]/.test(text);
}
