// The clock of a view that counts running times. One timer a view, in step with whole seconds.
import { useEffect, useState } from 'preact/hooks';

/** The browser's time, renewed every second while the view is shown. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
