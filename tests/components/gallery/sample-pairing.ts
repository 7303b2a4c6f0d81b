// A pairing that reads what is typed as the real one does and then finds the code wrong, for pictures.
import type { Pairing } from '#components/PairForm.tsx';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';

export const samplePairing: Pairing = {
  readLink: readPairingLink,
  readCode: readPairingCode,
  deviceName: 'Chrome · Linux',
  pair: async () => ({ type: 'failed', code: 'code-invalid' }),
};
