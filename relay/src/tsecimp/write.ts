// Writes the lines of users in the format of Windows' tsecimp, so that reading it back changes nothing: NoMerge="1" and
// all lines of each user. UTF-8 with CR LF, as Windows' editors like it.
import type { NamedLine } from './read.ts';

/** A user with the lines to be written. */
export interface WrittenUser {
  /** `DOMAIN\user`. */
  domainUser: string;
  friendlyName: string;
  lines: readonly NamedLine[];
}

/** The whole file. */
export function writeTsecimp(users: readonly WrittenUser[]): string {
  const rows = ['<?xml version="1.0" encoding="utf-8"?>', '<UserList>', ...users.flatMap(userRows), '</UserList>', ''];
  return rows.join('\r\n');
}

function userRows({ domainUser, friendlyName, lines }: WrittenUser): string[] {
  return [
    '  <User NoMerge="1">',
    `    <DomainUser>${escaped(domainUser)}</DomainUser>`,
    `    <FriendlyName>${escaped(friendlyName)}</FriendlyName>`,
    '    <LineList>',
    ...lines.map((line) => `      <Line>${lineTag(line)}</Line>`),
    '    </LineList>',
    '  </User>',
  ];
}

function lineTag(line: NamedLine): string {
  return 'address' in line
    ? `<Address>${escaped(line.address)}</Address>`
    : `<PermanentID>${escaped(line.permanentId)}</PermanentID>`;
}

// XML 1.0 has no way to write other control characters: they are left out.
const UNWRITABLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

function escaped(text: string): string {
  return text.replace(UNWRITABLE, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
