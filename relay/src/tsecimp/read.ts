// Reads the XML by which Windows' tsecimp assigns lines to users. The file may come from anywhere: no document type, no
// entities of its own, no depth and no length beyond what such a list has. What is not understood is a fault with its
// line, never left out in silence.
import { SaxesParser } from 'saxes';
import { decodeXml } from './decode.ts';

/** A line as the file names it: by its address (the extension), or by its permanent id. */
export type NamedLine = { address: string } | { permanentId: string };

/** One `User` of the file. */
export interface TsecimpUser {
  /** Where it stands in the file, counted from 1. */
  place: number;
  domain: string;
  /** The part behind the backslash, as it is written. */
  login: string;
  friendlyName?: string | undefined;
  /** `NoMerge="1"`: the lines take the place of those that the user had. */
  isReplacing: boolean;
  lines: NamedLine[];
}

/** What is wrong with the file, and where. */
export interface TsecimpFault {
  /** Counted from 1; 0 stands for the file as a whole. */
  place: number;
  message: string;
}

/** The users of a file, in its order; with a fault nothing of it is to be used. */
export interface TsecimpFile {
  users: TsecimpUser[];
  faults: TsecimpFault[];
}

/** A larger file is no list of a company's users. */
const MOST_TSECIMP_BYTES = 20_000_000;
const MOST_USERS = 100_000;
const MOST_LINES = 5_000;
const MOST_FAULTS = 100;
const LONGEST_TEXT = 256;

type Inside = Readonly<Record<string, readonly string[]>>;

const INSIDE: Inside = {
  '': ['UserList'],
  UserList: ['User'],
  User: ['DomainUser', 'FriendlyName', 'LineList'],
  LineList: ['Line'],
  Line: ['Address', 'PermanentID'],
  DomainUser: [],
  FriendlyName: [],
  Address: [],
  PermanentID: [],
};
const TEXTS: ReadonlySet<string> = new Set(['DomainUser', 'FriendlyName', 'Address', 'PermanentID']);

/** Reads the bytes of a file. Blanks around texts do not count. Never throws. */
export function readTsecimp(bytes: Uint8Array): TsecimpFile {
  if (bytes.length > MOST_TSECIMP_BYTES) return failed(`the file is larger than ${MOST_TSECIMP_BYTES / 1_000_000} MB`);
  const decoded = decodeXml(bytes);
  return 'fault' in decoded ? failed(decoded.fault) : readText(decoded.text);
}

function failed(message: string): TsecimpFile {
  return { users: [], faults: [{ place: 0, message }] };
}

/** Thrown by the handlers to leave the parser; never leaves this file. */
class Stop extends Error {
  override readonly name = 'Stop';
}

function readText(text: string): TsecimpFile {
  const parser = new SaxesParser();
  const reading = createReading(() => parser.line);
  parser.on('doctype', () => reading.stop('a document type (DOCTYPE) is not allowed'));
  parser.on('processinginstruction', () => reading.stop('processing instructions are not allowed'));
  parser.on('opentag', ({ name, attributes }) => reading.open(name, attributes));
  parser.on('closetag', ({ name }) => reading.close(name));
  parser.on('text', reading.text);
  parser.on('cdata', reading.text);
  parser.on('error', (error) => reading.stop(`no XML: ${error.message.replace(/^\d+:\d+: /, '')}`));
  try {
    // XML knows no byte order mark behind the first one, which the decoder took.
    parser.write(text).close();
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return reading.result();
}

interface OpenUser {
  place: number;
  domainUser?: string | undefined;
  friendlyName?: string | undefined;
  isReplacing: boolean;
  lines: NamedLine[];
}

type Field = 'DomainUser' | 'FriendlyName' | 'Address' | 'PermanentID';

function createReading(place: () => number) {
  const file: TsecimpFile = { users: [], faults: [] };
  const path: string[] = [];
  let user: OpenUser | undefined;
  let line: NamedLine | undefined;
  let heard = '';

  function fault(message: string, at = place()): void {
    file.faults.push({ place: at, message });
    if (file.faults.length >= MOST_FAULTS) throw new Stop();
  }

  function stop(message: string): never {
    file.faults.push({ place: place(), message });
    throw new Stop();
  }

  function open(name: string, attributes: Readonly<Record<string, string>>): void {
    const parent = path.at(-1) ?? '';
    if (!INSIDE[parent]?.includes(name))
      stop(`<${name}> does not belong ${parent === '' ? 'there' : `into <${parent}>`}`);
    path.push(name);
    heard = '';
    for (const key of Object.keys(attributes)) {
      if (!(name === 'User' && key === 'NoMerge')) fault(`<${name}> has no attribute ${key}`);
    }
    if (name === 'User') user = { place: place(), isReplacing: isReplacing(attributes['NoMerge']), lines: [] };
    if (name === 'Line') line = undefined;
  }

  function isReplacing(value: string | undefined): boolean {
    const word = value?.trim();
    if (word !== undefined && word !== '1' && word !== '0') fault(`NoMerge is "1", "0" or left out, unlike "${word}"`);
    return word === '1';
  }

  function close(name: string): void {
    path.pop();
    const value = heard.trim();
    heard = '';
    if (isField(name)) keep(name, value);
    else if (name === 'Line') endLine();
    else if (name === 'User') endUser();
  }

  function keep(name: Field, value: string): void {
    if (value === '') return fault(`<${name}> is empty`);
    if (name === 'DomainUser' && user) user.domainUser = value;
    else if (name === 'FriendlyName' && user) user.friendlyName = value;
    else if (line) fault('<Line> has one <Address> or one <PermanentID>, not several');
    else line = name === 'Address' ? { address: value } : { permanentId: value };
  }

  function endLine(): void {
    if (!line) return fault('<Line> has neither <Address> nor <PermanentID>');
    user?.lines.push(line);
    if ((user?.lines.length ?? 0) > MOST_LINES) stop(`a user has more than ${MOST_LINES} lines`);
  }

  function endUser(): void {
    if (!user) return;
    const { place: at, domainUser, friendlyName, isReplacing: replaces, lines } = user;
    const [, domain, login] = /^([^\\]+)\\([^\\]+)$/.exec(domainUser ?? '') ?? [];
    if (domainUser === undefined) fault('<User> has no <DomainUser>', at);
    else if (!domain || !login) fault(`<DomainUser> is DOMAIN\\USER, unlike ${domainUser}`, at);
    else {
      const names = { domain: domain.trim(), login: login.trim(), friendlyName };
      file.users.push({ place: at, ...names, isReplacing: replaces, lines });
    }
    if (file.users.length > MOST_USERS) stop(`the file has more than ${MOST_USERS} users`);
  }

  return {
    open,
    close,
    stop,
    text(part: string): void {
      const name = path.at(-1) ?? '';
      if (!TEXTS.has(name)) {
        if (part.trim() !== '') fault(`text stands in <${name}>: ${part.trim().slice(0, 40)}`);
        return;
      }
      heard += part;
      if (heard.length > LONGEST_TEXT) stop(`<${name}> is longer than ${LONGEST_TEXT} characters`);
    },
    result: (): TsecimpFile => file,
  };
}

function isField(name: string): name is Field {
  return TEXTS.has(name);
}
