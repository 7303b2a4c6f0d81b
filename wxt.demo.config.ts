// The demo build: the store build's very code with loopback hosts and a fixed key in its manifest. It has a configuration
// of its own because `wxt build --mode demo` would compile other code (development JSX, a talking logger).
import { defineConfig } from 'wxt';
import store from './wxt.config.ts';

const { manifest } = store;
if (typeof manifest !== 'function') throw new Error('wxt.config.ts no longer makes the manifest by a function');

export default defineConfig({
  ...store,
  outDirTemplate: '{{browser}}-mv{{manifestVersion}}-demo',
  manifest: (env) => manifest({ ...env, mode: 'demo' }),
});
