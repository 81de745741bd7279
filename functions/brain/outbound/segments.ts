/** What an SMS costs: its alphabet and its parts (3GPP TS 23.038; Twilio, "How are messages segmented"). */

/** The GSM 7-bit default alphabet. Danish letters are in it; curly quotes, long dashes and emoji are not. */
const basicText =
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
const basic = new Set(basicText);

/** Each costs an escape and itself: two septets, never cut apart. */
const extensionText = "\f^{}\\[~]|€";
const extension = new Set(extensionText);

/** For those who count while somebody types. */
export const alphabets = { basic: basicText, extension: extensionText };

export type Segments = {
  alphabet: "GSM-7" | "UCS-2";
  parts: number;
  /** Septets, or UTF-16 units. */
  units: number;
  /** The characters that made the whole message UCS-2, each once. */
  culprits: string[];
};

/** Parts of equal room filled one character after another: what does not fit whole begins the next. */
function filled(costs: number[], room: { single: number; part: number }): number {
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  if (total <= room.single) return 1;
  let parts = 1;
  let used = 0;
  for (const cost of costs) {
    if (used + cost > room.part) {
      parts += 1;
      used = 0;
    }
    used += cost;
  }
  return parts;
}

export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const culprits = [...new Set(characters.filter((c) => !basic.has(c) && !extension.has(c)))];
  const costs = characters.map((c) => (culprits.length > 0 ? c.length : extension.has(c) ? 2 : 1));
  const units = costs.reduce((sum, cost) => sum + cost, 0);
  return culprits.length > 0
    ? { alphabet: "UCS-2", parts: filled(costs, { single: 70, part: 67 }), units, culprits }
    : { alphabet: "GSM-7", parts: filled(costs, { single: 160, part: 153 }), units, culprits };
}

/** Signs that look like one in the cheap alphabet; phones and word processors put them in by themselves. */
const likes: Record<string, string> = {
  "\u2018": "'", // ‘
  "\u2019": "'", // ’
  "\u201a": "'", // ‚
  "\u201b": "'", // ‛
  "\u2032": "'", // ′
  "\u00b4": "'", // ´
  "\u0060": "'", // `
  "\u201c": '"', // “
  "\u201d": '"', // ”
  "\u201e": '"', // „
  "\u2033": '"', // ″
  "\u00ab": '"', // «
  "\u00bb": '"', // »
  "\u2010": "-",
  "\u2011": "-",
  "\u2012": "-",
  "\u2013": "-", // –
  "\u2014": "-", // —
  "\u2015": "-",
  "\u2212": "-", // −
  "\u2026": "...", // …
  "\u2022": "-", // •
  "\u00b7": "-", // ·
  "\u00a0": " ",
  "\u2007": " ",
  "\u2009": " ",
  "\u202f": " ",
  "\u200b": "",
  "\u200c": "",
  "\u2060": "",
  "\ufeff": "",
  "\u00ad": "",
};

const isCheap = (text: string): boolean => [...text].every((c) => basic.has(c) || extension.has(c));

/** The letter without its marks where that is in the alphabet: ë → e, š → s. Danish letters are in it and stay. */
function plainLetter(character: string): string {
  const bare = character.normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return bare !== "" && isCheap(bare) ? bare : character;
}

/** The text with signs and letters that have a cheap like replaced by it; what has none, as emoji, stays. Suggested, never done unasked. */
export function transliterated(text: string): string {
  const composed = text.normalize("NFC");
  return [...composed].map((c) => (isCheap(c) ? c : (likes[c] ?? plainLetter(c)))).join("");
}

export type Advice = {
  /** The same text in fewer parts. */
  text: string;
  parts: number;
};

/** Emoji and what joins them, with the space before, which would stand alone. */
const emoji =
  /\s?(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\ufe0e\ufe0f\u20e3])+/gu;

/** How the same could be said in fewer parts: likes first, and without its emoji where that is what it takes. Null where nothing helps. */
export function cheaper(text: string): Advice | null {
  const { parts } = segmentsOf(text);
  for (const said of [transliterated(text), transliterated(text.replaceAll(emoji, ""))]) {
    const less = segmentsOf(said).parts;
    if (less < parts && said.trim() !== "") return { text: said, parts: less };
  }
  return null;
}
