/** The demo's landlords, shops and associations, as short scripts (notation: see ../script.ts). */
export const firms: readonly string[] = [
  `mads mail da
-61 09:30 > Hej Nordvarme

Vi overtager driften af Hotel Strandhøj og vil gerne have en fast serviceaftale på ventilation og varme: to ventilationsaggregater på taget, én gaskedel og 42 radiatorer. Hvad vil det koste om måneden, og hvad er med?

Mvh
Mads Lauritzen, Hotel Strandhøj
-60 10:15 Jonas> Hej Mads. Tillykke med hotellet. Jeg kommer gerne forbi og tæller op. Passer {wd -58} kl. 9?
-60 10:40 > Det passer fint. Spørg efter mig i receptionen. Parker ved varegården, ikke foran indgangen
-58 10:30 #floorprice Jonas* Mads vil ned i pris. Vores smertegrænse er 9.800 kr. om måneden, alt under det giver underskud. Konkurrenten Kystklima ligger på 10.500.
-56 09:00 #hotel1 Jonas> Hej Mads. Tak for rundvisningen. Serviceaftalen kan vi tilbyde til 11.900 kr. om måneden ekskl. moms. Den dækker fire årlige eftersyn, filtre, og udkald inden for fire timer.
-55 13:20 > Det er i den høje ende. Vi har et tilbud der ligger noget under
-53 08:45 #hotel2 Jonas> Vi vil gerne have jer med. Hvis I binder jer i to år, kan vi gøre det for 10.900 kr. om måneden. Indholdet er det samme.
-52 15:10 #hotelyes > Det siger vi ja til. Start den første
-52 15:30 Jonas> Tak! Kontrakten er på vej til underskrift.
-52 15:31 Sara!
-27 05:48 > Gæsterne på 2. sal klager over at der ikke er varmt vand!! Kan I komme nu
-27 06:02 Karim> Jeg er på vej, er der 6.30.
-27 08:10 #pump Karim> Cirkulationspumpen på det varme vand var gået i stå. Jeg har sat en lånepumpe i, så der er varmt vand på alle etager. Den nye er bestilt.
-27 08:25 > Godt reddet. Er det med i aftalen?
-27 09:00 #incl Jonas> Udkaldet og arbejdet er med, selve pumpen er ikke. Den koster 4.320 kr. ekskl. moms.
-27 09:12 > Ok bestil den
-22 11:00 Karim> Ny pumpe er monteret, låneren er taget med hjem. Fem års garanti på den nye.
-22 11:20 Sara!`,

  `nadia mail da
-55 14:05 > Hej

Emhætten og ventilationen i vores køkken på Café Kanel suger næsten ikke mere. Kokken siger, det er blevet værre de sidste uger, og der lugter af os i hele caféen. Kan I rense kanalerne? Helst uden for åbningstid, vi åbner kl. 9.

Hilsen Nadia Rahimi
-54 08:20 Sara> Hej Nadia. Ja, det kan vi. Vi kan begynde kl. 5.30 {wd -50}, så er vi færdige, før I åbner. En fuld kanalrensning koster 5.400 kr. ekskl. moms.
-54 09:31 > Det lyder godt. Bageren ved siden af har en nøgle, han møder kl. 4. Hans hedder Yusuf
-54 09:33 #bakery Sara> Perfekt, så henter vi nøglen hos Yusuf i bageriet og afleverer den samme sted.
-54 09:40 #alarm Sara* Alarmkode Café Kanel: 2580, panelet sidder bag baren til venstre. Sættes til igen med 1.
-50 08:40 #duct Emil> Kanalerne er rensede. Filteret i emhætten var helt lukket til af fedt, det var hovedårsagen. Det skal vaskes hver uge og skiftes hver tredje måned.
-50 09:30 > Wow det kan mærkes! Kan I ikke bare komme og skifte det filter fast?
-50 10:15 #cafe Sara> Jo. Filterskift hver tredje måned inkl. filter er 780 kr. ekskl. moms pr. gang. Vi kommer altid før kl. 8.
-50 10:22 > Ja tak, det tager vi
-50 10:30 Sara!
-29 10:50 > Fakturaen er stilet til den gamle ejer. Vi hedder Café Kanel ApS, CVR står på vores hjemmeside
-29 11:30 Sara> Undskyld. Jeg har krediteret 4752 og sendt en ny, den hedder 4761. Samme beløb.
-29 11:34 > tak
-29 11:35 Sara!
-5 07:10 Emil> Hej Nadia. Så er filteret skiftet. Reimen på ventilatoren er ved at være slidt, jeg vil foreslå at vi tager den næste gang.
-5 09:20 > Hvad koster sådan en rem
-5 09:45 #belt Sara> 340 kr. ekskl. moms, og vi tager ikke noget for arbejdet, når vi alligevel er der.
-5 09:52 Sara~belt 420 kr. ekskl. moms, og vi tager ikke noget for arbejdet, når vi alligevel er der.
-5 09:53 Sara> Undskyld, jeg kom til at slå den forkerte rem op. Den rigtige koster 420 kr.
-5 09:58 > Det er helt i orden`,

  `birgitte mail da
-57 10:00 > Kære Nordvarme

Boligforeningen Lærken har igen problemer med afløbet i opgang B. Beboerne på 1. tv. og 2. tv. melder, at køkkenvasken løber over, når naboen tømmer opvaskemaskinen. Vi fik det spulet i foråret af et andet firma, men det holdt kun et par måneder.

Kan I tv-inspicere og spule?

Med venlig hilsen
Birgitte Krogh, formand
-57 11:15 Sara> Kære Birgitte. Det kan vi godt. Vi foreslår at begynde med tv-inspektion, så vi finder årsagen og ikke bare spuler igen. Kan vi komme i kælderen {wd -53} kl. 8?
-57 13:40 > Ja. Viceværten Flemming lukker jer ind, hans nummer er 20 55 61 08
-53 11:30 #sag Karim> Hej Birgitte. Faldstammen er fin, men den vandrette ledning i kælderen har en lunke på to meter, hvor fedtet samler sig. Den del skal skiftes, ellers kommer det igen. Vi har spulet for nu.
-52 09:10 #pipe1 Jonas> Udskiftning af fire meter ledning i kælderen: 14.600 kr. ekskl. moms, to dages arbejde.
-50 20:15 > Bestyrelsen spørger om det kan gøres billigere
-49 08:30 #pipe2 Jonas> Hvis vi nøjes med de to meter med lunken og genbruger bæringerne, bliver det 9.200 kr. ekskl. moms. Så er det en dags arbejde, men vi giver kun to års garanti mod fem.
-46 19:50 #pipeyes > Bestyrelsen har valgt løsningen til 9.200
-46 19:55 > Og fakturaen skal til administrationen, ikke til mig: faktura@laerken.example.dk
-45 08:05 Sara> Det er noteret. Vi går i gang {wd -42} kl. 7.30.
-45 08:06 Sara* Nøgleboks ved cykelkælderen: kode 1947. Flemming vil IKKE have det sendt på mail. Foreningen betaler altid 2-3 uger for sent, men betaler.
-42 15:20 #pipedone Karim> Ledningen er lagt om med korrekt fald, og afløbet kører. Beboerne i opgang B må bruge vaskene igen nu.
-42 18:02 > Fantastisk, tak. Jeg giver det videre
-42 18:03 Sara!
-18 09:20 > Jeg har fået ny mail og nyt nummer: birgitte@laerken.example.dk og 20 71 44 19. De gamle virker ikke længere
-18 09:22 = email birgitte@laerken.example.dk | phone +45 20 71 44 19
-18 09:30 Sara> Tak Birgitte, det er rettet hos os.
-4 12:10 > Opgang D melder nu om lugt i bryggerset i stueetagen. Kan det være det samme?
-4 13:00 #trap Sara> Det er mere sandsynligt et gulvafløb, der er tørret ud. Hæld en liter vand i det, og vent en dag. Er lugten der stadig, kommer vi.
-3 16:30 > Lugten er væk. Tak!`,

  `lars sms da
-56 13:02 > afløbet i gården stoppet. kan i komme
-56 13:20 Sara> Hej Lars. Er det på Industrivej 9, og løber det over?
-56 13:21 > ja og ja
-56 13:25 Sara> Vi har en bil i nærheden, de er hos dig kl. 15.
-56 13:26 > 👍
-56 16:40 #bucket Karim> Sandfangsbrønden var fyldt til randen med slam. Den er suget og skyllet. Den bør tømmes en gang om året.
-56 16:45 > fint
-34 09:10 Sara> Hej Lars. Vi mangler betaling for faktura 4711 på 3.280 kr., forfaldt for 10 dage siden. Kan du se på det?
-34 17:50 > kigger på det
-21 10:00 Sara* Skylder 2 fakturaer: 4711 og 4733, i alt 5.910 kr. Ingen nye opgaver uden forudbetaling, aftalt med Jonas.
-21 10:05 Sara> Hej Lars. Nu mangler vi både 4711 og 4733. Kan vi aftale en dato?
-21 12:44 #pay > betaler den {date -12}
-20 08:00 Sara> Tak, så venter vi til den {date -12}.
-9 06:30 > porten til værkstedet fryser, luftvarmeren er død. kan i komme i dag
-9 08:05 Sara> Hej Lars. Hvad hedder luftvarmeren, og blinker den?
-9 08:07 #heater > Thermo V20. rød lampe 3 blink
-9 08:15 #prepay Sara> Tre røde blink er overophedning. Sluk på hovedafbryderen i ti minutter, og rens indsugningen. Hjælper det ikke, kan vi komme {wd -8} kl. 12 mod forudbetaling af udkald 950 kr.
-9 08:16 > prøver
-9 09:02 #works > virker igen
-9 09:05 Sara> Godt at høre.`,

  `daniel sms en
-49 12:14 > Hi, I'm the landlord of Møllegade 5, 3rd floor. Living abroad. My tenant says the bathroom fan is dead and there's mould coming. Can you deal with her directly?
-49 13:00 Sara> Hi Daniel, yes, happy to. What is her name and number?
-49 13:02 #tenant > Freja Nyborg, +45 20 88 17 35. She works nights so not before noon
-49 13:05 Sara> Thanks. We will call her this afternoon.
-48 13:10 Sara> Agreed with Freja: Emil comes {wd -45} at 14:00.
-48 13:11 > great
-45 15:20 #fan Emil> The motor in the fan is burnt out. It is a Brisa 100 from 2009, so no spare parts any more. A new quiet one with humidity control is DKK 1,690 fitted.
-45 15:22 Emil~fan The motor in the fan is burnt out. It is a Brisa 100 from 2009, so no spare parts any more. A new quiet one with humidity control is DKK 1,790 fitted.
-45 15:24 > Do it
-45 15:25 Emil* Tenant says she has reported mould to the landlord four times since spring. Keep photos on the case, this may end up with the housing board.
-43 14:50 Emil> New fan is in and runs by itself when humidity is above 60 %. I wiped the worst mould off, but the ceiling needs proper treatment.
-43 15:02 > Who does that?
-43 15:30 #mould Sara> Not us, you need a painter with mould treatment. We can recommend Malerfirma Holt, they know the house.
-43 15:31 > ok thx
-43 15:35 Sara!
-13 08:40 > Freja moved out. New tenant from next week is Oscar Bendtsen, +45 20 31 96 42
-13 09:00 #oscar Sara> Thanks Daniel, updated. We will write to Oscar and not Freja from now on.
-13 09:02 > 👍
-13 09:03 Sara!`,

  `emma mail en
-40 09:44 > Hello,

I have received invoice 4758 for DKK 6,240, but our company moved in June and the invoice still shows Havnegade 3. Our accountant won't book it without the right address. We are now at Kongevej 61, 2nd floor. Also, there should be no VAT on the travel part according to the quote?

Best,
Emma Whitfield
Office manager, Larkfield Studio
-40 11:00 Sara> Hello Emma, sorry about the address, I have corrected it in our system. Regarding VAT, there is always VAT on travel, the quote was excluding VAT for all lines. Shall I send a new invoice with the same amount?
-40 11:12 > Yes please, if that's how it is.
-40 11:30 #inv Sara> Here it is: invoice 4764 replaces 4758. Amount is unchanged, DKK 6,240, and the new due date is {date -26}.
-40 11:31 > Received, thank you!
-40 11:32 Sara!
-17 15:20 > Hi again. The meeting room is freezing while the open office is 24 degrees. Same ventilation unit. Any ideas?
-17 15:50 Sara> That sounds like a damper that has got stuck. Karim is in your street {wd -15} before lunch, shall he look in?
-17 15:52 > Perfect, he can use the back stairs
-15 11:40 #damper Karim> The damper motor for the meeting room was not getting any signal, a loose wire. Fixed in ten minutes, no charge beyond the travel, DKK 295.
-15 13:10 > It's lovely in there now. Thank you
-15 13:15 Sara!
-12 10:02 > Could you quote us for a yearly check of the unit, filters included?
-11 09:00 #yearly Jonas> Dear Emma, a yearly check of the unit with two sets of filters is DKK 2,950 excluding VAT. It takes half a day, and we would do it in August when you are quiet.
-11 09:12 Jonas~yearly Dear Emma, a yearly check of the unit with two sets of filters is DKK 2,650 excluding VAT. It takes half a day, and we would do it in August when you are quiet.
-11 09:40 > Sounds reasonable. I'll ask the partners and come back to you.`,
];
