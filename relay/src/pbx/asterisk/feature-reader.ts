// What lines have switched on, and their voicemail boxes: read at the snapshot, and read anew when something says that it may
// have changed. A line that is asked about while an answer is under way is asked about once more, not many times.
import type { Logger } from 'pino';
import type { AmiConnection } from './connection.ts';
import { readAllFeatures, readFeatures } from './features.ts';
import type { Grants } from './grants.ts';
import type { Lines } from './lines.ts';
import type { AsteriskOptions } from './options.ts';
import type { AmiMessage } from './wire.ts';

/** Phone systems with many boxes have other things to do, too. */
const BOXES_AT_ONCE = 4;

export interface FeatureReaderSetup {
  wire: Pick<AmiConnection, 'ask' | 'list'>;
  lines: Lines;
  options: AsteriskOptions;
  tellLines(extensions: readonly string[]): void;
  log: Logger;
}

export interface FeatureReader {
  /** For the snapshot. */
  readAll(grants: Grants): Promise<void>;
  /** Asks what this line has switched on, and tells it. */
  refresh(extension: string): void;
  /** A lamp of a feature changed, `'Custom:DND100'`. */
  onDeviceState(device: string): void;
  onMessageWaiting(event: AmiMessage): void;
  /** Asks for all voicemail boxes behind the snapshot's back; tells those that have one. */
  readVoicemail(): void;
}

/** Nothing read yet. */
export function createFeatureReader({ wire, lines, options, tellLines, log }: FeatureReaderSetup): FeatureReader {
  const asking = new Map<string, 'once' | 'again'>();

  async function ask(extension: string): Promise<void> {
    try {
      const features = await readFeatures(wire, extension);
      tellLines(lines.takeFeatures(extension, features));
    } catch (error) {
      log.debug({ err: error }, 'what a line has switched on could not be read');
    }
    const again = asking.get(extension) === 'again';
    asking.delete(extension);
    if (again) refresh(extension);
  }

  function refresh(extension: string): void {
    if (!options.features || !lines.hasLine(extension)) return;
    if (asking.has(extension)) return void asking.set(extension, 'again');
    asking.set(extension, 'once');
    void ask(extension);
  }

  async function readBox(extension: string): Promise<void> {
    const box = await wire.ask({ Action: 'MailboxCount', Mailbox: `${extension}@${options.mailboxContext}` });
    const count = Number(box['NewMessages']);
    // Who has no box is told like who has no messages.
    if (Number.isInteger(count) && (count > 0 || Number(box['OldMessages']) > 0)) {
      tellLines(lines.takeVoicemail(extension, count));
    }
  }

  return {
    async readAll(grants) {
      if (!options.features) return;
      const extensions = lines.extensions();
      const found = await readAllFeatures(wire, { extensions, grants });
      for (const extension of extensions) {
        lines.takeFeatures(
          extension,
          grants.reporting ? (found.get(extension) ?? { dnd: false, forwards: {} }) : undefined,
        );
      }
    },
    refresh,
    onDeviceState(device) {
      const extension = /^Custom:(?:DND|DEVDND|CF|DEVCF)([0-9]+)$/.exec(device)?.[1];
      if (extension !== undefined) refresh(extension);
    },
    onMessageWaiting(event) {
      const [box = '', context] = (event['Mailbox'] ?? '').split('@');
      if (context !== undefined && context !== options.mailboxContext) return;
      const count = Number(event['New'] ?? event['Waiting']);
      if (Number.isInteger(count)) tellLines(lines.takeVoicemail(box, count));
    },
    readVoicemail() {
      const waiting = lines.extensions();
      const next = async (): Promise<void> => {
        for (let extension = waiting.shift(); extension !== undefined; extension = waiting.shift())
          await readBox(extension);
      };
      // What could not be read is asked for after the next snapshot.
      for (let count = 0; count < BOXES_AT_ONCE; count += 1) void next().catch(() => undefined);
    },
  };
}
