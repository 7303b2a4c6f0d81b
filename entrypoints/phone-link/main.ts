// Where the browser brings the phone links that it hands to us. The worker takes the link from this page's address and gives
// the tab back (lib/phone-link-door.ts); this page only says so meanwhile, and closes a tab that has nowhere to go back to.
import browser from 'webextension-polyfill';
import { t } from '#lib/i18n.ts';
import { leaveByItself } from '#lib/phone-link-door.ts';

const GONE_AFTER_MS = 2_000;

document.documentElement.lang = t('locale');
document.title = t('extName');
const text = document.createElement('p');
text.textContent = t('phone_link_opening');
document.getElementById('view')?.append(text);
// In a frame it is somebody else's page.
if (window === window.top) setTimeout(() => void leaveByItself(history, browser.tabs), GONE_AFTER_MS);
