// A watched folder, one user's: programs that can only write files put orders into it. A file is taken once, whole and fresh
// or not at all: it has to lie there unchanged from one look to the next, end with a line break and be of this very minute.
// It is taken by renaming it before anything is dialled, so that nothing in it is ever dialled twice, by whatever crash.
import { randomUUID } from 'node:crypto';
import { constants, lstat, open, readdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import type { Desk } from './desk.ts';

export interface FolderOptions {
  folder: string;
  user: string;
  desk: Desk;
  clock: Clock;
  log: Logger;
  /** Whether a file may do without a line break at its end. */
  acceptUnterminated: boolean;
  /** Called after each look (tests). */
  onLooked?: (() => void) | undefined;
}

const LOOK_EVERY_MS = 500;
const OLDEST_MS = 60_000;
// Clocks of file servers are a little off, never much.
const AHEAD_MS = 30_000;
const UNTERMINATED_MS = 3_000;
const MOST_BYTES = 1_024;
const MOST_A_LOOK = 20;

interface Seen {
  size: number;
  mtimeMs: number;
  ino: number;
}

interface Watching extends FolderOptions {
  seen: Map<string, Seen>;
  isClosed: boolean;
}

/** Watches until closed. `close` waits for a file that was taken already. */
export function watchFolder(options: FolderOptions): { close(): Promise<void> } {
  const { clock, log, folder, onLooked } = options;
  const watching: Watching = { ...options, seen: new Map(), isClosed: false };
  let cancel = () => {};
  let isMissing = false;
  const round = async (work: () => Promise<void>) => {
    try {
      await work();
      isMissing = false;
    } catch (error) {
      // Said once: a file server that is down is down for a while.
      if (!isMissing) log.warn({ err: error, folder }, 'the folder of the TAPIMaster interface cannot be read');
      isMissing = true;
    }
    if (!watching.isClosed) cancel = clock.after(LOOK_EVERY_MS, look);
    onLooked?.();
  };
  let last = Promise.resolve();
  const look = () => {
    last = round(() => lookInto(watching));
  };
  last = round(() => settleTaken(watching));
  return {
    close() {
      watching.isClosed = true;
      cancel();
      return last;
    },
  };
}

async function lookInto(watching: Watching): Promise<void> {
  const { folder, seen } = watching;
  const names = (await readdir(folder)).filter((name) => /\.cti$/i.test(name)).sort();
  for (const name of seen.keys()) if (!names.includes(name)) seen.delete(name);
  for (const name of names.slice(0, MOST_A_LOOK)) {
    // What was not taken yet is left to the next start.
    if (watching.isClosed) return;
    try {
      await considerFile(watching, name);
    } catch (error) {
      // One that cannot be read does not keep the others waiting.
      watching.log.warn({ err: error, folder }, 'a file of the TAPIMaster interface could not be carried out');
      await refuse(watching, name, 'cannot be read').catch(() => undefined);
    }
  }
}

async function considerFile(watching: Watching, name: string): Promise<void> {
  const { folder, seen, clock } = watching;
  const file = await statOf(join(folder, name));
  if (!file) return;
  const before = seen.get(name);
  seen.set(name, file);
  if (!file.isFile) return refuse(watching, name, 'is no ordinary file');
  if (!before || before.size !== file.size || before.mtimeMs !== file.mtimeMs || before.ino !== file.ino) return;
  const ageMs = clock.now() - file.mtimeMs;
  if (ageMs > OLDEST_MS) return refuse(watching, name, `is older than ${OLDEST_MS / 1000} s and was not carried out`);
  if (ageMs < -AHEAD_MS) return refuse(watching, name, 'is from the future: set the clocks right');
  if (file.size > MOST_BYTES) return refuse(watching, name, 'is longer than a command');
  const text = await textOf(join(folder, name));
  if (/[\r\n]$/.test(text) || (watching.acceptUnterminated && text !== '' && ageMs > UNTERMINATED_MS)) {
    return take(watching, name, file);
  }
  // Somebody may still be writing it.
  if (ageMs > 2 * UNTERMINATED_MS) await refuse(watching, name, 'has no line break at its end: it may be half written');
}

/** Taken: from the rename on the file is ours, and read again as it is now. */
async function take(watching: Watching, name: string, before: Seen): Promise<void> {
  const { folder, desk, user } = watching;
  const taken = await claim(watching, name);
  if (taken === undefined) return;
  const now = await statOf(taken);
  const text = await textOf(taken);
  const lines = text.split(/[\r\n]+/).filter((line) => line !== '');
  const isSame = now?.ino === before.ino && now.size === before.size && now.mtimeMs === before.mtimeMs;
  const [line = '', another] = lines;
  if (!isSame || another !== undefined) {
    const why = isSame ? 'has more than one line' : 'was changed while it was read';
    return finish(watching, { name, taken, text: `ERR not-understood the file ${why}` });
  }
  const reply = await desk.take({ way: 'folder', line, address: '', user });
  watching.log.debug({ folder, state: reply.state }, 'a file of the TAPIMaster interface');
  await finish(watching, { name, taken, text: reply.text });
}

async function refuse(watching: Watching, name: string, why: string): Promise<void> {
  const taken = await claim(watching, name);
  if (taken !== undefined) await finish(watching, { name, taken, text: `ERR not-understood the file ${why}` });
}

async function claim({ folder, seen }: Watching, name: string): Promise<string | undefined> {
  const taken = join(folder, `${stemOf(name)}.BUSY`);
  seen.delete(name);
  try {
    await rename(join(folder, name), taken);
    return taken;
  } catch {
    // Gone, or somebody still holds it (Windows): looked at again.
    return undefined;
  }
}

async function finish(
  { folder }: Watching,
  { name, taken, text }: { name: string; taken: string; text: string },
): Promise<void> {
  const stem = join(folder, stemOf(name));
  // A new file under a name that nobody knows: through a link that lay there, the relay would write somewhere else.
  const draft = `${stem}.${randomUUID()}.TMP`;
  await writeFile(draft, `${text}\r\n`, { flag: 'wx' });
  await rename(draft, `${stem}${text.startsWith('OK') ? '.OK' : '.ERR'}`);
  // What cannot be taken away (somebody made a folder of that name) stays as it is: it is not looked at again.
  await unlink(taken).catch(() => undefined);
}

/** Of what an earlier run had taken nobody knows how it ended. */
async function settleTaken(watching: Watching): Promise<void> {
  const left = (await readdir(watching.folder)).filter((name) => name.endsWith('.BUSY'));
  for (const name of left) {
    const taken = join(watching.folder, name);
    const text = 'UNKNOWN outcome-unknown the relay stopped meanwhile: look at the line before you try again';
    await finish(watching, { name, taken, text });
  }
}

async function statOf(path: string): Promise<(Seen & { isFile: boolean }) | undefined> {
  try {
    // Never through a link: it would lead out of the folder.
    const { size, mtimeMs, ino, isFile } = await lstat(path).then((stats) => ({
      ...{ size: stats.size, mtimeMs: stats.mtimeMs, ino: stats.ino },
      isFile: stats.isFile(),
    }));
    return { size, mtimeMs, ino, isFile };
  } catch {
    return undefined;
  }
}

async function textOf(path: string): Promise<string> {
  // It was an ordinary file a moment ago: if it is a link or a pipe by now, nobody waits for it or follows it.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MOST_BYTES + 1), 0, MOST_BYTES + 1, 0);
    return buffer.toString('latin1', 0, bytesRead).replace(/^\u00ef\u00bb\u00bf/, '');
  } finally {
    await file.close();
  }
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}
