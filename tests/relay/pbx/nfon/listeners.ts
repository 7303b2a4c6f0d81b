// Tells when the drivers that listen to a made-up NFON have heard all that it said: a word that no driver understands is
// sent behind it on each stream, and every driver notes in its log that it came.
import type { DriverContext } from '../../../../relay/src/pbx/driver.ts';
import type { NfonExchange } from '../../../fakes/nfon-exchange.ts';
import type { NfonServer } from '../../../fakes/nfon-server.ts';

interface Listener {
  isInTouch: boolean;
  isOver: boolean;
  outcomes: number;
  heard: { calls: number; states: number };
}

export interface Listeners {
  /** The context for a driver, watched. */
  watch(context: DriverContext): DriverContext;
  /** Nothing comes any more: nobody waits for it. */
  silent(): void;
  settled(): Promise<void>;
}

/** Nobody listens yet. */
export function createListeners(server: NfonServer, exchange: NfonExchange): Listeners {
  const listeners = new Set<Listener>();
  const waiting = new Set<() => void>();
  let isSilent = false;
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  return {
    watch(context) {
      const listener: Listener = { isInTouch: false, isOver: false, outcomes: 0, heard: { calls: 0, states: 0 } };
      listeners.add(listener);
      context.signal.addEventListener('abort', () => {
        listener.isOver = true;
        wake();
      });
      return {
        ...context,
        log: new Proxy(context.log, {
          get(target, name, receiver) {
            if (name !== 'debug') return Reflect.get(target, name, receiver);
            return (...args: Parameters<typeof target.debug>) => {
              if (args[1] === 'events of calls that nobody understands') listener.heard.calls += 1;
              if (args[1] === 'states that nobody understands') listener.heard.states += 1;
              target.debug(...args);
              wake();
            };
          },
        }),
        emit(event) {
          if (event.type === 'status') listener.isInTouch = event.status.type === 'connected';
          if (event.type === 'outcome') listener.outcomes += 1;
          context.emit(event);
          wake();
        },
      };
    },
    silent() {
      isSilent = true;
    },
    async settled() {
      await turn();
      if (isSilent) return;
      const goals = [...listeners]
        .filter(({ isInTouch, isOver }) => isInTouch && !isOver)
        .map((listener) => ({ listener, ...listener.heard }));
      server.raw('calls', 'data: "that is all"\n\n');
      server.raw('states', 'data: "that is all"\n\n');
      const isHeard = () =>
        goals.every(({ listener, calls, states }) => {
          const hasAll = listener.heard.calls > calls && listener.heard.states > states;
          return listener.isOver || !listener.isInTouch || hasAll;
        });
      await until(waiting, isHeard);
      // Who ordered what, the listeners do not know: one of them hears of each.
      const outcomes = () => [...listeners].reduce((sum, one) => sum + one.outcomes, 0);
      await until(
        waiting,
        () => outcomes() >= exchange.started() || goals.every(({ listener }) => !listener.isInTouch),
      );
      await turn();
    },
  };
}

function until(waiting: Set<() => void>, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isTrue()) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
  });
}

// What was sent is on its way.
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
