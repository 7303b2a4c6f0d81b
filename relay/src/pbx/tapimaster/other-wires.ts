// TAPIMaster by datagrams, and by files in a folder that it watches. As over TCP, nothing is claimed beyond what is known: a
// datagram that left, a file that lies there under its name.
import { createSocket } from 'node:dgram';
import { access, constants, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PbxError } from '../driver.ts';
import { encodeLine, replyForLog } from './text.ts';
import { type Aftermath, type Wire, type WireContext, within } from './wire.ts';

/** The way `udp`. Nobody can be asked whether a TAPIMaster is there: `check` always succeeds. */
export function createUdpWire({ options, clock, log }: WireContext): Wire {
  const { host, port, replySeconds } = options;
  return {
    async send(line) {
      const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
      const { promise, resolve } = Promise.withResolvers<Aftermath>();
      socket.on('message', (data) => {
        log.debug({ reply: replyForLog(data, options) }, 'TAPIMaster answered');
        resolve({ type: 'taken' });
      });
      // The machine there has said that nobody listens on this port.
      socket.on('error', () => resolve({ type: 'failed', code: 'pbx-unreachable' }));
      const isSent = await new Promise<boolean>((done) => {
        socket.connect(port, host, (cause?: Error) => {
          if (cause) return done(false);
          socket.send(encodeLine(line, options), (fault) => done(!fault));
        });
      });
      if (!isSent) {
        socket.close();
        return { type: 'rejected', code: 'pbx-unreachable' };
      }
      const late = () => ({ type: 'taken' as const });
      const aftermath = within(clock, replySeconds * 1_000, { work: promise, late });
      return { type: 'sent', aftermath: aftermath.finally(() => socket.close()) };
    },
    check: async () => undefined,
    close: () => undefined,
  };
}

// A TAPIMaster that is there looks more often. One that starts tomorrow must not dial what was wanted today.
const LIES_MS = 15_000;

/** The way `file`: written under a name that nobody looks for, then renamed, so that no half command is ever read. */
export function createFileWire({ options, clock, log }: WireContext): Wire {
  const { folder = '.' } = options;
  let count = 0;
  const started = Date.now().toString(36);
  return {
    async send(line) {
      count += 1;
      const stem = join(folder, `offhook-${started}-${count}`);
      try {
        await writeFile(`${stem}.tmp`, encodeLine(line, options), { flag: 'wx' });
        await rename(`${stem}.tmp`, `${stem}.CTI`);
      } catch {
        await unlink(`${stem}.tmp`).catch(() => undefined);
        return { type: 'rejected', code: 'pbx-unreachable' };
      }
      clock.after(LIES_MS, () => {
        // Gone is as it should be: it was taken.
        unlink(`${stem}.CTI`).then(
          () => log.warn({ folder }, 'a command that no TAPIMaster had taken away was taken back'),
          () => undefined,
        );
      });
      return { type: 'sent', aftermath: Promise.resolve({ type: 'taken' }) };
    },
    async check() {
      try {
        await access(folder, constants.W_OK | constants.X_OK);
      } catch (cause) {
        throw new PbxError('pbx-unreachable', `the folder ${folder} is not there, or cannot be written`, { cause });
      }
    },
    close: () => undefined,
  };
}
