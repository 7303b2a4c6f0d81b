// The agent's own ringtones: kept in this profile alone, few and short, so that nobody fills the disk with music.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

/** A file as it is listed. */
export interface RingFile {
  id: string;
  /** As the file was called, without its ending. */
  name: string;
}

/** Why a file is not taken. */
export type RingFileFault = 'too-large' | 'too-many' | 'no-sound';

/** A file was not taken; `reason` says why. */
export class RingFileError extends Error {
  override readonly name = 'RingFileError';
  readonly reason: RingFileFault;
  constructor(reason: RingFileFault) {
    super(`the file is not taken: ${reason}`);
    this.reason = reason;
  }
}

// Larger files are refused.
const MAX_RING_FILE_BYTES = 1_000_000;
// More files are refused.
const MOST_RING_FILES = 10;
const MAX_NAME_LENGTH = 60;
const STORE = 'files';

interface Schema extends DBSchema {
  [STORE]: { key: string; value: RingFile & { bytes: ArrayBuffer; type: string } };
}

/** All files, by name. */
export async function listRingFiles(): Promise<RingFile[]> {
  const all = await withFiles((files) => files.getAll(STORE));
  return all.map(({ id, name }) => ({ id, name })).toSorted((a, b) => a.name.localeCompare(b.name));
}

/** Keeps a file; rejects with RingFileError. `isSound` tells whether this browser can play it. */
export async function keepRingFile(file: File, isSound: (sound: Blob) => Promise<boolean>): Promise<RingFile> {
  if (file.size > MAX_RING_FILE_BYTES) throw new RingFileError('too-large');
  if (!(await isSound(file))) throw new RingFileError('no-sound');
  const bytes = await file.arrayBuffer();
  const name = file.name.replace(/\.[^.]*$/, '').slice(0, MAX_NAME_LENGTH);
  return withFiles(async (files) => {
    const { store, done } = files.transaction(STORE, 'readwrite');
    const count = await store.count();
    const kept = { id: crypto.randomUUID(), name };
    if (count < MOST_RING_FILES) await store.put({ ...kept, bytes, type: file.type });
    await done;
    if (count >= MOST_RING_FILES) throw new RingFileError('too-many');
    return kept;
  });
}

/** Forgets a file. Where it was chosen the first of our own tones is heard. */
export async function removeRingFile(id: string): Promise<void> {
  await withFiles((files) => files.delete(STORE, id));
}

/** The sound of a file; undefined where it is not there any more. */
export async function loadRingFile(id: string): Promise<Blob | undefined> {
  const file = await withFiles((files) => files.get(STORE, id));
  return file && new Blob([file.bytes], { type: file.type });
}

async function withFiles<Answer>(act: (files: IDBPDatabase<Schema>) => Promise<Answer>): Promise<Answer> {
  const files = await openDB<Schema>('offhook-ringtones', 1, {
    upgrade: (database) => {
      database.createObjectStore(STORE, { keyPath: 'id' });
    },
  });
  try {
    return await act(files);
  } finally {
    files.close();
  }
}
