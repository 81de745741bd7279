/** How urgent something is said to be: 1 is the most urgent of four. */

const levels: [number, string][] = [
  [
    4,
    "(?:with )?low(?:est)? priority|priority 4|p4|when (?:there is|i have|we have) time|no rush|not urgent|(?:med )?lav(?:este)? prioritet|prioritet 4|når (?:der er|jeg har|vi har) tid|ingen hast|haster ikke",
  ],
  [
    1,
    "(?:with )?(?:top|highest) priority|priority 1|p1|very urgent|urgent(?:ly)?|asap|as soon as possible|right away|immediately|critical|!{3,}|(?:med )?(?:højeste|top) ?prioritet|prioritet 1|haster(?: meget)?|hastesag|hurtigst muligt|straks|akut|omgående|kritisk",
  ],
  [
    2,
    "(?:with )?high priority|priority 2|p2|very important|important|(?:med )?høj prioritet|prioritet 2|meget vigtigt?|vigtigt?|!{2}",
  ],
  [3, "(?:with )?(?:normal|medium) priority|priority 3|p3|(?:med )?(?:normal|almindelig) prioritet|prioritet 3"],
];
const said = "(?:(?:it|this|that)(?:'s| is) |and |(?:det|den) er |det |og )?";
const patterns = levels.map(
  ([level, words]) => [level, new RegExp(`(?:^|[\\s,(–-]+)${said}(?:${words})(?=$|[\\s,.:;!)])[:!.)]*`, "iu")] as const,
);

export function takePriority(text: string): { priority: number | null; rest: string } {
  for (const [priority, pattern] of patterns) {
    const match = pattern.exec(text);
    if (match) return { priority, rest: text.replace(match[0], " ").replaceAll(/\s+/g, " ").trim() };
  }
  return { priority: null, rest: text };
}

const impact =
  /(?:^|[\s,(–-]+)(?:(?<high>(?:high|big|huge) impact|stor (?:effekt|betydning))|(?:impact|effekt) (?<n>[1-5]))(?=$|[\s,.:;!)])/iu;

export function takeImpact(text: string): { impact: number | null; rest: string } {
  const match = impact.exec(text);
  if (!match) return { impact: null, rest: text };
  return { impact: Number(match.groups?.["n"] ?? 5), rest: text.replace(match[0], " ").replaceAll(/\s+/g, " ").trim() };
}
