// The words that stand before a number and say what it is, as tables by meaning. Data and one look-up: what follows
// from a label is decided in find.ts, never here.

/** What a word in front of a number says about it. `filler` says nothing and lets the word before it speak. */
export type Label = 'phone' | 'fax' | 'extension' | 'negative' | 'filler' | 'none';

const PHONE_WORDS = words(`
  tel telefon telefonnummer telefonnr tel.nr phone ph fon fone t m mob mobil mobile mobilnummer handy handynummer cell
  cellulare call ruf rufnummer rufnr rufnummernblock rückruf rückrufnr zentrale direkt hotline anruf anrufen durchwahl
  büro office reception switchboard telephone téléphone tél teléfono telefono móvil movil telefoon mobiel telefonu tfno
  servicenummer helpline whatsapp sms direct landline numéro llamar appeler bellen dzwonić kom komórka
  tel.-nr verde lifeline rückfragen kundenservice support home work privat geschäftlich festnetz telefax-tel
`);
const FAX_WORDS = words('fax telefax faxnummer faxnr faxnr. télécopie fax-nr f telefaks');
const EXTENSION_WORDS = words(
  'durchwahl dw ext extension ext. nst nebenstelle app apparat int interno wew poste anexo x klappe toestel doorkies',
);
const FILLER_WORDS = words(
  'nr no nummer number num n° nº n is ist lautet unter an at von from vom am the der die das to auf me us',
);

// Whole words first (short ones must not match inside others), then stems that compounds contain.
const NEGATIVE_WORDS = words(`
  iban bic blz kto konto esr bsb acc acct a/c account ein ssn bsn abn acn vat uid id ids ean isbn upc gtin imei sku ref
  referenz reference rn lot block hrb hra fn az gz pos position model modell pin plz zip sec art artikel paket build
  version seriennummer serial s/n sn order po ticket case invoice bill policy confirmation tracking usps ups dhl fedex
  card karte raum room postfach siret siren nif cif dni rechnung bestellung auftrag angebot lieferung vorgang menge
  seiten score ahv ust-idnr steuer-id p.iva piva cf pesel nip regon krs pan gstin ifsc kvk btw btw-nr crn utr nhs
  pedido albarán factura commande facture ordine fattura zamówienie faktura bestelling factuur paczka var const let
`);
const NEGATIVE_STEM =
  /rechnung|vertrag|kunden|bestell|auftrag|liefer|vorgang|artikel|aktenz|inventar|mitglied|steuer|ust-?id|versicher|policen|personal|mandat|gläubig|serien|sendung|paket|handelsreg|kd\.?-?nr|sv-nr|zulass|akten|invoice|order|account|customer|member|passport|license|licence|tracking|company|register|regist|factur|client|cliente|pedido|expedient|matric|commande|konto|bank|sort.?code|tax|part.?n/;

/** What the word says. Case, trailing dots and colons do not matter; a compound is read by its stem. */
export function labelOf(word: string): Label {
  const plain = word.toLowerCase().replace(/^[^\p{L}]+|[.:()[\]"'!?]+$/gu, '');
  if (plain === '') return 'filler';
  if (FAX_WORDS.has(plain)) return 'fax';
  if (PHONE_WORDS.has(plain)) return 'phone';
  if (EXTENSION_WORDS.has(plain)) return 'extension';
  if (NEGATIVE_WORDS.has(plain) || NEGATIVE_STEM.test(plain)) return 'negative';
  if (FILLER_WORDS.has(plain)) return 'filler';
  return partsLabel(plain);
}

/** The words that introduce an extension on its own, as one alternation for a pattern. */
export const EXTENSION_PATTERN = 'durchwahl|dw|ext(?:ension)?|nebenstelle|nst|app(?:arat)?|klappe|interno|wew|poste|x';

/** Those that also follow a number and belong to it. German DW and Nst. are left to libphonenumber's reading. */
export const TRAILING_EXTENSION_WORDS = 'ext(?:ension)?|int|interno|wew|poste|anexo|toestel|x';

// 'tel./fax', 'telefon-nr', 'phone/mobile': the first part that says something speaks for all.
function partsLabel(plain: string): Label {
  const parts = plain.split(/[./-]+/).filter(Boolean);
  if (parts.length < 2) return 'none';
  for (const part of parts) {
    if (PHONE_WORDS.has(part)) return 'phone';
    if (FAX_WORDS.has(part)) return 'fax';
    if (NEGATIVE_WORDS.has(part)) return 'negative';
  }
  return 'none';
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}
