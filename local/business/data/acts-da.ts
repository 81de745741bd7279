/** How a job is talked about in Danish, act by act (notation: see ../phrases.ts). */
export const actsDa = `
== report
c #report> Hej {agent}, {asset} {place} {does}. {more} / Goddag, det er {first}. {Asset} {place} {does}. / Så er det mig igen, desværre. {Asset} {place} {does}. {more} / Godmorgen! {Asset} {place} {does} siden i weekenden.
a> Det er jeg ked af at høre, {first}. Det får vi styr på. / Tak for beskeden, {first}. Jeg ser lige, hvem der har tid. / Øv. Haster det, eller kan det vente et par dage?
?c> Det må meget gerne blive i denne uge / Jo før jo bedre / ingen panik men det er irriterende
--
c #report> {Asset} {does}. / Der er noget galt igen: {asset} {does}. / Nyt problem. {Asset} {does}. {more}
a> Hvilken en er det? / Hvilken en tænker du på, I har jo flere? / Hvor er det henne, {first}?
c #where> Den {place} / {place} / Det er {place}, undskyld
?c> {more}
== code
a> Viser {asset} noget i displayet? / Er der en fejlkode på {asset} {place}? / Står der et nummer på skærmen, når {asset} gør det?
c #code> {code} / Der står {code} / ja, {code} / Displayet siger {code}, og så bliver det sort
?a> Godt, tak. / Tak, det hjælper. / Fint, så ved jeg, hvor vi skal lede.
--
c #code> {Asset} {place} viser fejl {code} en gang imellem i øvrigt / Der står {code} på skærmen på {asset}, når det sker. Siger det dig noget? / glemte at sige: fejl {code} i displayet {place}
a> Det gør det, tak. Jeg giver det videre. / Det hjælper. Jeg har skrevet det på sagen.
== model
a> Kan du sende mig model og serienummer på {asset} {place}? Det står på sølvskiltet. / For at få de rigtige dele med skal jeg bruge det, der står på typeskiltet på {asset}. / Hvilken model er {asset} {place}? Det står på typeskiltet.
?c> Hvor er det? / skal lige flytte en reol, øjeblik
c #model #serial> {make}, serienr. {serial} / {make} {serial} / Det er en {make}. Serienummeret er {serial} tror jeg, det er slidt / billede vedhæftet. {make}, nr. {serial}
a> Perfekt. / Tak, jeg fandt den i systemet. / Fint, så har vi det, vi skal bruge.
== advice
c> Kan vi gøre noget ved {asset} imens? / Er der noget, jeg skal gøre {place} indtil da? / må vi gerne bruge {asset} til I kommer?
a #advice> {tip}. / Ja: {tip}. Så holder {asset} som regel, til vi kommer. / {tip}. Og ring, hvis {asset} bliver værre.
c> Det gør jeg / Okay, tak / gjort, det hjælper vist lidt
--
a #advice> Indtil vi er {place}: {tip}. / En lille ting, du selv kan gøre med {asset} nu: {tip}.
c> Gjort / ok / Tak, det prøver jeg
== book
a #offer> Vi kan være {place} {dateA} kl. {timeA} eller {dateB} kl. {timeB}. / Jeg har to ledige tider til {asset}: {dateA} kl. {timeA} eller {dateB} kl. {timeB}. Hvad passer bedst? / Til besøget {place} kunne vi sige {dateA} kl. {timeA}, ellers {dateB} kl. {timeB}?
c #slot> {day} passer fint / {day} tak / {time} er perfekt / ok {time} / Ja tak, {day} er godt for os / så siger vi {day}
?a> Den er booket. / Det står i kalenderen. / Super, så ses vi.
--
c> Hvornår kan I komme og se på {asset}? / Hvad er det tidligste, I kan være {place}? / har i en tid snart til {asset}
a #offer> Den første ledige til et besøg {place} er {dateA} kl. {timeA}. Derefter {dateB} kl. {timeB}. / {dateA} kl. {timeA}, hvis du kan nå det, ellers {dateB} kl. {timeB}.
c #slot> Lad os sige {day} / Jeg tager {day} / den kl. {time}
a> Noteret. / Super, så kommer vi. / Så er det aftalt.
== move
c> Undskyld, der er kommet noget i vejen: {moveWhy}. Kan vi finde en anden tid til {asset} {place}? / Jeg bliver nødt til at aflyse besøget {place} {day}, {moveWhy}. / dårlig timing {place}, {moveWhy}. en anden dag?
a #slot2> Det er helt i orden. Så er vi {place} {date2} kl. {time2} i stedet. / Selvfølgelig. {Date2} kl. {time2} er ledig, jeg har flyttet besøget til {asset} dertil. / Fint, {first}. Den nye tid til {asset} {place} er {date2} kl. {time2}.
c> Dejligt, tak / 👍 / perfekt
--
a> Hej {first}, vi må desværre flytte besøget {place}, vores tekniker er syg. / Undskyld, vi kan ikke nå {day}: bilen er brudt sammen. / Hej {first}. Vi er bagud i denne uge, så {day} går ikke med {asset} alligevel.
a #slot2> Kan vi flytte det til {date2} kl. {time2} i stedet? / Det næste vi har til {asset} {place} er {date2} kl. {time2}, går det an?
c> Fint / Det er ok / ikke optimalt men ok
== cause visit
t #tech #cause> Hej {first}, {tech} her. Jeg har set på {asset} {place}: {cause}. / {tech} fra værkstedet, angående {asset}. Fejlen er fundet: {cause}. / Hej, {tech} her, jeg er {place} nu. Forklaringen er enkel: {cause}.
?c> Okay / Aha. Og hvad så nu? / kan det laves
?t> Ja, men ikke med det, jeg har i bilen. / Det kan det, jeg skal bruge {part}. / Bestemt. Jeg skriver prisen på {part} om lidt.
--
t #tech> Hej {first}, det er {tech}, jeg skal se på {asset}. Jeg står ved døren. / {tech} her, teknikeren til {asset}. Jeg er {place} om ti minutter.
c> kommer / Der er åbent / Jeg er på vej ned
t #cause> Så ved jeg, hvad der er galt med {asset}: {cause}. / Kort fortalt: {cause}. / Årsagen til besværet {place}: {cause}.
== price
t #price> {Part} {place} bliver {price} monteret, alt inklusive. / {Part} inkl. arbejde og kørsel løber op i {price}. Skal jeg gå i gang? / At få {asset} bragt i orden koster {price} med {part}. Er det ok?
c #yes> Ja, bare gå i gang / ok gør det / Det er fint / Fint med mig, bestil den bare
--
c> Hvad kommer {thePart} til at koste? / Hvor slemt er det? / pris på {asset}?
a #price> Jeg har regnet på prisen {place}, {first}: {price} inkl. moms. / Med {part} bliver det {price} i alt. / Det bliver {price} for {asset} {place}, inkl. moms og kørsel.
c #yes> ok / Rimeligt. Kør på / Suk. Ja, gør det
== haggle
t #oldPrice> {Part} med montering {place} vil koste {oldPrice}. / Mit overslag på {asset} {place} er {oldPrice}. / Reparationen med {part} løber desværre op i {oldPrice}.
c> Det er mere, end jeg havde regnet med. Kan I gøre noget? / Hm, det er mange penge. Vi er jo gode kunder… / av. kan i gøre det bedre
a> Lad mig tale med Jonas. / Jeg ser, hvad jeg kan gøre. / Giv mig en time.
a #price> Vi kan sætte {thePart} i for {price}. Det erstatter det første tal. / Gode nyheder: {price}, fordi leverandøren giver os en bedre pris på {part}. / OK, endelig pris for {asset} {place} er {price}, alt med.
c #yes> Tak, det er en aftale / ok godt / Bedre! Kør på
--
t #oldPrice> Det bliver {oldPrice} for {part}, monteret. / {oldPrice} i alt for {asset} {place}, det er del og arbejde.
c> ok
a #price> Rettelse fra kontoret: delen er blevet billigere, så {thePart} bliver {price} og ikke det, I fik at vide. / Hej {first}, der blev brugt en forkert linje i prislisten. Den rigtige pris for {asset} {place} er {price}.
c #yes> Godt nyt for en gangs skyld / ok så / tak fordi du siger det ligeud
== part
a #eta> {Part} er bestilt og skulle være her {etaDate}. / Leverandøren siger {etaDate} for {part}. / Vi venter {thePart} {etaDate}, så ryger den straks i {place}.
c> Tak / ok hold mig opdateret / Godt
--
c> Noget nyt om delen til {asset}? / er {thePart} kommet / Hvornår venter I delen til {asset} {place}?
a #eta> Den er lovet til {etaDate}. / De siger {etaDate} for {thePart}. / Vi skulle have {thePart} {etaDate}.
== delay
a #eta2> Dårligt nyt: leveringen af {thePart} er skredet til {eta2Date}. / Leverandøren har lige skrevet, at {thePart} først kommer {eta2Date}. / Delen til {asset} {place} hænger i tolden, ny dato er {eta2Date}.
c> Det var ærgerligt / hm ok / Vi kan godt vente, det går nok / Igen?!
?a> Jeg ved det, det beklager jeg. Jeg har bedt dem skynde sig. / Vi monterer den dagen efter, den lander.
== done eta
t #done> {Asset} {place} kører igen med {part}. {Extra}. / Så er der ordnet {place}. {Extra}. / Færdig med {asset}. {Extra}, det tager vi ikke noget for.
c> Fantastisk, tak / Tak for det! / super 🙏 / Sikke en forskel
?a> Det er jeg glad for at høre. / Hav en god dag! / Tak, {first}.
--
c> Er lige kommet hjem. Har I været her? / blev {asset} ordnet?
t #done> Ja, {thePart} er i, og det virker. {Extra}. / Det er ordnet {place}. {Extra}, mens jeg var der.
c> Super / Perfekt, tak / tak
== warranty after
c> Hvor lang garanti er der på {thePart}? / Er {asset} dækket, hvis det sker igen? / Hurtigt spørgsmål, hvad med garantien på {thePart}?
a #warranty> {Years} på {thePart}, regnet fra den dag den blev sat i {place}. / I har {years} på {thePart} og et år på arbejdet. / Producenten giver {years} garanti på {thePart}.
c> Godt at vide / ok tak / Noteret
--
a #warranty> Til jeres arkiv: garantien på {thePart} {place} løber i {years}. / Husk at {thePart} har {years} garanti, gem sedlen.
c> Tak, det gør jeg / Arkiveret
== bill after
a #invoice> Faktura {invoice} for {asset} {place} er på vej, den forfalder {dueDate}. / Jeg har sendt dig faktura {invoice} for {thePart}. Den forfalder {dueDate}.
?c> Modtaget / tak
--
c> Jeg har ikke set en faktura for {asset} {place} endnu? / har i sendt regningen for {thePart}
a #invoice> Den blev sendt i går, nummer {invoice}, forfalder {dueDate}. / Det er faktura {invoice}, jeg sender den igen. Forfald {dueDate}.
c> Fik den / fandt den i spam
== laterbill
c> Kan vi betale {invoice} lidt senere? {payWhy}. / {payWhy}, så vi vil gerne udskyde {invoice}. Kan det lade sig gøre?
a #due2> Det er i orden, jeg har flyttet forfaldsdatoen på {invoice} til {newDueDate}. / Selvfølgelig. Ny dato er {newDueDate}, uden gebyr. / Det går fint. I har til {newDueDate} til at betale {invoice}.
c> Tusind tak, det hjælper / Det sætter vi pris på / 👍
== complain after
c #complaint> Jeg er ikke helt tilfreds med det sidste besøg {place}: {wrong}. / Undskyld jeg brokker mig, men {wrong}, da I lavede {asset}. / Ikke imponeret {place}. {Wrong}.
a> Sådan skal det ikke være. Hvad kan vi gøre for at rette op på det? / Det beklager jeg, {first}. Det må ikke ske. / Det er jeg virkelig ked af. Lad mig råde bod på det.
a #comp> Jeg trækker {comp} fra regningen for {asset}. / Vi fratrækker {comp} for besværet {place}. / Du får {comp} retur, de er allerede krediteret.
c> Det er fair, tak / Det er pænt af jer / Ok. Tak fordi du lyttede
== loaner
c> Så længe kan vi ikke undvære {asset}. Har I noget, vi kan låne? / Er der noget andet, vi kan bruge {place} imens?
a #loaner> I kan låne {loaner} uden beregning, til {asset} er tilbage. / {Loaner} kan I få så længe, vi tager det med. / Ja, I kan få {loaner} fra i morgen.
c> I redder os / Perfekt / Det ville være skønt, ja tak
== cheer
c> Dejligt vejr for en gangs skyld! / God weekend / Hvordan går det hos jer? Travlt?
a> Altid travlt, men vi klager ikke 😊 / I lige måde! / Tak, og til dig.
--
c> Tak for sidst i øvrigt / Alt er godt her, ville bare sige hej
a> Det er dejligt at høre! / Den slags beskeder kan vi bedst lide.
== notePay
n #notePay> {first} betaler sent, som regel {lateDays} dage. Skylder {debt} lige nu, tal med Jonas før der bestilles nye dele. / Internt: {debt} udestår pr. i dag, {lateDays} dage over tid. Ingen nye opgaver på kredit.
== noteMargin
n #noteMargin> Kostpris på opgaven {place} er {cost}. Gå ikke under den. / Vi får {thePart} til {cost}, så der er luft, hvis {first} vil forhandle.
== noteMood
n #noteMood> Jonas mener, at {asset} {place} snart bør skiftes, men vent med at sige det til budgetmødet. / Vi har mistanke om, at nogen har haft {asset} {place} åben før os. Der mangler skruer. Ikke nævnt for {first}.
`;
