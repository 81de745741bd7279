/** Words that customers and firms use for one thing, Danish and English side by side: a question rarely repeats the message. */
import { stem } from "./stem.ts";

const groups: readonly string[] = [
  "appointment visit booking slot come coming arrive arriving tid aftale besøg kommer komme booket ankomme",
  "deliver delivery delivered arrive levere levering leveret ankomme leveringstid",
  "price cost costs charge quote offer estimate fee pris koster tilbud overslag",
  "invoice bill faktura regning",
  "pay paid payment betale betalt betaling",
  "repair fix fixed mend reparere reparation lave udbedre",
  "replace replaced change changed swap new skifte skiftet udskifte udskiftet ny nyt",
  "broken defective faulty dead defekt gået stykker ødelagt",
  "wrong problem fault issue error matter fejl fejler galt broken defective leak drip noise noisy smell smells stop stops stopped burnt blocked stuck defekt larm larmer lækker drypper lugter stopper stoppet",
  "leak leaking drip dripping lækage lækker utæt drypper",
  "noise noisy loud humming rattle larm larmer støj brummer støjer",
  "warranty guarantee garanti dækket covered",
  "key keys nøgle nøglen",
  "address live lives adresse bor",
  "phone telephone mobile call telefon mobil ring ringe telefonnummer",
  "cancel cancelled aflyse aflyst afbud",
  "reschedule move moved postpone postponed flytte flyttet rykke rykket udskyde udskudt",
  "serial serienummer serienr s/n",
  "code password pin kode adgangskode alarmkode",
  "discount rabat reduction",
  "dog hund pet",
  "colour color farve",
  "size dimensions størrelse mål dimension",
  "clean cleaning rense rensning rengøring",
  "service maintenance eftersyn vedligehold check inspection",
  "reason cause because why årsag skyldes fordi grund",
  "part parts component del dele reservedel",
  "technician engineer plumber tekniker montør håndværker",
  "park parking parkere parkering",
  "allergy allergic allergi allergisk",
  "deposit depositum udbetaling",
  "kroner kr dkk crowns",
];

let meanings: Map<string, Set<number>> | undefined;

function table(): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  groups.forEach((group, i) => {
    for (const word of group.split(" ")) found.set(stem(word), (found.get(stem(word)) ?? new Set()).add(i));
  });
  return found;
}

/** True when both stems stand in one group. */
export function isSynonym(a: string, b: string): boolean {
  meanings ??= table();
  const [ours, theirs] = [meanings.get(a), meanings.get(b)];
  return ours !== undefined && theirs !== undefined && [...ours].some((group) => theirs.has(group));
}

/** The stem and all that mean the same. */
export function alike(root: string): string[] {
  meanings ??= table();
  const ours = meanings.get(root);
  if (!ours) return [root];
  return [
    root,
    ...[...meanings].filter(([, theirs]) => [...theirs].some((one) => ours.has(one))).map(([word]) => word),
  ];
}
