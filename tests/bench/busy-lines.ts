// The company behind a measurement: colleagues who talk, and put each other on hold and take each other back, so and so
// often a second, on lines that the measured agent watches.
import type { Desk } from '../../relay/src/pbx/simulator/desk-client.ts';
import type { Ground } from './row.ts';

const FIRST_LINE = 100;
const LINES = 100;
const FROM = '03023125090';

/** Lets the lines be busy until the end, at this pace, and says at the end how many changes there really were. */
export async function keepLinesBusy(
  desk: Desk,
  { eventsPerSecond, ground }: { eventsPerSecond: number; ground: Ground },
): Promise<void> {
  const lines = Array.from({ length: LINES }, (_, n) => String(FIRST_LINE + n));
  for (const line of lines) {
    await desk.callIn({ from: FROM, to: line });
    await desk.lift(line);
  }
  let told = 0;
  let late = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    // What a timer that comes late missed is made up for.
    const due = Math.floor(((performance.now() - startedAt) / 1000) * eventsPerSecond);
    for (; told < due; told += 1) {
      const line = lines[told % LINES] ?? '';
      const isHeld = Math.floor(told / LINES) % 2 === 1;
      // On a machine that cannot keep up the answer may come too late; the change itself still comes.
      (isHeld ? desk.retrieve(line) : desk.hold(line)).catch(() => {
        late += 1;
      });
    }
  }, 5);
  ground.atEnd(() => {
    clearInterval(timer);
    const seconds = (performance.now() - startedAt) / 1000;
    ground.say(
      `${(told / seconds).toFixed(0)} events a second on ${LINES} lines beside it, ${late} of them answered late`,
    );
  });
}
