// A browser event: listeners are added by the code under test, the test lets it happen.

export interface FakeEvent<Listener extends (...args: never[]) => unknown> {
  addListener(listener: Listener): void;
  /** Calls all listeners; answers what they answered. */
  emit(...args: Parameters<Listener>): ReturnType<Listener>[];
}

/** An event without listeners. */
export function createFakeEvent<Listener extends (...args: never[]) => unknown>(): FakeEvent<Listener> {
  const listeners: Listener[] = [];
  return {
    addListener: (listener) => void listeners.push(listener),
    // Every listener of an event has the event's own parameters and result.
    emit: (...args) => listeners.map((listener) => listener(...args) as ReturnType<Listener>),
  };
}
