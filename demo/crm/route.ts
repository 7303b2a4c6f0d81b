// The address as state. Somebody else may change it by history.pushState, of which no event of old tells; where the
// browser has no navigation events, the address is looked at twice a second.
import { useSyncExternalStore } from 'react';

interface NavigationLike extends EventTarget {
  readonly currentEntry: unknown;
}

/** The path of the address, kept current however it changes. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, () => location.pathname);
}

/** Goes to a path of the app. */
export function goTo(path: string): void {
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
}

function subscribe(onChange: () => void): () => void {
  // Not in every browser's types or browsers: Chromium has it, Firefox since 147.
  const navigation = (globalThis as { navigation?: NavigationLike }).navigation;
  const timer = setInterval(onChange, 500);
  addEventListener('popstate', onChange);
  navigation?.addEventListener('currententrychange', onChange);
  return () => {
    clearInterval(timer);
    removeEventListener('popstate', onChange);
    navigation?.removeEventListener('currententrychange', onChange);
  };
}
