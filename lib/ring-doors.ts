// What the options page does for ringtones with the browser: tries one, keeps the agent's own files, learns the names of
// the outputs. Only for a page that the agent looks at, since some of it asks.
import { systemClock } from './clock.ts';
import {
  keepRingFile,
  listRingFiles,
  type RingFile,
  RingFileError,
  type RingFileFault,
  removeRingFile,
} from './ring-files.ts';
import { isSound, pageRingPlayer } from './ring-player.ts';
import { TONE_NAMES, type ToneName } from './ring-tones.ts';
import type { Ring } from './ringer.ts';

/** What can be done now, and what is there. */
export interface RingDoorsNow {
  tones: readonly ToneName[];
  files: readonly RingFile[];
  outputs: readonly { id: string; name: string }[];
  onTry(ring: Ring | undefined): Promise<void>;
  onAdd(file: File): Promise<RingFileFault | undefined>;
  onRemove(id: string): Promise<void>;
  onAskOutputs(): Promise<boolean>;
}

/** The doors of one page; `changed` is called when there is something new to look at. */
export function createRingDoors(changed: () => void): { current(): Promise<RingDoorsNow> } {
  const player = pageRingPlayer(systemClock.after);
  return {
    async current() {
      const [files, outputs] = await Promise.all([listRingFiles().catch(() => []), outputsNow()]);
      return {
        tones: TONE_NAMES,
        files,
        outputs,
        onTry: player.set,
        async onAdd(file) {
          try {
            await keepRingFile(file, isSound);
            changed();
            return undefined;
          } catch (error) {
            if (error instanceof RingFileError) return error.reason;
            throw error;
          }
        },
        async onRemove(id) {
          await removeRingFile(id);
          changed();
        },
        async onAskOutputs() {
          await askForNames().catch(() => undefined);
          changed();
          return (await outputsNow()).length > 0;
        },
      };
    },
  };
}

// Without the right to the microphone a browser gives neither ids nor names.
async function outputsNow(): Promise<{ id: string; name: string }[]> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.flatMap(({ kind, deviceId, label }) =>
    kind === 'audiooutput' && deviceId !== '' && deviceId !== 'default' && label !== ''
      ? [{ id: deviceId, name: label }]
      : [],
  );
}

// Firefox has a chooser of its own for outputs; Chromium tells them with the right to the microphone.
async function askForNames(): Promise<void> {
  const { selectAudioOutput } = navigator.mediaDevices as { selectAudioOutput?: () => Promise<unknown> };
  if (selectAudioOutput) {
    await selectAudioOutput.call(navigator.mediaDevices);
    return;
  }
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) track.stop();
}
