// What every fake Asterisk has besides calls: hints, phones that are logged in, its database, names. Written from the
// documented answers of ExtensionStateList, DeviceStateList, DBGet and their like.
import type { Answer, Packet } from './ami-server.ts';

/** The rooms of a fake phone system without its calls. */
export interface Office {
  extensions: readonly string[];
  /** `'PJSIP/10'` → `'NOT_INUSE'` */
  devices: Map<string, string>;
  /** `'DND/10'` → `'YES'` */
  database: Map<string, string>;
  /** `'10'` → new messages */
  mailboxes: Map<string, number>;
  /** Undefined for actions about calls. */
  answer(action: Packet): Answer | undefined;
}

/** An extension whose phone nobody has: its lamp can be switched to see that all before was heard. */
export const BEACON = '9999';

/** An office with a phone logged in for each extension. `tell` hears of lamps. */
export function createOffice(extensions: readonly string[], tell: (event: Packet) => void): Office {
  const devices = new Map([...extensions, BEACON].map((extension) => [`PJSIP/${extension}`, 'NOT_INUSE']));
  const database = new Map<string, string>();
  const mailboxes = new Map<string, number>();
  const ok: Answer = { response: {} };
  const no = (Message: string): Answer => ({ response: { Response: 'Error', Message } });
  const place = ({ Family = '', Key = '' }: Packet) => `${Family}/${Key}`;

  function answer(action: Packet): Answer | undefined {
    switch (action['Action']) {
      case 'ExtensionStateList': {
        const items = [...extensions, BEACON].map((Exten) => hint(Exten));
        return { response: {}, list: { items, complete: 'ExtensionStateListComplete' } };
      }
      case 'DeviceStateList': {
        const items = [...devices].map(([Device, State]) => ({ Event: 'DeviceStateChange', Device, State }));
        return { response: {}, list: { items, complete: 'DeviceStateListComplete' } };
      }
      case 'Getvar':
        return { response: { Variable: action['Variable'] ?? '', Value: variableOf(action['Variable'] ?? '') } };
      case 'MailboxCount': {
        const [box = ''] = (action['Mailbox'] ?? '').split('@');
        return { response: { Mailbox: box, NewMessages: String(mailboxes.get(box) ?? 0), OldMessages: '0' } };
      }
      case 'DBGetTree': {
        const items = [...database].flatMap(([key, Val]) =>
          key.startsWith(`${action['Family']}/`) ? [{ Event: 'DBGetTreeResponse', Key: `/${key}`, Val }] : [],
        );
        return { response: {}, list: { items, complete: 'DBGetTreeComplete' } };
      }
      case 'DBGet': {
        const Val = database.get(place(action));
        if (Val === undefined) return no('Database entry not found');
        const item = { Event: 'DBGetResponse', Family: action['Family'] ?? '', Key: action['Key'] ?? '', Val };
        return { response: {}, list: { items: [item], complete: 'DBGetComplete' } };
      }
      case 'DBPut':
        database.set(place(action), action['Val'] ?? '');
        return ok;
      case 'DBDel':
        return database.delete(place(action)) ? ok : no('Database entry not found');
      case 'Setvar': {
        const device = /^DEVICE_STATE\((.*)\)$/.exec(action['Variable'] ?? '')?.[1];
        if (device) tell({ Event: 'DeviceStateChange', Device: device, State: action['Value'] ?? '' });
        return ok;
      }
      default:
        return undefined;
    }
  }

  return { extensions, devices, database, mailboxes, answer };
}

function hint(Exten: string): Packet {
  return {
    Event: 'ExtensionStatus',
    Exten,
    Context: 'internal',
    Hint: `PJSIP/${Exten}`,
    Status: '0',
    StatusText: 'Idle',
  };
}

function variableOf(variable: string): string {
  const phone = /^PJSIP_ENDPOINT\((\w+),callerid\)$/.exec(variable)?.[1];
  if (phone) return `"Line ${phone}" <${phone}>`;
  return variable.startsWith('DIALPLAN_EXISTS(') ? '1' : '';
}
