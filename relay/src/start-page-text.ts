// The words of the start page in the languages that Offhook speaks. Plain text: the page escapes it.

/** The languages of the start page. */
export type StartPageLanguage = 'en' | 'de';

const en = {
  title: 'Connect this browser',
  lead: 'Offhook makes the phone numbers on your web pages callable with one click, and shows who is calling. This is your company’s relay, the part between your browser and the phone system.',
  codeLabel: 'Your pairing code',
  codeNote: 'Good for ten minutes after it was made, and for one browser.',
  copy: 'Copy link',
  copied: 'Copied',
  noCode: 'There is no pairing code in this address. Ask your administrator for a pairing link.',
  account: 'No code is needed: you sign in with {provider}.',
  badCode: 'The code in this address is not complete. Copy the whole link, or ask your administrator for a new one.',
  installTitle: 'Install the Offhook extension',
  installText:
    'In the browser you work with: Chrome or Edge from version 140, or Firefox from version 153. Your administrator has it, or has installed it already.',
  thisBrowser: 'This browser: ',
  connectTitle: 'Connect it',
  connectText:
    'Stay on this page, click Offhook’s icon in the toolbar, then “Connect”. No icon? It is behind the puzzle piece.',
  elsewhere: 'Other browser? Copy the link and open it there.',
  footer: 'Offhook relay',
  noScript: 'With scripts switched off this page cannot show the code: it is the part of the address behind “#pair=”.',
};

const de: Record<keyof typeof en, string> = {
  title: 'Diesen Browser verbinden',
  lead: 'Offhook macht die Telefonnummern auf Ihren Webseiten mit einem Klick wählbar und zeigt, wer anruft. Dies ist das Relay Ihrer Firma, das Stück zwischen Ihrem Browser und der Telefonanlage.',
  codeLabel: 'Ihr Kopplungscode',
  codeNote: 'Gilt zehn Minuten, nachdem er erzeugt wurde, und für einen Browser.',
  copy: 'Link kopieren',
  copied: 'Kopiert',
  noCode: 'In dieser Adresse steht kein Kopplungscode. Bitten Sie Ihren Administrator um einen Kopplungslink.',
  account: 'Ein Code ist nicht nötig: Sie melden sich mit {provider} an.',
  badCode:
    'Der Code in dieser Adresse ist nicht vollständig. Kopieren Sie den ganzen Link, oder bitten Sie Ihren Administrator um einen neuen.',
  installTitle: 'Offhook-Erweiterung installieren',
  installText:
    'In dem Browser, mit dem Sie arbeiten: Chrome oder Edge ab Version 140, oder Firefox ab Version 153. Ihr Administrator hat sie, oder hat sie schon installiert.',
  thisBrowser: 'Dieser Browser: ',
  connectTitle: 'Verbinden',
  connectText:
    'Bleiben Sie auf dieser Seite, klicken Sie in der Symbolleiste auf Offhook, dann auf „Verbinden“. Kein Symbol? Es ist hinter dem Puzzleteil.',
  elsewhere: 'Anderer Browser? Kopieren Sie den Link und öffnen Sie ihn dort.',
  footer: 'Offhook-Relay',
  noScript: 'Ohne Skripte kann diese Seite den Code nicht zeigen: er ist der Teil der Adresse hinter „#pair=“.',
};

/** All words of the page, by language. */
export const START_PAGE_TEXT: Record<StartPageLanguage, Record<keyof typeof en, string>> = { en, de };

/** The language that a browser likes best among ours, from its Accept-Language header; English if it names none. */
export function startPageLanguage(acceptLanguage: string): StartPageLanguage {
  const wishes = acceptLanguage.split(',').map((part) => {
    const [tag = '', ...params] = part.trim().toLowerCase().split(';');
    const quality = params.map((param) => /^\s*q=([0-9.]+)\s*$/.exec(param)?.[1]).find((text) => text !== undefined);
    return { language: tag.split('-')[0], weight: quality === undefined ? 1 : Number(quality) };
  });
  const weightOf = (language: StartPageLanguage) =>
    Math.max(0, ...wishes.filter((wish) => wish.language === language).map((wish) => wish.weight));
  return weightOf('de') > weightOf('en') ? 'de' : 'en';
}
