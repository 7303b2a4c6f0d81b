// NFON's endpoints, each signed with a token that is good. A token that is refused is replaced once, by a new login, and
// the request is made once more: a 401 means that it was not carried out. Nothing else is ever repeated.
import { ApiError, type Ask, type Http } from './http.ts';
import type { SignIn } from './sign-in.ts';
import { type ExtensionData, type Read, readExtensions, readStates, type StateEvent } from './wire.ts';

/** What a call that is ordered looks like to NFON. Numbers are digits without + and 00. */
export interface CallOrder {
  caller: string;
  caller_context: string;
  callee: string;
  callee_context: string;
  /** On whose behalf. */
  extension: string;
  timeout: number;
}

export interface Api {
  extensions(): Promise<Read<ExtensionData>>;
  states(): Promise<Read<StateEvent>>;
  /** The stream of all calls, or of all lines' states. */
  stream(of: 'calls' | 'states', options: { signal: AbortSignal; lastEventId?: string | undefined }): Promise<Response>;
  /** Orders a call; the response streams how it goes. */
  startCall(order: CallOrder, signal: AbortSignal): Promise<Response>;
  /** Ends a call that was started by `startCall`. */
  endCall(uuid: string): Promise<void>;
}

const STREAM = 'text/event-stream';

/** The API at `baseUrl`. Everything rejects with ApiError. */
export function createApi({ baseUrl, http, signIn }: { baseUrl: string; http: Http; signIn: SignIn }): Api {
  const phones = `${baseUrl}/extensions/phone`;
  async function signed<Result>(ask: Ask, run: (ask: Ask) => Promise<Result>): Promise<Result> {
    const token = await tokenFor(signIn);
    try {
      return await run(signedBy(ask, token));
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      if (!signIn.forget(token)) throw error;
      return run(signedBy(ask, await tokenFor(signIn)));
    }
  }
  return {
    async extensions() {
      const ask: Ask = { what: 'the list of extensions', method: 'GET', url: `${phones}/data` };
      return readExtensions(await signed(ask, http.send));
    },
    async states() {
      const ask: Ask = { what: 'the states of the lines', method: 'GET', url: `${phones}/states` };
      return readStates(await signed(ask, http.send));
    },
    stream(of, { signal, lastEventId }) {
      const headers = { accept: STREAM, ...(lastEventId && { 'last-event-id': lastEventId }) };
      const ask: Ask = { what: `the stream of ${of}`, method: 'GET', url: `${phones}/${of}`, headers };
      return signed(ask, (one) => http.begin(one, signal));
    },
    startCall(order, signal) {
      const ask: Ask = { what: 'the order of a call', method: 'POST', url: `${phones}/calls`, json: order };
      return signed({ ...ask, headers: { accept: STREAM } }, (one) => http.begin(one, signal));
    },
    async endCall(uuid) {
      const url = `${phones}/calls/${encodeURIComponent(uuid)}`;
      await signed({ what: 'the end of a call', method: 'DELETE', url }, http.send);
    },
  };
}

function signedBy(ask: Ask, token: string): Ask {
  return { ...ask, headers: { ...ask.headers, authorization: `Bearer ${token}` } };
}

// Without a token nothing was sent, whatever the login came to.
async function tokenFor(signIn: SignIn): Promise<string> {
  try {
    return await signIn.token();
  } catch (error) {
    // A secret that cannot be read says in its own words where it was looked for.
    const message = error instanceof Error ? error.message : 'there is no token';
    const status = error instanceof ApiError ? error.status : 0;
    throw new ApiError(message, { status, arrived: 'no', cause: error });
  }
}
