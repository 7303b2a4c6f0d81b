// The clock of a view that counts running times. One timer a view, in step with whole seconds.
import { useEffect, useReducer } from 'preact/hooks';

/** The browser's time, renewed every second while the view is shown. */
export function useNow(): number {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const timer = setInterval(draw, 1000, undefined);
    return () => clearInterval(timer);
  }, []);
  // Read at each drawing: a state that has just come must not look older than it is.
  return Date.now();
}
