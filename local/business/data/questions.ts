/**
 * How each fact is asked for: `language fact: close wordings || far wordings`, where the far ones share few words with what was said.
 * {job}, {part}, {machine} and {place} are filled with whatever names the subject (notation: see ../phrases.ts).
 */
export const asks = `
en code: Which error code did we get on {job}? / What was the error code for {job}? || What did the screen read in connection with {job}?
da code: Hvilken fejlkode fik vi på {job}? / Hvad var fejlkoden ved {job}? || Hvad stod der på skærmen i forbindelse med {job}?
en advice: What can they do themselves about {job} until we are there? / What should they do with {job} until we come? || How could they help themselves at first with {job}?
da advice: Hvad kan de selv gøre ved {job}, indtil vi er der? / Hvad skal de gøre med {job}, til vi kommer? || Hvordan kunne de hjælpe sig selv i første omgang ved {job}?
en slot: Which opening did they take for the visit about {job}? / When can we come and look at {job}? || What did they pick from our two suggestions concerning {job}?
da slot: Hvilken ledig tid tog de til besøget om {job}? / Hvornår kan vi komme og se på {job}? || Hvad faldt valget på af vores to forslag angående {job}?
en slot2: To when was the visit for {job} moved? / What is the new time for {job}? || When could we really turn up about {job}, after the first appointment fell through?
da slot2: Hvortil blev besøget flyttet ved {job}? / Hvad er den nye tid til {job}? || Hvornår kunne vi så dukke op ved {job}, da den første aftale gik i vasken?
en tech: Who came to look at {job}? / Which technician from the workshop looked at {job}? || Which colleague dealt with {job} on site?
da tech: Hvem kom og så på {job}? / Hvilken tekniker fra værkstedet har set på {job}? || Hvilken kollega tog sig af {job} på stedet?
en cause: What was the reason for the trouble with {job}? / What was found to be wrong with {job}? || Why did it happen, what was behind {job}?
da cause: Hvad var årsagen til besværet med {job}? / Hvilken fejl blev fundet ved {job}? || Hvorfor skete det, hvad lå der bag {job}?
en price: What is the price for {job}? / How much does {job} cost? || What amount did they say yes to for {job}? / How much money did {job} bring in?
da price: Hvad er prisen for {job}? / Hvor meget koster {job}? || Hvilket beløb sagde de ja til ved {job}? / Hvor mange penge gav {job} i kassen?
en newPrice: What is the final price for {job}? / How much does {job} cost now? || Which amount holds for {job} after it was changed?
da newPrice: Hvad er den endelige pris for {job}? / Hvor meget koster {job} nu? || Hvilket beløb gælder for {job}, efter at det blev ændret?
en oldPrice: What was the first price for {job}? / What did {job} cost before the price was changed? || Which figure for {job} was dropped later?
da oldPrice: Hvad var den første pris på {job}? / Hvad kostede {job}, før prisen blev ændret? || Hvilket tal for {job} faldt bort senere?
en eta: When was {part} expected? / When should {part} be here? || On which date could we get hold of the spare for {job}?
da eta: Hvornår ventede vi {part}? / Hvornår skulle {part} være her? || På hvilken dato kunne vi få fat i reservedelen til {job}?
en eta2: What is the new delivery date for {part}? / To when did the delivery of {part} slip? || In the end, on which day could we count on the spare for {job}?
da eta2: Hvad er den nye leveringsdato for {part}? / Hvortil skred leveringen af {part}? || Hvilken dag kunne vi til sidst regne med reservedelen til {job}?
en done: What did we also do, at no charge, when {job} was running again? / What else was done when {job} was finished? || Which little favour came on top with {job}?
da done: Hvad gjorde vi også uden at tage noget for det, da {job} kørte igen? / Hvad blev der ellers ordnet, da vi var færdige med {job}? || Hvilken lille tjeneste fulgte med oveni ved {job}?
en warranty: How long is the warranty on {part}? / How many years of warranty are there on {part}? || For how long are they covered if the same thing as with {job} fails again?
da warranty: Hvor lang garanti er der på {part}? / Hvor mange års garanti er der på {part}? || Hvor længe er de dækket, hvis det samme svigter igen som ved {job}?
en invoice: Which invoice did we send for {job}? / What is the number of the invoice for {job}? || Which bill covers {job}?
da invoice: Hvilken faktura har vi sendt for {job}? / Hvad er nummeret på fakturaen for {job}? || Hvilken regning hører til {job}?
en due2: To which date was payment of {job} postponed? / What is the new due date of {job}? || Until when may they wait with the money for {job}?
da due2: Til hvilken dato blev betalingen af {job} udskudt? / Hvad er den nye forfaldsdato for {job}? || Hvor længe må de vente med pengene for {job}?
en comp: How much was taken off the bill for the trouble with {job}? / What did they get back after the complaint about {job}? || What did our apology for {job} cost us?
da comp: Hvor meget blev trukket fra regningen for besværet med {job}? / Hvad fik de retur efter klagen over {job}? || Hvad kostede vores undskyldning for {job} os?
en complaint: Why were they not happy with the last visit about {job}? / What did they moan about after we fixed {job}? || How did we behave badly around {job}?
da complaint: Hvorfor var de ikke tilfredse med det sidste besøg om {job}? / Hvad brokkede de sig over, da vi lavede {job}? || Hvordan dummede vi os omkring {job}?
en loaner: What can we lend them until {job} is done? / What could they borrow in the meantime during {job}? || How did they manage without their own while {job} was under way?
da loaner: Hvad kan de låne, til vi er færdige med {job}? / Hvad kunne de låne imens ved {job}? || Hvordan klarede de sig uden deres eget, mens {job} stod på?
en serial: What is the serial number of {machine}? / Which serial number does {machine} have? || What is engraved on the type plate of {machine}?
da serial: Hvad er serienummeret på {machine}? / Hvilket serienummer har {machine}? || Hvad er der præget på typeskiltet på {machine}?
en model: Which model is {machine}? / What model do they have, {machine}? || What exactly do they have standing there as {machine}?
da model: Hvilken model er {machine}? / Hvilken model har de, {machine}? || Hvad er det helt præcist, de har stående som {machine}?
en noteMargin: What is our cost price on {job}? / What do we pay ourselves for {job}? || How low can we go on {job} without losing money?
da noteMargin: Hvad er vores kostpris på {job}? / Hvad giver vi selv for {job}? || Hvor langt ned kan vi gå på {job} uden at tabe penge?
en noteMood: What have we not told the customer about {machine}? / What do we think internally about {machine}? || What do we keep to ourselves regarding {machine}?
da noteMood: Hvad har vi ikke fortalt kunden om {machine}? / Hvad mener vi internt om {machine}? || Hvad holder vi for os selv angående {machine}?
en notePay: How much does {name} owe us? / What is outstanding with {name}? || Is {name} someone we should give credit to?
da notePay: Hvor meget skylder {name} os? / Hvad er der udestående hos {name}? || Kan {name} få lov at handle på klods?
en key: Where is the key {place}? / Where do we find the key {place}? || How do we get in {place} when nobody is home?
da key: Hvor ligger nøglen {place}? / Hvor finder vi nøglen {place}? || Hvordan kommer vi ind {place}, når ingen er hjemme?
en key2: Where is the key {place} now? / Where was the spare key {place} moved to? || Where should we look these days to let ourselves in {place}?
da key2: Hvor ligger nøglen {place} nu? / Hvor blev ekstranøglen {place} flyttet hen? || Hvor skal vi lede nu om dage for at komme ind {place}?
en gate: What is the door code {place}? / Which code opens the gate {place}? || Which digits let us in {place}?
da gate: Hvad er dørkoden {place}? / Hvilken kode åbner porten {place}? || Hvilke cifre lukker os ind {place}?
en gate2: What is the door code {place} now? / Which code replaced the old one {place}? || Which digits let us in these days {place}?
da gate2: Hvad er dørkoden {place} nu? / Hvilken kode afløste den gamle {place}? || Hvilke cifre lukker os ind nu om dage {place}?
en pet: Which animal is there {place}? / What is the pet {place} called? || What furry or feathered surprise awaits us {place}?
da pet: Hvilket dyr er der {place}? / Hvad hedder dyret {place}? || Hvilken lodden eller fjerklædt overraskelse venter os {place}?
en parking: Where do we park {place}? / Where may the van stand {place}? || How do we avoid a fine for the car {place}?
da parking: Hvor parkerer vi {place}? / Hvor må bilen holde {place}? || Hvordan undgår vi en bøde til vognen {place}?
en person: Who is our contact {place}? / Whom do we ask for {place}? || Which human being do we ring before turning up {place}?
da person: Hvem er vores kontakt {place}? / Hvem spørger vi efter {place}? || Hvilket menneske ringer vi til, før vi dukker op {place}?
en person2: Who is the contact person {place} now? / Who took over {place}? || Which successor should we get hold of {place}?
da person2: Hvem er kontaktperson {place} nu? / Hvem tog over {place}? || Hvilken efterfølger skal vi have fat i {place}?
en hours: When should we be {place}? / At what time are visits welcome {place}? || When are we least in the way {place}?
da hours: Hvornår skal vi være {place}? / På hvilket tidspunkt er besøg velkomne {place}? || Hvornår er vi mindst i vejen {place}?
en stopcock: Where do we turn off the water {place}? / Where can the water be shut {place}? || Where is the main tap hiding {place}?
da stopcock: Hvor lukker vi for vandet {place}? / Hvor kan vandet lukkes {place}? || Hvor gemmer hovedhanen sig {place}?
en fee: What is the monthly price of {name}'s service agreement? / How much is {name}'s agreement per month? || What do we earn on the fixed contract with {name}?
da fee: Hvad er månedsprisen på {name}s serviceaftale? / Hvor meget er aftalen med {name} pr. måned? || Hvad tjener vi på den faste kontrakt med {name}?
en fee2: What is the monthly price of {name}'s agreement now? / What was {name}'s agreement adjusted to? || What do we get for the fixed contract with {name} after the increase?
da fee2: Hvad er månedsprisen på {name}s aftale nu? / Hvad blev {name}s aftale reguleret til? || Hvad får vi for den faste kontrakt med {name} efter stigningen?
en mailto: Where should {name}'s invoices be sent? / To which address do {name}'s bills go? || Which mailbox does {name} want the paperwork in?
da mailto: Hvor skal {name}s fakturaer sendes hen? / Til hvilken adresse skal {name}s regninger? || Hvilken postkasse vil {name} have papirerne i?
en away: Who covers for {name} during the leave? / To whom do we write while {name} is away? || Who stands in when {name} is on a beach?
da away: Hvem dækker for {name} i ferien? / Hvem skriver vi til, mens {name} er væk? || Hvem er afløser, når {name} ligger på stranden?
en prefer: What has {name} asked us to note? / Which wish is on {name}'s card? || How does {name} like to be treated?
da prefer: Hvad har {name} bedt os skrive op? / Hvilket ønske står der på {name}s kort? || Hvordan vil {name} gerne behandles?
`;

/** The other way round: what was said is known and the subject is asked for, in the same notation. */
export const reversed = `
en cause: Where did it turn out that {cause}? / In which place was it that {cause}? || Where did we find {found}? / Who had {found}?
da cause: Hvor viste det sig, at {cause}? / På hvilket sted var det, at {cause}? || Hvor fandt vi {found}? / Hvem havde {found}?
en done: || Who got this from us as a favour: {extraFar}? / Where was there also {extraFar}?
da done: || Hvem fik dette af os som en tjeneste: {extraFar}? / Hvor var der også {extraFar}?
en complaint: Where did the customer complain that {wrong}? / Which visit was it where {wrong}? || Where was there a row over {wrongFar}? / Who was cross because of {wrongFar}?
da complaint: Hvor klagede kunden over, at {wrong}? / Hvilket besøg var det, hvor {wrong}? || Hvor var der ballade om {wrongFar}? / Hvem blev sur på grund af {wrongFar}?
en loaner: What did we lend out {loaner} for? / Instead of what do they use {loaner}? ||
da loaner: Hvad lånte vi {loaner} ud til? / I stedet for hvad bruger de {loaner}? ||
en code: Which machine showed the error {code}? / Where did {code} come up in the display? || What do we know about {code}?
da code: Hvilken maskine viste fejlen {code}? / Hvor kom {code} frem i displayet? || Hvad ved vi om {code}?
en invoice: What was invoice {invoice} for? / When is invoice {invoice} due? || When must {invoice} be paid?
da invoice: Hvad var faktura {invoice} for? / Hvornår forfalder faktura {invoice}? || Hvornår skal {invoice} betales?
en serial: Which machine has the serial number {serial}? / What model is number {serial}? ||
da serial: Hvilken maskine har serienummer {serial}? / Hvilken model er nummer {serial}? ||
en pet: Where does {pet} live? / Where do we have to look out for {pet}? ||
da pet: Hvor bor {pet}? / Hvor skal vi passe på {pet}? ||
en person: What is {person}'s phone number? / How do we reach {person}? ||
da person: Hvad er {person}s telefonnummer? / Hvordan får vi fat i {person}? ||
en person2: What is {person2}'s phone number? / How do we reach {person2}? ||
da person2: Hvad er {person2}s telefonnummer? / Hvordan får vi fat i {person2}? ||
en slot2: Which visit was moved to {date2}? || Where are we expected on {date2}?
da slot2: Hvilket besøg blev flyttet til {date2}? || Hvor er vi ventet {date2}?
en eta2: Which part is delayed until {eta2Date}? || What only gets here on {eta2Date}?
da eta2: Hvilken del er forsinket til {eta2Date}? || Hvad kommer først {eta2Date}?
en warranty: On which part did we give {years} of warranty {place}? ||
da warranty: På hvilken del gav vi {years} garanti {place}? ||
en away: When is {name} on leave? / From when to when is {deputy} covering? || How long is {deputy} filling in?
da away: Hvornår holder {name} ferie? / Fra hvornår til hvornår dækker {deputy}? || Hvor længe er {deputy} afløser?
`;

/** A subject named by another fact: the question needs both turns. */
export const vias = `
en code job: the job on {asset} where the display showed {code}
da code job: opgaven med {asset}, hvor displayet viste {code}
en invoice job: the job on {asset} billed on invoice {invoice}
da invoice job: opgaven med {asset} på faktura {invoice}
en oldPrice job: the job on {asset} we first priced at {oldPrice}
da oldPrice job: opgaven med {asset}, vi først prissatte til {oldPrice}
en cause job: the job on {asset} where {cause}
da cause job: opgaven med {asset}, hvor {cause}
en loaner job: the job on {asset} we lent out {loaner} for
da loaner job: opgaven med {asset}, hvor vi lånte {loaner} ud
en serial machine: the machine with serial number {serial}
da serial machine: maskinen med serienummer {serial}
en serial place: where the machine with serial number {serial} stands
da serial place: dér hvor maskinen med serienummer {serial} står
en pet place: where {pet} lives
da pet place: dér hvor {pet} bor
en person place: where {person} looks after things
da person place: dér hvor {person} tager sig af tingene
en gate place: where the door code is {gate}
da gate place: dér hvor dørkoden er {gate}
`;
