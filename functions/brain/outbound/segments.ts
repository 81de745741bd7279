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
