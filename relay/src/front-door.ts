// Who may come in at all: checks Host, path, Origin and subprotocol of a request before anything else looks at it. Browsers
// set Origin and Host themselves, so a page of another site can neither connect nor rebind a name to this relay.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { SUBPROTOCOL, WEBSOCKET_PATH } from '@offhook/protocol';
import type { EndCode } from './handshake.ts';

/**
 * Why an upgrade to a WebSocket is refused: as HTTP says it, or as a close code. A browser shows an extension nothing of an
 * HTTP refusal, so what its user can mend is told by the close of a WebSocket on which nothing else was ever sent or read.
 */
export type UpgradeRefusal = { status: number; reason: string } | { code: EndCode };

export interface FrontDoor {
  /** The public origin by which a request came in; undefined for a Host that is not ours. */
  dialledOrigin(host: string | undefined): string | undefined;
  refusalOf(request: IncomingMessage): UpgradeRefusal | undefined;
  /**
   * Whether a page of another site asks for one of ours as a part of itself (picture, script, frame, fetch). Browsers say so
   * by themselves; who follows a link to us, and what is no browser, does not.
   */
  isForeignPart(headers: IncomingHttpHeaders): boolean;
}

export interface FrontDoorOptions {
  /** Origins of extensions that may connect; any `moz-extension://` origin may pair and is pinned to its device. */
  extensionOrigins: readonly string[];
  /** How agents reach this relay, `ws://127.0.0.1:8730`; decides which Host headers are answered. */
  publicOrigins: readonly string[];
}

// Firefox gives each installation an id of its own.
const FIREFOX_ORIGIN = /^moz-extension:\/\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The rules of the door; throws for a public origin that is no URL. */
export function createFrontDoor({ extensionOrigins, publicOrigins }: FrontDoorOptions): FrontDoor {
  // The first of several spellings of one host counts, as it did when it was configured.
  const originByHost = new Map(publicOrigins.toReversed().map((origin) => [new URL(origin).host, origin]));
  const extensions = new Set(extensionOrigins);
  const dialledOrigin = (host: string | undefined) => originByHost.get(host?.toLowerCase() ?? '');
  return {
    dialledOrigin,
    isForeignPart(headers) {
      const { 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode, 'sec-fetch-dest': dest } = headers;
      if (site === 'none' || site === 'same-origin') return false;
      return mode !== 'navigate' || dest !== 'document';
    },
    refusalOf({ url, headers }) {
      const { origin, host } = headers;
      if (dialledOrigin(host) === undefined) return { status: 421, reason: 'unknown host' };
      if (url !== WEBSOCKET_PATH) return { status: 404, reason: 'unknown path' };
      const isExtension = origin !== undefined && (extensions.has(origin) || FIREFOX_ORIGIN.test(origin));
      if (!isExtension) return { code: 'origin-refused' };
      const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
      return protocols.includes(SUBPROTOCOL) ? undefined : { code: 'version-too-old-extension' };
    },
  };
}
