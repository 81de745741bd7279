/** Small talk that carries a fact: what people tell their plumber about themselves, in both languages (notation: see ../phrases.ts). */
export const life = `
- wedding
en says: We're a bit distracted here, my daughter gets married at {town} Castle on Saturday! / Short on words today, it's my daughter's wedding this weekend, at {town} Castle.
en reply: Congratulations! Have a wonderful day. / How lovely, enjoy every minute.
en ask: Where did the daughter's wedding take place?
en far: At which venue did {first}'s child tie the knot?
da says: Vi er lidt fraværende her, min datter skal giftes på {town} Slot på lørdag! / Kort for hovedet i dag, min datter holder bryllup i weekenden på {town} Slot.
da reply: Tillykke! Hav en vidunderlig dag. / Hvor dejligt, nyd hvert minut.
da ask: Hvor blev datterens bryllup holdt?
da far: Hvilket sted sagde {first}s barn ja til sin udkårne?
answer: {town}
- marathon
en says: Sorry for the slow answer, I ran the {town} half marathon yesterday and can barely lift my phone 😅 / My legs are useless, did the half marathon in {town}.
en reply: Impressive! Put your feet up. / Wow, well done.
en ask: Which half marathon did {first} run?
en far: Where did {first} take part in a race that made the legs sore?
da says: Undskyld det sene svar, jeg løb halvmaraton i {town} i går og kan næsten ikke løfte telefonen 😅 / Benene dur ikke, jeg løb halvmaraton i {town}.
da reply: Imponerende! Op med benene. / Wow, flot klaret.
da ask: Hvilket halvmaraton løb {first}?
da far: I hvilken by deltog {first} i et motionsløb og fik ømme muskler?
answer: {town}
- hip
en says: I'll be on crutches for six weeks, new hip, so it may take me a while to get to the door. / New hip on Monday, so please give me time to come to the door.
en reply: Get well soon! Take all the time you need. / We'll be patient, all the best.
en ask: Which operation did {first} have?
en far: Why is {first} slow to open up for the technician?
da says: Jeg går med krykker i seks uger, ny hofte, så det kan tage lidt tid, før jeg er ved døren. / Ny hofte på mandag, så giv mig tid til at komme ud til døren.
da reply: God bedring! Tag den tid, du skal bruge. / Vi er tålmodige, alt godt.
da ask: Hvilken operation fik {first}?
da far: Hvorfor er {first} langsom til at lukke teknikeren ind?
answer: en:hip|da:hofte
- violin
en says: My son has started playing the violin, so don't mind the noise when you come. / If you hear something awful next time, it's the violin. My son has just begun.
en reply: Everyone has to start somewhere 😄 / We've heard worse compressors.
en ask: Which instrument has {first}'s son started on?
en far: What kind of music lessons does the boy take?
da says: Min søn er begyndt at spille violin, så tag jer ikke af larmen, når I kommer. / Hvis I hører noget forfærdeligt næste gang, er det violinen. Min søn er lige begyndt.
da reply: Alle skal jo starte et sted 😄 / Vi har hørt værre kompressorer.
da ask: Hvilket instrument er {first}s søn begyndt på?
da far: Hvad går drengen til musikundervisning i?
answer: violin
- allergy
en says: By the way, please no scented cleaner here, I'm allergic to perfume. / One more thing: I react to perfume, so unscented soap only, please.
en reply: Good to know, we'll use plain soap. / Noted on the card.
en ask: What is {first} allergic to?
en far: Why must the technician not use products that smell nice?
da says: For resten, ikke noget rengøringsmiddel med duft her, jeg er allergisk over for parfume. / En ting til: jeg reagerer på parfume, så kun sæbe uden duft, tak.
da reply: Godt at vide, vi bruger almindelig sæbe. / Det er noteret på kortet.
da ask: Hvad er {first} allergisk over for?
da far: Hvorfor må teknikeren ikke bruge midler, der lugter godt?
answer: en:perfume|da:parfume
- move
en says: We're thinking of moving to {town} in the spring, my husband got a job there. / Don't tell anyone, but we may be off to {town} next year. New job.
en reply: Exciting! We'd be sorry to lose you. / Then you'll need a good heating man there too 😉
en ask: Where is {first} thinking of moving?
en far: Which town might become the family's next home, and for what reason?
da says: Vi overvejer at flytte til {town} til foråret, min mand har fået job der. / Sig det ikke til nogen, men vi ryger måske til {town} næste år. Nyt job.
da reply: Spændende! Vi ville være kede af at miste jer. / Så får I også brug for en god mand dér 😉
da ask: Hvor overvejer {first} at flytte hen?
da far: Hvilken by bliver måske familiens næste hjem, og af hvilken grund?
answer: {town}
- baby
en says: We've had twins, so please don't ring the bell between 12 and 2! / The twins sleep from 12 to 2, so just knock softly please.
en reply: Congratulations! We'll be as quiet as mice. / We'll tiptoe, promise.
en ask: When should we not ring the bell at {first}'s?
en far: What are the quiet hours because of the little ones?
da says: Vi har fået tvillinger, så ring ikke på klokken mellem 12 og 14! / Tvillingerne sover fra 12 til 14, så bank bare stille på.
da reply: Tillykke! Vi er stille som mus. / Vi lister, det lover vi.
da ask: Hvornår må vi ikke ringe på hos {first}?
da far: I hvilket tidsrum skal der være ro af hensyn til de små?
answer: 12
- cake
en says: {tech} forgot a torch here last time. It's on the shelf by the coats, and there's cake as well. / I found a torch that must be {tech}'s. It waits by the coats.
en reply: Ha, we've been looking for that! / {tech} will be glad. Especially about the cake.
en ask: What did {tech} forget at {first}'s last time?
en far: Which tool of ours is lying around in the cloakroom?
da says: {tech} glemte en lommelygte her sidst. Den ligger på hylden ved jakkerne, og der er også kage. / Jeg fandt en lommelygte, der må være {tech}s. Den venter ved jakkerne.
da reply: Ha, den har vi ledt efter! / {tech} bliver glad. Især for kagen.
da ask: Hvad glemte {tech} hos {first} sidst?
da far: Hvilket stykke værktøj fra os ligger og flyder i entreen?
answer: en:torch|da:lommelygte
- roof
en says: We get a new roof in {month}, so there will be scaffolding around the whole place. / Warning: scaffolding everywhere in {month}, we're getting a new roof.
en reply: Thanks, then we won't plan anything outside. / Good to know, we'll work around it.
en ask: When will there be scaffolding at {first}'s?
en far: Which month is bad for working on the outside because builders are there?
da says: Vi får nyt tag i {month}, så der står stillads rundt om det hele. / Advarsel: stillads overalt i {month}, vi får nyt tag.
da reply: Tak, så planlægger vi ikke noget udenfor. / Godt at vide, så arbejder vi udenom.
da ask: Hvornår står der stillads hos {first}?
da far: Hvilken måned er dårlig til udvendigt arbejde, fordi der er håndværkere?
answer: {month}
- competitor
en says: A salesman from {rival} was here and said he could do it all for half. I showed him out. / {rival} rang and offered us half price on everything. We're staying with you.
en reply: That's what we like to hear! / Thank you for your trust, {first}.
en ask: Which company tried to win {first} over?
en far: Who else wanted our customer's business and was turned away?
da says: En sælger fra {rival} var her og sagde, at han kunne gøre det hele til det halve. Jeg viste ham døren. / {rival} ringede og tilbød os alting til halv pris. Vi bliver hos jer.
da reply: Det kan vi godt lide at høre! / Tak for tilliden, {first}.
da ask: Hvilket firma prøvede at få fat i {first} som kunde?
da far: Hvem ville ellers have opgaverne, men blev afvist?
answer: {rival}
- bees
en says: I've started keeping bees on the roof, {hives} hives, so mind the ladder. / Careful on the roof, there are {hives} beehives up there now.
en reply: We'll keep our distance, but we'd love some honey! / Thanks for the warning, and for honey in advance.
en ask: How many beehives does {first} have on the roof?
en far: What buzzing hobby has {first} taken up?
da says: Jeg er begyndt at holde bier på taget, {hives} bistader, så pas på stigen. / Pas på oppe på taget, der står {hives} bistader nu.
da reply: Vi holder afstand, men vil gerne smage honningen! / Tak for advarslen, og på forhånd tak for honning.
da ask: Hvor mange bistader har {first} på taget?
da far: Hvilken summende hobby har {first} kastet sig over?
answer: {hives}
- choir
en says: Our choir sings in {town} church on the first Sunday of {month}, you are all invited. / If you like singing: my choir has a concert in {town} in {month}.
en reply: That sounds lovely, I'll hang it up in the canteen. / Thank you! Emil might come, he loves that.
en ask: Where does {first}'s choir give its concert?
en far: To which musical event did {first} invite us all?
da says: Vores kor synger i {town} kirke den første søndag i {month}, I er alle inviteret. / Hvis I kan lide sang: mit kor har koncert i {town} i {month}.
da reply: Det lyder dejligt, jeg hænger det op i kantinen. / Tak! Emil kommer måske, han elsker den slags.
da ask: Hvor holder {first}s kor koncert?
da far: Hvilken musikalsk begivenhed inviterede {first} os alle til?
answer: {town}
- car
en says: I've finally bought an electric car. Could you put up a charger as well, or is that somebody else? / New electric car in the drive! Do you know anybody who installs chargers?
en reply: We don't, but {rival} does good work. / Not our trade, I'd ask {rival}.
en ask: What kind of car has {first} bought?
en far: Which new vehicle made {first} ask about an installation we don't do?
da says: Jeg har endelig købt elbil. Kan I også sætte en lader op, eller er det nogle andre? / Ny elbil i indkørslen! Kender I nogen, der sætter ladere op?
da reply: Det gør vi ikke, men {rival} er dygtige. / Ikke vores fag, jeg ville spørge {rival}.
da ask: Hvilken slags bil har {first} købt?
da far: Hvilket nyt køretøj fik {first} til at spørge om noget, vi ikke laver?
answer: en:electric|da:elbil
- film
en says: A film crew is using our place as a location in {month}, so everything will be upside down. / Heads up: they are shooting a TV series here in {month}!
en reply: How exciting, do we get autographs? / Then we'll plan around the stars.
en ask: When is the film crew at {first}'s?
en far: In which month should we stay away because of cameras?
da says: Et filmhold bruger vores sted som location i {month}, så alting er vendt på hovedet. / Bare så I ved det: de optager en tv-serie her i {month}!
da reply: Spændende, får vi autografer? / Så planlægger vi uden om stjernerne.
da ask: Hvornår er filmholdet hos {first}?
da far: Hvilken måned skal vi holde os væk på grund af kameraer?
answer: {month}
- language
en says: I'm taking Danish lessons in the evenings, so feel free to answer in Danish. Slowly! / Try me in Danish next time, I've been going to classes for a year.
en reply: Flot! We'll try. / Super, we'll keep it simple.
en ask: Which language is {first} learning?
en far: What is {first} studying after work?
da says: Jeg går til spansk om aftenen, så hvis jeg svarer "hola", er det derfor. / Undskyld, jeg har spansk på hjernen, jeg er begyndt på aftenskole.
da reply: Muy bien! / Haha, vi prøver at følge med.
da ask: Hvilket sprog er {first} ved at lære?
da far: Hvad studerer {first} efter arbejde?
answer: en:Danish|da:spansk
- boat
en says: We live on our boat in {town} harbour until the end of {month}, so only ring my mobile. / Our mail gets to us late, we're sailing and lie in {town} right now.
en reply: Fair winds! / Sounds like the good life.
en ask: In which harbour does {first} have the boat?
en far: Where is {first} spending time on the water?
da says: Vi bor på vores båd i {town} havn til udgangen af {month}, så ring kun på mobilen. / Posten når os sent, vi er ude at sejle og ligger i {town} lige nu.
da reply: God vind! / Det lyder som det gode liv.
da ask: I hvilken havn har {first} båden?
da far: Hvor tilbringer {first} tid på vandet?
answer: {town}
- knee
en says: Your man with the ladder is braver than me, I fell off ours last week and broke my wrist. / Typing with one hand, I fell off a ladder and broke my wrist.
en reply: Ouch! Leave the ladders to us from now on. / Get well soon, {first}.
en ask: What did {first} break falling off the ladder?
en far: Which injury makes {first} slow at the keyboard?
da says: Jeres mand på stigen er modigere end mig, jeg faldt ned fra vores i sidste uge og brækkede håndleddet. / Skriver med én hånd, jeg faldt ned fra en stige og brækkede håndleddet.
da reply: Av! Lad os om stigerne fra nu af. / God bedring, {first}.
da ask: Hvad brækkede {first}, da stigen væltede?
da far: Hvilken skade gør {first} langsom ved tastaturet?
answer: en:wrist|da:håndleddet
- prize
en says: We won the prize for the best {prize} in {town}! There will be a reception in {month}. / Guess who makes the best {prize} in {town}, it's official now 🏆
en reply: Congratulations, well deserved! / We've always said so 😄
en ask: Which prize did {first} win?
en far: For what was {first} honoured?
da says: Vi har vundet prisen for bedste {prize} i {town}! Der er reception i {month}. / Gæt hvem der laver den bedste {prize} i {town}, nu er det officielt 🏆
da reply: Tillykke, det er fuldt fortjent! / Det har vi altid sagt 😄
da ask: Hvilken pris vandt {first}?
da far: Hvad blev {first} hædret for?
answer: {prize}
`;
