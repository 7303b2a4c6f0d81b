// A pairing that reads what is typed as the real one does and then finds the code wrong, for pictures. Where the company wants
// it, its account is there, too, as far as the state has come with it.
import type { Pairing } from '#components/PairForm.tsx';
import { readPairingCode, readPairingLink } from '#lib/pairing-link.ts';
import type { DeskFixture } from './desk-fixture.ts';

/** The pairing of a state. */
export function samplePairingOf({ state, policy }: Pick<DeskFixture, 'state' | 'policy'>): Pairing {
  return {
    readLink: readPairingLink,
    readCode: readPairingCode,
    deviceName: 'Chrome · Linux',
    pair: async () => ({ type: 'failed', code: 'code-invalid' }),
    relay: policy?.relay,
    ...(policy?.signIn && {
      companySignIn: {
        offer: async () => ({ type: 'offered', provider: 'Elbe-ID' }),
        start: () => new Promise(() => undefined),
        status: state.signIn,
        isOnlyWay: policy.locked?.includes('signIn') ?? false,
      },
    }),
  };
}
