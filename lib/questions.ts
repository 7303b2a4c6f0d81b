// Questions to the relay that may be asked twice: whose number it is, who is called so, what happened earlier; and who calls
// back or whose number it is, which changes nothing the second time. They are simply asked again over a new socket, as long as somebody waits.
import type { ClientMessage, ErrorCode, ServerMessage } from '@offhook/protocol';
import type { Clock } from './clock.ts';

type Question = Extract<
  ClientMessage,
  { type: 'search' | 'lookup' | 'history' | 'facts' | 'assign-contact' | 'journal-page' | 'call-back' }
>;
type Answer = Extract<ServerMessage, { type: 'contacts' | 'journal' | 'facts' | 'result' }>;
// The id is given here.
type Asked<Each extends Question = Question> = Each extends Question ? Omit<Each, 'id'> : never;

export interface Questions {
  /** Resolves with the relay's answer, or with why there is none; never rejects. */
  ask(question: Asked): Promise<Answer | { type: 'failed'; code: ErrorCode | 'relay-unreachable' }>;
  /** To be told of every message, since answers come that way. */
  onMessage(message: ServerMessage): void;
  /** To be told of each sign-in. */
  onSignedIn(): void;
  /** The relay will never answer, since this browser is disconnected from it. */
  abandon(): void;
}

const ANSWER_LIMIT_MS = 6_000;

interface Open {
  question: Question;
  finish(answer: Awaited<ReturnType<Questions['ask']>>): void;
}

/** The questions of one worker. */
export function createQuestions(options: {
  send(message: ClientMessage): boolean;
  clock: Clock;
  newId(): string;
}): Questions {
  const open = new Map<string, Open>();
  const unreachable = { type: 'failed', code: 'relay-unreachable' } as const;

  return {
    ask(asked) {
      return new Promise((resolve) => {
        const id = options.newId();
        const question: Question = { ...asked, id };
        const cancel = options.clock.after(ANSWER_LIMIT_MS, () => open.get(id)?.finish(unreachable));
        open.set(id, {
          question,
          finish(answer) {
            cancel();
            open.delete(id);
            resolve(answer);
          },
        });
        // Without a link it waits for the next sign-in, not longer than anybody would.
        options.send(question);
      });
    },
    onMessage(message) {
      if (message.type === 'contacts' || message.type === 'facts') open.get(message.id)?.finish(message);
      if (message.type === 'result') open.get(message.id)?.finish(message);
      if (message.type === 'journal' && message.id !== undefined) open.get(message.id)?.finish(message);
      if (message.type === 'error' && message.id !== undefined) {
        open.get(message.id)?.finish({ type: 'failed', code: message.code });
      }
    },
    onSignedIn() {
      for (const { question } of open.values()) options.send(question);
    },
    abandon() {
      for (const one of [...open.values()]) one.finish(unreachable);
    },
  };
}
