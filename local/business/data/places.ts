/** Where customers have their machines, and the small things that are true of a place: keys, parking, animals (English | Danish). */
type Pair = readonly [en: string, da: string];
const pairs = (text: string): readonly Pair[] =>
  text
    .trim()
    .split("\n")
    .map((line) => {
      const [en = "", da = ""] = line.split(" | ");
      return [en, da] as const;
    });

/** One list per sort of customer; a street number is put into {n}. */
export const placesOf = {
  home: pairs(`
in the basement | i kælderen
in the annex | i annekset
in the summer house | i sommerhuset
in the garage | i garagen
at my mother's | hos min mor
in the rental flat | i udlejningslejligheden
upstairs | på første sal
in the utility room | i bryggerset`),
  landlord: pairs(`
at Elmevej {n} | på Elmevej {n}
at Havnegade {n} | i Havnegade {n}
at Møllestræde {n} | i Møllestræde {n}
at Skolevej {n} | på Skolevej {n}
at Kirkebakken {n} | på Kirkebakken {n}
at Nygade {n} | i Nygade {n}
at Strandvejen {n} | på Strandvejen {n}
at Lindealle {n} | på Lindealle {n}
at Bredgade {n} | i Bredgade {n}
at Åparken {n} | i Åparken {n}
at Rosenvang {n} | på Rosenvang {n}
at Torvegade {n} | i Torvegade {n}`),
  hotel: pairs(`
in the laundry | i vaskeriet
in the main kitchen | i hovedkøkkenet
in the annex building | i annekset
in the conference room | i konferencerummet
in the staff canteen | i personalekantinen
in the wine cellar | i vinkælderen
in the spa | i spaen
in the old wing | i den gamle fløj
in the breakfast room | i morgenmadsrummet
in the gatehouse | i portnerboligen
on the top floor | på øverste etage
in the boathouse | i bådhuset`),
  council: pairs(`
at the nursery | i vuggestuen
in the gym | i gymnastiksalen
at the library | på biblioteket
at the town hall | på rådhuset
in the youth club | i ungdomsklubben
at the health centre | på sundhedscentret
at the fire station | på brandstationen
at the museum | på museet
in the school kitchen | i skolekøkkenet
at the sports ground | på stadion
at the care home | på plejehjemmet
at the music school | på musikskolen`),
  cafes: pairs(`
in the Torvet shop | i butikken på Torvet
in the harbour shop | i butikken på havnen
in the station shop | i butikken på stationen
in the bakery | i bageriet
in the roastery | i risteriet
at the head office | på hovedkontoret
in the warehouse | på lageret
in the garden café | i havecaféen
in the museum café | i museumscaféen
in the food truck | i foodtrucken`),
} as const;

export const keySpots = pairs(`
under the mat by the back door | under måtten ved bagdøren
in the key box behind the drainpipe | i nøgleboksen bag nedløbsrøret
with the neighbour at number 12 | hos naboen i nummer 12
in the flower pot to the left | i urtepotten til venstre
at the kiosk across the street | i kiosken på den anden side af gaden
in the drawer in the bike shed | i skuffen i cykelskuret
in the grill on the terrace | i grillen på terrassen
with the caretaker | hos viceværten
under the third tile | under den tredje flise
in the letter box, the lid is loose | i postkassen, låget er løst`);

export const parkings = pairs(`
in the yard behind the bins | i gården bag skraldespandene
at the church, two minutes on foot | ved kirken, to minutters gang
in bay 14, it's ours | på plads 14, den er vores
on the pavement in front, with the lights on | på fortovet foran med havariblink på
in the goods entrance before ten | i vareindleveringen før kl. ti
at the supermarket, remember the disc | ved supermarkedet, husk p-skiven
in the driveway next to the trailer | i indkørslen ved siden af traileren
behind the petrol station | bag tankstationen`);

export const pets = pairs(`
our labrador Bosse | vores labrador Bosse
the cat Sultan | katten Sultan
the parrot Gunnar | papegøjen Gunnar
the terrier Smilla | terrieren Smilla
the old dog Viggo | den gamle hund Viggo
the kitten Lakrids | killingen Lakrids
the dachshund Otto | gravhunden Otto
the rabbit Muffin | kaninen Muffin
the goose Margrethe | gåsen Margrethe`);

export const openings = pairs(`
before 7 in the morning | før kl. 7 om morgenen
after 3 pm | efter kl. 15
between 10 and 11:30 | mellem kl. 10 og 11.30
on Wednesdays | om onsdagen
during the lunch break | i frokostpausen
after closing time | efter lukketid`);

export const stopcocks = pairs(`
behind the panel under the stairs | bag panelet under trappen
in the cupboard next to the meter | i skabet ved siden af måleren
in the well by the gate | i brønden ved lågen
above the ceiling tile in the hall | over loftpladen i gangen
outside, under the iron lid | udenfor, under jerndækslet
behind the freezer | bag fryseren`);

/** By the name of the machine that is away. */
export const loaners: Readonly<Record<string, readonly Pair[]>> = {
  heatpump: pairs(`
two fan heaters | to varmeblæsere
an oil-filled radiator | en oliefyldt radiator
a tiled electric stove | en elovn`),
  boiler: pairs(`
a mobile boiler | en mobil kedel
three fan heaters | tre varmeblæsere
a gas heater on wheels | en gasovn på hjul`),
  ventilation: pairs(`
a dehumidifier | en affugter
two table fans | to bordventilatorer`),
  tank: pairs(`
a small under-sink heater | en lille vandvarmer til under vasken
a mobile shower trailer | en badevogn`),
  drain: pairs(`
a portable toilet | et mobilt toilet
a slop tank with a pump | en tank med pumpe`),
  washer: pairs(`
a small washing machine | en lille vaskemaskine
ten tokens for the launderette | ti poletter til vaskeriet`),
  dishwasher: pairs(`
our table-top machine | vores bordmodel
a crate of rental plates | en kasse lejetallerkener`),
  fridge: pairs(`
a camping fridge | et campingkøleskab
two cool boxes with ice | to køletasker med is`),
  oven: pairs(`
two hotplates | to kogeplader
a toaster oven | en miniovn`),
  bike: pairs(`
an old city bike with a child seat | en gammel bycykel med barnesæde
our red trailer bike | vores røde anhængercykel`),
};
