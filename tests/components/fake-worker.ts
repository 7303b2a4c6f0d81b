// A stand-in for the worker: keeps what was asked and lets the test answer, late, in any order, or never.
import type { RequestName, Requests, Send } from '#lib/messages.ts';

export interface Asked<Name extends RequestName = RequestName> {
  name: Name;
  request: Requests[Name]['request'];
  answer(answer: Requests[Name]['answer']): void;
  fail(): void;
}

export interface FakeWorker {
  send: Send;
  asked<Name extends RequestName>(name: Name): Asked<Name>[];
  /** The last request of this name. */
  last<Name extends RequestName>(name: Name): Asked<Name>;
}

/** A worker that answers only when told to. */
export function createFakeWorker(): FakeWorker {
  const all: Asked[] = [];
  const worker: FakeWorker = {
    send: (name, request) =>
      new Promise((resolve, reject) => {
        // One list for requests of all names; `asked` gives each its type back.
        all.push({ name, request, answer: resolve as Asked['answer'], fail: () => reject(new Error('worker gone')) });
      }),
    // Every entry was stored under the name that it is found by.
    asked: <Name extends RequestName>(name: Name) => all.filter((one) => one.name === name) as unknown as Asked<Name>[],
    last(name) {
      const last = worker.asked(name).at(-1);
      if (!last) throw new Error(`nothing was asked as ${name}`);
      return last;
    },
  };
  return worker;
}
