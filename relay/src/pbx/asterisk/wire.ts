// The letters of the Asterisk Manager Interface (AMI): `Key: value` lines, ended by an empty one. Whatever text gets here,
// no value that leaves can begin a line of its own; whatever comes in, reading never throws.
import { StringDecoder } from 'node:string_decoder';
import { PbxError } from '../driver.ts';

/** A response or an event, its keys as Asterisk writes them. Of a key that comes twice the last value counts. */
export type AmiMessage = Readonly<Record<string, string | undefined>>;

/** An action by its keys; an array is sent as one line each. What is undefined is left out. */
export type AmiAction = { Action: string } & Readonly<Record<string, string | readonly string[] | undefined>>;

const LONGEST_MESSAGE = 1_048_576;
const END = '\r\n\r\n';

/** The bytes of an action. Throws `internal` when a value could be taken for a line of its own. */
export function encodeAction(action: AmiAction): string {
  const lines = Object.entries(action).flatMap(([key, value]) =>
    value === undefined ? [] : [value].flat().map((one) => `${plain(key)}: ${plain(one)}\r\n`),
  );
  return `${lines.join('')}\r\n`;
}

function plain(text: string): string {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) < 0x20) {
      throw new PbxError('internal', 'a value for the phone system holds a control character');
    }
  }
  return text;
}

/** What a reader finds. `onFlood`: a message without end; nothing is read any more. */
export interface ReaderEvents {
  /** The greeting, `'Asterisk Call Manager/5.0.4'`. */
  onBanner(line: string): void;
  onMessage(message: AmiMessage): void;
  onFlood(): void;
}

/** Takes bytes as they come, cut anywhere, and tells whole messages in their order. */
export function createReader({ onBanner, onMessage, onFlood }: ReaderEvents): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let hasBanner = false;
  let isFlooded = false;

  function readBanner(): void {
    const end = text.indexOf('\r\n');
    if (end < 0) return;
    hasBanner = true;
    const line = text.slice(0, end);
    text = text.slice(end + 2);
    onBanner(line);
  }

  return (chunk) => {
    if (isFlooded) return;
    const known = text.length;
    text += decoder.write(chunk);
    if (!hasBanner) readBanner();
    let from = 0;
    // The end may have been cut: look again at the last three letters of what was there.
    let end = hasBanner ? text.indexOf(END, Math.max(0, known - END.length)) : -1;
    while (end >= 0) {
      const message = messageOf(text.slice(from, end));
      from = end + END.length;
      if (message) onMessage(message);
      end = text.indexOf(END, from);
    }
    text = text.slice(from);
    if (text.length <= LONGEST_MESSAGE) return;
    isFlooded = true;
    text = '';
    onFlood();
  };
}

function messageOf(text: string): AmiMessage | undefined {
  const message: Record<string, string> = Object.create(null);
  let count = 0;
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    count += 1;
    message[line.slice(0, colon).trimEnd()] = line.slice(colon + 1).trim();
  }
  return count > 0 ? message : undefined;
}
