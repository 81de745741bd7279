/** What identifies a person by number or address becomes a placeholder before a text leaves for a model; names stay. */

/** RFC 5321: at most 64 characters before the @, which also keeps the search linear. */
const email = /[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/gu;

/** ISO 13616: country, check digits, then groups of four and a rest. */
const iban = /(?<![\p{L}\p{N}])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?(?![\p{L}\p{N}])/gu;

/** +45 20 30 40 50, 0045-20304050, +44 (0)20 7946 0958: E.164 has at most 15 digits. */
const international = /(?:\+|(?<!\p{Nd})00)[ (]{0,2}\p{Nd}(?:[ .()/\u00a0\u202f\u2010-\u2013-]{0,3}\p{Nd}){6,14}/gu;

/** (020) 7946 0958, (555) 123-4567. */
const bracketed = /\(\p{Nd}{1,5}\)[ -]?\p{Nd}(?:[ .-]?\p{Nd}){4,10}/gu;

/** 070-123 45 67, 030/1234567: a leading zero, then any grouping. */
const trunk = /(?<![\p{Nd}.,:-])0\p{Nd}{1,4}(?:[ ./-]?\p{Nd}){5,10}/gu;

/** 20 30 40 50, 2030 4050, 555-123-4567, 010190-1234, 4111 1111 1111 1111: groups with one and the same separator. */
const grouped = /\p{Nd}{1,6}( {1,2}|[./\u00a0\u202f\u2010-\u2013-])\p{Nd}{2,6}(?:\1\p{Nd}{2,6})*/gu;

const unbroken = /\p{Nd}{7,}/gu;

/** 2026-11-21, 21.11.2026, 21/11/26: when, not who. */
const date = /^(?:\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2(?:\d{4}|\d{2}))$/;
/** 08.30-10.15 */
const times = /^\d{1,2}\.\d{2} ?- ?\d{1,2}\.\d{2}$/;
/** 1.250.000 or 1 250 000; eight digits in such groups are more likely somebody's phone than his bill. */
const amount = /^\d[ .\u00a0\u202f]\d{3}[ .\u00a0\u202f]\d{3}$/;

/** Fewer digits than this identify nobody. */
const shortest = 7;
const longestPhone = 15;

const count = (found: string): number => found.replace(/\P{Nd}/gu, "").length;

const asIban = (found: string): string => (count(found) >= 10 ? "<number>" : found);

function asGroups(found: string): string {
  if (count(found) < shortest || date.test(found) || times.test(found) || amount.test(found)) return found;
  // A Danish personal number is written 6-4.
  const person = /^\p{Nd}{6}\P{Nd}\p{Nd}{4}$/u.test(found);
  return person || count(found) > longestPhone ? "<number>" : "<phone>";
}

const asUnbroken = (found: string): string => (found.length === 8 ? "<phone>" : "<number>");

/** The text with <email>, <phone> and <number> in place of what they stand for; doing it twice changes nothing more. */
export const withPlaceholders = (text: string): string =>
  text
    .replace(email, "<email>")
    .replace(iban, asIban)
    .replace(international, "<phone>")
    .replace(bracketed, "<phone>")
    .replace(trunk, asGroups)
    .replace(grouped, asGroups)
    .replace(unbroken, asUnbroken);
