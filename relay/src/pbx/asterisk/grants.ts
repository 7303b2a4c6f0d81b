// What the manager's user may do, as Asterisk itself tells: it lists the actions that this user may send. Offers are made
// from this, so that nobody is offered what would be refused.
import type { AmiConnection } from './connection.ts';

/** What an AMI user may do, by the classes behind it. */
export interface Grants {
  /** Originate: class `originate`. */
  originate: boolean;
  /** Redirect, BlindTransfer, Bridge, PlayDTMF, Setvar: class `call`. */
  call: boolean;
  /** CoreShowChannels, DBGet: class `reporting`. */
  reporting: boolean;
  /** DBPut, DBDel, PJSIPNotify: class `system`. */
  system: boolean;
  /** Actions of classes that Offhook never needs, by class: `command`, `config`, … */
  excess: string[];
  /** Whether the database can be read family by family. */
  hasDbTree: boolean;
}

const EXCESS: Readonly<Record<string, string>> = {
  Command: 'command',
  UpdateConfig: 'config',
  AGI: 'agi',
  UserEvent: 'user',
  MessageSend: 'message',
  AOCMessage: 'aoc',
  QueueAdd: 'agent',
};

/** Asks what this user may do. */
export async function askGrants(connection: Pick<AmiConnection, 'ask'>): Promise<Grants> {
  const actions = await connection.ask({ Action: 'ListCommands' });
  const has = (action: string) => actions[action] !== undefined;
  return {
    originate: has('Originate'),
    call: has('Redirect'),
    reporting: has('CoreShowChannels'),
    // `PJSIPNotify` is missing where PJSIP is; the database never is.
    system: has('DBPut'),
    excess: Object.entries(EXCESS).flatMap(([action, name]) => (has(action) ? [name] : [])),
    hasDbTree: has('DBGetTree'),
  };
}
