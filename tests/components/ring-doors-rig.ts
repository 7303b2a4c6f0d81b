// The doors of the ringtones for tests: nothing happens behind those that a test does not open.
import type { RingDoors } from '#components/RingtonesSection.tsx';

/** Doors of which a test watches some. */
export function ringDoorsWith(doors: Partial<RingDoors>): RingDoors {
  return {
    tones: ['classic', 'soft', 'bell', 'double', 'low'],
    files: [],
    outputs: [],
    onTry: async () => undefined,
    onAdd: async () => undefined,
    onRemove: async () => undefined,
    onAskOutputs: async () => false,
    ...doors,
  };
}
