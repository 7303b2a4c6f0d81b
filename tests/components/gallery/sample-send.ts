// A worker that answers at once with what a fixture says, for pictures.
import type { DialPreview, OrderResult, Requests, Send } from '#lib/messages.ts';

/** What the sample worker answers; nothing said means that it never does. */
export interface SampleAnswers {
  preview?: DialPreview;
  order?: OrderResult;
}

/** A `send` for fixtures. */
export function sampleSend({ preview, order }: SampleAnswers): Send {
  const answers: Partial<{ [Name in keyof Requests]: Requests[Name]['answer'] }> = {
    ...(preview && { preview }),
    ...(order && { command: order }),
  };
  return (name) => {
    const answer = answers[name];
    return answer === undefined ? new Promise(() => undefined) : Promise.resolve(answer);
  };
}
