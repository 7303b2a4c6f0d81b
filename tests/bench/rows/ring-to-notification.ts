// From the moment somebody calls at the phone system to the moment the browser has the notification that says who: phone
// system, relay, worker and the look-up in between, all of them the real processes.
import { ADA, ANNA } from '../../e2e/world.ts';
import { type BareSocket, openBareSocket } from '../bare-socket.ts';
import { comeToRest, type Office, openOffice } from '../office.ts';
import type { Contestant, RowFamily } from '../row.ts';

const ID = 'ring-to-notification';

// The worker itself says over the bare socket what it does, so that no debugger has to be attached to ask. The API is
// called with a callback, in which a failure is told, or answers a promise.
const TELLING = `{
  const { notifications, runtime } = chrome;
  const tell = (name, word) => {
    const original = notifications[name];
    notifications[name] = function (...args) {
      const done = () => benchSocket.send(word + ' ' + args[0]);
      if (name === 'create') benchSocket.send('asked ' + args[0]);
      const callback = args.at(-1);
      if (typeof callback !== 'function') return original.apply(this, args).then((answer) => (done(), answer));
      const telling = (answer) => {
        if (!runtime.lastError) done();
        callback(answer);
      };
      return original.call(this, ...args.slice(0, -1), telling);
    };
  };
  tell('create', 'created');
  tell('clear', 'cleared');
}`;

/** A call comes in → the notification of it is created, beside a bare echo through the same worker. */
export const ringToNotification: RowFamily = {
  rows: [
    {
      id: ID,
      unit: 'ms',
      ours: 'a call comes in at the phone system → the browser has created its notification, with the name',
      reference: 'bare WebSocket echo through the same worker',
    },
  ],
  rounds: 100,
  warmUpRounds: 10,
  async open(ground) {
    const office = await openOffice(ground);
    const bare = await openBareSocket(office.agent);
    ground.atEnd(bare.close);
    await office.agent.inWorker(TELLING);
    return {
      ours: ringing({ office, bare, until: 'created call:' }),
      async reference() {
        await comeToRest(office, bare);
        return { [ID]: await bare.echo() };
      },
      others: { 'until the worker asks for it': ringing({ office, bare, until: 'asked call:' }) },
    };
  },
};

function ringing({ office, bare, until }: { office: Office; bare: BareSocket; until: string }): Contestant {
  const { desk } = office.world.stage;
  return async () => {
    await comeToRest(office, bare);
    const created = bare.next('a notification', 'created call:');
    const reached = bare.next('a notification', until);
    const startedAt = performance.now();
    const [{ at }] = await Promise.all([reached, created, desk.callIn({ from: ANNA.reported, to: ADA })]);
    const cleared = bare.next('the end of the notification', 'cleared call:');
    await Promise.all([cleared, desk.farHangsUp(ADA)]);
    return { [ID]: at - startedAt };
  };
}
