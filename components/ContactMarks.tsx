// What must be seen of a contact before anything else is read: that it matters most, and that it is not to be called.
import type { Contact } from '@offhook/protocol';
import { useWords } from './words.ts';

/** The marks of a contact, or nothing. Of who is only perhaps meant, nothing is claimed. */
export function ContactMarks({ contact }: { contact: Contact | undefined }) {
  const { t } = useWords();
  if (contact?.match !== 'exact' || (!contact.vip && !contact.doNotCall)) return null;
  return (
    <span class="contact-marks">
      {contact.vip && <span class="pill pill--vip">{t('contact_vip')}</span>}
      {contact.doNotCall && <span class="pill pill--do-not-call">{t('contact_do_not_call')}</span>}
    </span>
  );
}
