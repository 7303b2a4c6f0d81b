// TAPIMaster's table of who sits where: FCTIIPEX.INI, section [Extensions], lines `address=extension`. Read anew whenever it
// is asked, so that a changed table needs no restart. It says which extension `NNNNN` stands for, and gives nobody a right.
import { readFileSync } from 'node:fs';

/** Extensions by address, `'192.168.1.18' → '118'`. Lines that are neither are left out. */
export function readExtensionsTable(text: string): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  let isInside = false;
  for (const raw of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';') || line.startsWith('#')) continue;
    const section = /^\[(.*)\]$/.exec(line);
    if (section) isInside = section[1]?.trim().toLowerCase() === 'extensions';
    const [, address, extension] = /^([0-9a-fA-F.:]{2,45}) *= *([0-9*#]{1,15})$/.exec(line) ?? [];
    if (isInside && address !== undefined && extension !== undefined) table.set(address.toLowerCase(), extension);
  }
  return table;
}

/** Asks the file of this path for an address. Undefined when it is not in it, or the file cannot be read. */
export function extensionInFile(path: string | undefined, address: string): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readExtensionsTable(readFileSync(path, 'latin1')).get(address.toLowerCase());
  } catch {
    // `relay doctor` names a file that cannot be read; who asks hears that the own extension is not known.
    return undefined;
  }
}
