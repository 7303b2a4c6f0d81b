// Who is at the other end of a new connection: enrols a browser's key by a code, or checks that a device holds its key.
// It answers what the session is to do; it sends nothing and keeps nothing.
import type { CLOSE_CODES, ClientMessage, ErrorCode, ServerMessage } from '@offhook/protocol';
import type { Access, Viewer } from './access.ts';
import type { OidcSignIn } from './oidc-sign-in.ts';
import type { SignIn } from './sign-in.ts';

/** The other end as the server saw it. */
export interface Peer {
  /** The extension's origin. */
  origin: string;
  address: string;
  /** This relay's origin as the client dialled it; a proof made for another one is worth nothing. */
  dialledOrigin: string;
}

/** Codes that a session can be ended with. */
export type EndCode = ErrorCode & keyof typeof CLOSE_CODES;

interface HandshakeParts {
  peer: Peer;
  signIn: Pick<SignIn, 'enrol' | 'verify'>;
  access: Access;
}

/** Enrols the device's key. The connection goes on with a hello. */
export async function enrolDevice(
  { code, publicKey, device }: ClientMessage & { type: 'enrol' },
  { peer, signIn, access }: HandshakeParts,
): Promise<{ answer: EnrolledMessage } | { code: EndCode }> {
  const { origin, address } = peer;
  const enrolled = await signIn.enrol({ code, publicKey, deviceName: device.name, origin, address });
  if ('code' in enrolled) return { code: enrolled.code };
  const answer = await enrolledAnswer(enrolled, access);
  return answer ? { answer } : { code: 'code-invalid' };
}

/** Begins a sign-in at the identity provider, or finishes it, which enrols the device's key as a pairing code does. */
export async function signInDevice(
  message: ClientMessage & { type: 'begin-sign-in' | 'finish-sign-in' },
  { peer, oidc, access }: Pick<HandshakeParts, 'peer' | 'access'> & { oidc: OidcSignIn | undefined },
): Promise<{ answer: (ServerMessage & { type: 'sign-in' }) | EnrolledMessage } | { code: EndCode }> {
  const { origin, address } = peer;
  if (!oidc) return { code: 'sign-in-unavailable' };
  if (message.type === 'begin-sign-in') {
    const { publicKey, redirectUri, isSilent = false } = message;
    const begun = await oidc.begin({
      ...{ publicKey, redirectUri, isSilent, origin, address },
      deviceName: message.device.name,
    });
    return 'code' in begun ? { code: begun.code } : { answer: { type: 'sign-in', ...begun } };
  }
  const enrolled = await oidc.finish({ ticket: message.ticket, answer: message.answer, origin });
  if ('code' in enrolled) return { code: enrolled.code };
  const answer = await enrolledAnswer(enrolled, access);
  return answer ? { answer } : { code: 'user-unknown' };
}

type EnrolledMessage = ServerMessage & { type: 'enrolled' };

async function enrolledAnswer(
  { deviceId, userId }: { deviceId: string; userId: string },
  access: Access,
): Promise<EnrolledMessage | undefined> {
  const viewer = await access.viewer(userId);
  return viewer && { type: 'enrolled', device: deviceId, user: { userId, name: viewer.user.displayName } };
}

/**
 * Checks the proof. `grantsTurn` changes with every change of grants: a view that was overtaken by one is taken again, so
 * that no session begins with rights that are gone.
 */
export async function provedViewer(
  { device, proof }: ClientMessage & { type: 'hello' },
  { peer, signIn, access, nonce, grantsTurn }: HandshakeParts & { nonce: string; grantsTurn: () => number },
): Promise<{ viewer: Viewer } | { code: EndCode }> {
  const { dialledOrigin, origin } = peer;
  const verified = await signIn.verify({
    deviceId: device,
    proof,
    nonce,
    origin: dialledOrigin,
    extensionOrigin: origin,
  });
  if ('code' in verified) return { code: verified.code };
  for (;;) {
    const turn = grantsTurn();
    const { userId } = verified.user;
    const viewer = await access.viewer(userId, device);
    if (!viewer) return { code: (await access.whyNone(userId)) === 'revoked' ? 'unauthenticated' : 'not-permitted' };
    if (turn === grantsTurn()) return { viewer };
  }
}
