// An agent says whom a number belongs to. It holds for everybody of the company who may see that contact, in calls that run,
// in the journal and in what comes; taking it back puts things as they were. A contact that is not there and one that is not
// for this agent are the same answer.
import type { ClientMessage, ServerMessage } from '@offhook/protocol';
import type { Logger } from 'pino';
import type { Viewer } from './access.ts';
import { type ContactContext, mayFind } from './contact-requests.ts';
import type { Directory } from './directory.ts';
import type { NumberContacts } from './number-contacts.ts';

export interface ContactChoicesOptions {
  chosen: Pick<NumberContacts, 'choose' | 'undo'>;
  directory: Pick<Directory, 'contact'>;
  log: Logger;
}

type ChoiceMessage = ClientMessage & { type: 'assign-contact' };
type ChoiceResult = Pick<ServerMessage & { type: 'result' }, 'state' | 'code'>;

export interface ContactChoices {
  /** Keeps the choice or takes it back, or says why not. Never rejects. */
  change(viewer: Viewer, message: ChoiceMessage, context: ContactContext): Promise<ChoiceResult>;
}

/** The choices of all agents. */
export function createContactChoices({ chosen, directory, log }: ContactChoicesOptions): ContactChoices {
  return {
    async change(viewer, { number, contactId, undo }, context) {
      const { tenantId } = viewer.tenant;
      if (!mayFind(viewer, context)) return { state: 'failed', code: 'not-permitted' };
      if (number.kind !== 'e164') return { state: 'failed', code: 'number-invalid' };
      if (!directory.contact(tenantId, contactId, viewer.hiddenSources)) {
        return { state: 'failed', code: 'not-permitted' };
      }
      const choice = { tenantId, number: number.number, contactId };
      try {
        await (undo ? chosen.undo(choice) : chosen.choose(choice));
        log.info(
          { user: viewer.user.userId, contactId, undo: undo === true },
          'an agent said whom a number belongs to',
        );
        return { state: 'done' };
      } catch (error) {
        log.error({ err: error }, 'whom a number belongs to could not be kept');
        return { state: 'failed', code: 'store-unavailable' };
      }
    },
  };
}
