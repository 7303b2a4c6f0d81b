// A worker that answers at once with what a fixture says, for pictures.
import type { DialPreview, OrderResult, Requests, Send } from '#lib/messages.ts';

type Answers = { [Name in keyof Requests]: Requests[Name]['answer'] };

/** What the sample worker answers; nothing said means that it never does. */
export interface SampleAnswers {
  preview?: DialPreview;
  order?: OrderResult;
  /** The same for any other request, by its name. */
  answers?: Partial<Answers>;
}

/** A `send` for fixtures. */
export function sampleSend({ preview, order, answers = {} }: SampleAnswers): Send {
  const said: Partial<Answers> = { ...(preview && { preview }), ...(order && { command: order }), ...answers };
  return (name) => {
    const answer = said[name];
    return answer === undefined ? new Promise(() => undefined) : Promise.resolve(answer);
  };
}
