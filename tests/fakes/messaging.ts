// The browser's messaging in memory: views on one side, one worker at a time on the other. Ports end with their worker,
// and messages are copied on the way, those through ports as in Chromium, which makes JSON of them: what is undefined does
// not arrive.
import type { Sender, ViewRuntime } from '#lib/messages.ts';
import { createFakeEvent } from './browser-event.ts';

export const OWN_ID = 'offhook-id';
export const OWN_ORIGIN = `chrome-extension://${OWN_ID}`;

/** A sender as the browser describes one of our own pages. */
export const OWN_PAGE: Sender = { id: OWN_ID, origin: OWN_ORIGIN, url: `${OWN_ORIGIN}/popup.html` };

function transmitted(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message));
}

function createPortPair(name: string, sender: Sender) {
  let isOpen = true;
  const ends = ['view', 'worker'].map(() => ({
    onMessage: createFakeEvent<(message: unknown) => void>(),
    onDisconnect: createFakeEvent<() => void>(),
  }));
  const portOf = (mine: number) => {
    const [own, other] = [ends[mine]!, ends[1 - mine]!];
    return {
      name,
      sender,
      onMessage: own.onMessage,
      onDisconnect: own.onDisconnect,
      postMessage(message: unknown) {
        if (!isOpen) throw new Error('Attempting to use a disconnected port object');
        other.onMessage.emit(transmitted(message));
      },
      /** Is gone, and the browser has not said so yet. */
      vanish() {
        isOpen = false;
      },
      disconnect() {
        if (!isOpen) return;
        isOpen = false;
        other.onDisconnect.emit();
      },
    };
  };
  return { view: portOf(0), worker: portOf(1) };
}

/** Where views and worker meet. */
export function createFakeMessaging() {
  const ports: ReturnType<typeof createPortPair>[] = [];
  type WorkerPort = ReturnType<typeof createPortPair>['worker'];
  let onMessage = createFakeEvent<(message: unknown, sender: Sender) => Promise<unknown> | undefined>();
  let onConnect = createFakeEvent<(port: WorkerPort) => void>();
  let connects = 0;
  let refusal: 'none' | 'throws' | 'disconnects' = 'none';

  const send = (message: unknown, sender: Sender) =>
    onMessage.emit(structuredClone(message), sender).find((answer) => answer !== undefined);

  function connect(name: string, sender: Sender) {
    const pair = createPortPair(name, sender);
    ports.push(pair);
    if (refusal === 'none') onConnect.emit(pair.worker);
    return pair.view;
  }

  return {
    get onMessage() {
      return onMessage;
    },
    get onConnect() {
      return onConnect;
    },
    connects: () => connects,
    /** How connecting fails from now on. */
    refuse(how: typeof refusal) {
      refusal = how;
    },
    /** What the worker answers to a message of this sender; undefined when it does not listen to it. */
    send,
    /** Opens a port as this sender and answers the view's end. */
    connect,
    /** The worker is gone with its listeners and its ends of the ports; the next one registers anew. */
    killWorker() {
      onMessage = createFakeEvent();
      onConnect = createFakeEvent();
      for (const { worker } of ports.splice(0)) worker.disconnect();
    },
    /** What a view of ours sees of it. */
    viewRuntime(): ViewRuntime {
      return {
        sendMessage: (message) => send(message, OWN_PAGE) ?? Promise.reject(new Error('Receiving end does not exist')),
        connect: ({ name }) => {
          connects += 1;
          if (refusal === 'throws') throw new Error('Extension context invalidated');
          const view = connect(name, OWN_PAGE);
          if (refusal === 'disconnects') queueMicrotask(() => view.onDisconnect.emit());
          return view;
        },
      };
    },
  };
}
