// The file of the log. It often lies on the disk of the data, so it fails at the very moment at which there is most to say:
// what cannot be written waits and is written when there is room. A log must never end the relay, nor take its memory.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log file that a program like logrotate may move away. */
export interface LogFile {
  /** Never throws. */
  write(line: string): void;
  /** Goes on in a new file of the old name; where that fails, in the old one, which then says so. */
  reopen(): void;
}

// Half an hour and more of a relay that fails at everything.
const MOST_WAITING_BYTES = 4_000_000;

/** A log file at `path`, readable by its owner alone, written line by line so that a crash loses none. */
export function logFile(path: string, { mostWaitingBytes = MOST_WAITING_BYTES } = {}): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  const open = () => openSync(path, 'a', 0o600);
  let fd = open();
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let lost = 0;

  function put(line: string): boolean {
    const bytes = Buffer.from(line);
    if (waitingBytes + bytes.length > mostWaitingBytes) return false;
    waiting.push(bytes);
    waitingBytes += bytes.length;
    return true;
  }

  function writeOut(): void {
    try {
      for (let next = waiting[0]; next; next = waiting[0]) {
        const written = writeSync(fd, next);
        waitingBytes -= written;
        if (written < next.length) waiting[0] = next.subarray(written);
        else waiting.shift();
      }
    } catch {
      // Tried again with the next line; that the disk is full is told by the health check, too.
    }
  }

  function write(line: string): void {
    if (waiting.length > 0) writeOut();
    if (lost > 0 && put(remark(`${lost} lines of this log are missing here: the disk was full`))) lost = 0;
    if (!put(line)) lost += 1;
    writeOut();
  }

  return {
    write,
    reopen() {
      try {
        const next = open();
        closeSync(fd);
        fd = next;
      } catch (error) {
        write(remark(`the log could not be opened anew: ${error instanceof Error ? error.message : String(error)}`));
      }
    },
  };
}

function remark(msg: string): string {
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), msg })}\n`;
}
