// The relay's own version, as extensions and the command line are told it.
import packageJson from '../package.json' with { type: 'json' };

/** `'0.1.0'`. */
export const RELAY_VERSION: string = packageJson.version;
