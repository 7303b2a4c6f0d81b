// A desktop for a Firefox without one: takes what the browser hands to the system's notification service and keeps it until
// it is closed, so that stories see what would stand on a screen. All of the browser's own way to that point is real.
import type { FirefoxChrome } from './firefox-chrome.ts';

/** A notification as the desktop was asked to show it. */
export interface ShownNotification {
  id: string;
  title: string;
  text: string;
}

export interface FirefoxDesktop {
  /** What stands now. */
  standing(): Promise<ShownNotification[]>;
  /** Everything that was ever shown, in order, also what was shown again under the same id. */
  shown(): Promise<ShownNotification[]>;
  /** Clicks a notification; the desktop takes it away then. */
  click(id: string): Promise<void>;
}

/** Puts the desktop in the place of the system's. */
export async function setFirefoxDesktop(chrome: FirefoxChrome): Promise<FirefoxDesktop> {
  await chrome.run(SERVICE);
  // Both hold what SERVICE puts there.
  return {
    standing: async () =>
      (await chrome.run(`return [...window.offhookDesktop.standing.values()].map(${CONTENT})`)) as ShownNotification[],
    shown: async () => (await chrome.run(`return window.offhookDesktop.shown.map(${CONTENT})`)) as ShownNotification[],
    async click(id) {
      await chrome.run(`window.offhookDesktop.click(${JSON.stringify(id)})`);
    },
  };
}

const CONTENT = '({ id, title, text }) => ({ id, title, text })';

const SERVICE = `
  const standing = new Map();
  const shown = [];
  const finish = (id) => {
    const alert = standing.get(id);
    standing.delete(id);
    alert?.listener?.observe(null, 'alertfinished', '');
  };
  const service = {
    QueryInterface: ChromeUtils.generateQI(['nsIAlertsService']),
    showAlert({ name, title, text }, listener) {
      const alert = { id: name, title, text, listener };
      standing.set(name, alert);
      shown.push(alert);
      listener?.observe(null, 'alertshow', '');
    },
    closeAlert: finish,
    teardown() {},
    pbmTeardown() {},
  };
  window.offhookDesktop = {
    standing,
    shown,
    click(id) {
      const alert = standing.get(id);
      if (!alert) throw new Error('no notification ' + id + ' stands');
      alert.listener.observe(null, 'alertclickcallback', '');
      finish(id);
    },
  };
  Components.manager.QueryInterface(Ci.nsIComponentRegistrar).registerFactory(
    Components.ID('{0ff00c00-0000-4000-8000-00000000a1e7}'),
    'a desktop for tests',
    '@mozilla.org/alerts-service;1',
    {
      QueryInterface: ChromeUtils.generateQI(['nsIFactory']),
      createInstance: (wanted) => service.QueryInterface(wanted),
    },
  );
`;
