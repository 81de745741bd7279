/** What is said about places, agreements and life beside the jobs, in both languages (notation: see ../phrases.ts). */
export const siteEn = `
== key
a> Who can open up for us {place}? / If nobody is there {place}, how do we get in?
c #key> The key is {keySpot} / Nobody there, but the key is {keySpot} / Key's {keySpot}, please put it back
a> Thanks, noted. / We'll put it back. / Perfect.
--
c #key> In case you come when we are out: the key {place} is {keySpot}.
a> Great, it's on your card now.
== keymove
c #key2> Just so you know, the key {place} is now {keySpot2} / We've moved the spare key {place}, it's {keySpot2} from now on
a> Thanks, I've changed it. / Good that you say so.
== gate
a> Is there a code for the door {place}?
c #gate> {gate} / It's {gate} and then the star / {gate}, same as always
--
c> The gate is locked after six now {place}
a> What is the code?
c #gate> {gate} / use {gate}
== gatechange
c #gate2> They've changed the code {place}, it's {gate2} now / New door code {place}: {gate2}
a> Thank you, updated. / Got it, the old one is deleted.
== pet
c #pet> One thing, {pet} is loose {place}. Friendly, but please mind the door. / Please tell the technician that {pet} lives {place} and loves to run out. / Don't be scared of {pet} {place}, all bark.
a> We all like animals here, no problem. / I'll pass it on. / Thanks for the warning 😄
== parking
a> Where can we park the van {place}?
c #parking> {parking} / Best is {parking} / {parking}, the wardens are keen
--
c #parking> Last time you got a ticket {place}. Please park {parking}.
a> Good idea, thanks. / Thanks, that was expensive enough.
== person
a> Who do we ask for {place}?
c #person> {person}, {personPhone} / Ask for {person}. {personPhone} / That would be {person} on {personPhone}
a> Thank you. / Fine, we'll call ahead.
--
c #person> If I'm not reachable, {person} looks after things {place}. Number is {personPhone}.
a> Noted, thanks {first}.
== personchange
c #person2> {person} has left us. From now on it's {person2}, {person2Phone}, who takes care of things {place}. / New person {place}: {person2}, phone {person2Phone}
a> Welcome to {person2}! I've updated the card. / Thanks, changed.
== hours
c #hours> {Place}, please only come {hours}. / We'd prefer visits {hours} {place}, otherwise we disturb people.
a> We'll plan for that. / Understood, it's on the card.
== stopcock
a> We couldn't find where to turn off the water {place}. Do you know?
c #stopcock> {stopcock} / It's {stopcock} / {stopcock}, you need a torch
== contract
a #fee> Your service agreement covers {visits} visits a year for {fee} a month. / As agreed on the phone: {visits} visits a year, {fee} per month.
c> Looks right / Great, we'll sign
== contractchange
a #fee2> From the new year the monthly price of the agreement will be {fee2}, because of the wage settlement. / We've adjusted the agreement to {fee2} a month now that there is one site more.
c> Understandable / ok, as long as the visits stay the same
== mailto
c #mailto> Please send all invoices to {email} from now on / New address for bills: {email}
a> Done. / I've changed it in the system.
== away
c #away> I'm on leave from {away1} to {away2}. {deputy} covers for me. / Note that I'm away {away1} until {away2}, please write to {deputy} in that time.
a> Enjoy! / Have a good break, {first}. / Thanks, we'll talk to {deputy}.
== prefer
c #prefer> {Prefer}, please. / Could you make a note: {prefer}.
a> Of course. / It's on your card now.
`;
export const siteDa = `
== key
a> Hvem kan lukke op for os {place}? / Hvis der ikke er nogen {place}, hvordan kommer vi så ind?
c #key> Nøglen ligger {keySpot} / Ingen hjemme, men nøglen ligger {keySpot} / Nøgle {keySpot}, læg den gerne tilbage
a> Tak, noteret. / Vi lægger den tilbage. / Perfekt.
--
c #key> Hvis I nu kommer, mens vi er ude: nøglen {place} ligger {keySpot}.
a> Fint, det står på jeres kort nu.
== keymove
c #key2> Bare så I ved det, nøglen {place} ligger nu {keySpot2} / Vi har flyttet ekstranøglen {place}, den ligger {keySpot2} fra nu af
a> Tak, det er rettet. / Godt, du siger det.
== gate
a> Er der kode på døren {place}?
c #gate> {gate} / Det er {gate} og så stjerne / {gate}, som altid
--
c> Porten er låst efter kl. 18 nu {place}
a> Hvad er koden?
c #gate> {gate} / brug {gate}
== gatechange
c #gate2> De har skiftet koden {place}, den er {gate2} nu / Ny dørkode {place}: {gate2}
a> Tak, den er opdateret. / Modtaget, den gamle er slettet.
== pet
c #pet> En ting, {pet} går løs {place}. Sød nok, men pas på døren. / Sig lige til teknikeren, at {pet} bor {place} og elsker at løbe ud. / Bliv ikke bange for {pet} {place}, det er bare larm.
a> Vi er alle glade for dyr her, intet problem. / Det giver jeg videre. / Tak for advarslen 😄
== parking
a> Hvor kan vi holde med bilen {place}?
c #parking> {parking} / Det bedste er {parking} / {parking}, p-vagterne er ivrige
--
c #parking> Sidst fik I en bøde {place}. Hold gerne {parking}.
a> God idé, tak. / Tak, den var dyr nok.
== person
a> Hvem skal vi spørge efter {place}?
c #person> {person}, {personPhone} / Spørg efter {person}. {personPhone} / Det er {person} på {personPhone}
a> Tak for det. / Fint, vi ringer i forvejen.
--
c #person> Hvis I ikke kan få fat i mig, er det {person}, der tager sig af tingene {place}. Nummeret er {personPhone}.
a> Noteret, tak {first}.
== personchange
c #person2> {person} er stoppet hos os. Fra nu af er det {person2}, {person2Phone}, der tager sig af tingene {place}. / Ny kontakt {place}: {person2}, tlf. {person2Phone}
a> Velkommen til {person2}! Jeg har opdateret kortet. / Tak, det er ændret.
== hours
c #hours> {Place} må I helst kun komme {hours}. / Vi foretrækker besøg {hours} {place}, ellers forstyrrer vi folk.
a> Det planlægger vi efter. / Forstået, det står på kortet.
== stopcock
a> Vi kunne ikke finde ud af, hvor man lukker for vandet {place}. Ved du det?
c #stopcock> {stopcock} / Det er {stopcock} / {stopcock}, tag en lygte med
== contract
a #fee> Jeres serviceaftale dækker {visits} besøg om året for {fee} om måneden. / Som aftalt i telefonen: {visits} besøg om året, {fee} pr. måned.
c> Det ser rigtigt ud / Super, vi skriver under
== contractchange
a #fee2> Fra nytår bliver månedsprisen på aftalen {fee2} på grund af overenskomsten. / Vi har reguleret aftalen til {fee2} om måneden, nu hvor der er kommet et sted mere på.
c> Forståeligt / ok, så længe besøgene er de samme
== mailto
c #mailto> Send venligst alle fakturaer til {email} fra nu af / Ny adresse til regninger: {email}
a> Klaret. / Det er rettet i systemet.
== away
c #away> Jeg holder ferie fra {away1} til {away2}. {deputy} dækker for mig. / Bemærk at jeg er væk {away1} til {away2}, skriv til {deputy} i den tid.
a> Nyd det! / God ferie, {first}. / Tak, så taler vi med {deputy}.
== prefer
c #prefer> {Prefer}, tak. / Vil I skrive op: {prefer}.
a> Selvfølgelig. / Det står på jeres kort nu.
`;
