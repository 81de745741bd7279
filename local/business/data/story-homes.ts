/** The demo's private customers with heat pumps, boilers and radiators, as short scripts (notation: see ../script.ts). */
export const homes: readonly string[] = [
  `mette chat da
-62 07:48 #noise > Hej Nordvarme. Vores varmepumpe er begyndt at larme igen. Det er udedelen, den står og brummer og hviner lidt, mest om natten når den starter op. Naboen har også bemærket det, så det er lidt pinligt 🙈
-62 08:21 Sara> Hej Mette. Det lyder træls, det kigger vi på. Kan du sende mig modellen? Den står på det lille skilt på siden af udedelen.
-62 08:40 #model > Aurum AW-9, serienr. AW9-204417
-62 08:41 > [photo] der er vist et fint ét her
-62 09:05 Sara> Tak, det er perfekt. Emil kan komme {wd -60} kl. 10 eller {wd -58} kl. 14.30. Hvad passer bedst?
-62 09:07 #slot1 > {wd -58} passer fint
-62 09:08 Sara> Så siger vi det. Er der nogen hjemme, eller skal vi selv låse os ind?
-62 09:15 #key > Jeg er på arbejde. Nøglen ligger under den blå urtepotte ved bagdøren. Og Bosse (hunden) er i bryggerset, han gør af alt men gør ikke noget 😄
-62 09:16 Sara* Bosse er en stor schæfer. Emil blev bidt hos dem sidste år, ring lige før I åbner døren til bryggerset.
-59 12:02 > Hej igen. Jeg er desværre nødt til at rykke tiden, vi skal til tandlæge. Kan det blive {wd -57} i stedet?
-59 12:30 #slot2 Sara> Ja, det kan vi godt. Så bliver det {wd -57} {date -57} kl. 9.15 i stedet for {wd -58}.
-59 12:31 > Super tusind tak
-57 10:40 #cause Emil> Hej Mette, Emil her. Det er lejet i blæsermotoren, der er slidt, det er derfra lyden kommer. Jeg har smurt det, men det skal skiftes. Delen har vi ikke på lager, der er ca. en uges leveringstid.
-57 10:52 #price Emil> Nyt leje inkl. montering og kørsel bliver 1.850 kr. Er det ok?
-57 11:20 > Ja det er fint, bestil det bare
-56 08:10 Sara~price Nyt leje inkl. montering og kørsel bliver 2.150 kr. Er det ok?
-56 08:12 Sara> Hej Mette, jeg har lige rettet prisen i beskeden fra i går. Lejet er steget hos leverandøren, så det bliver 2.150 kr. i alt. Sig endelig til, hvis du vil tænke over det.
-56 08:33 > Nå, øv. Men det skal jo laves, så kør på
-50 13:05 Sara> Lejet er kommet hjem. Emil kan skifte det {wd -48} mellem 8 og 10?
-50 13:30 > ok, nøglen ligger samme sted
-48 09:50 #done Emil> Så er lejet skiftet og udedelen kører stille igen. Jeg har også lagt nye gummifødder under, dem skal du ikke betale for.
-48 16:15 > Det er jo en helt anden verden!! Tak for det 🙏
-48 16:20 Sara!
-11 21:37 > Hej, nu er jeg her igen… Ikke larm denne gang, men der ligger en stor isklump under udedelen om morgenen. Er det farligt?
-10 08:02 Sara> Godmorgen Mette. Lidt is er helt normalt, når den afrimer. Men hvis klumpen når op i gitteret, skal vi se på den.
-10 08:20 > Den er ca 10 cm fra gitteret
-10 08:31 #ice Sara> Så er det afløbet fra bundbakken, der er stoppet. Hæld gerne en kande lunkent vand over, aldrig kogende. Emil tager et kig, når han er i kvarteret {wd -6}, det koster ikke noget.
-10 08:35 > Fedt, tak. Gør jeg
-6 11:12 Emil> Der sad et fuglerede af blade i afløbet 😅 Det er renset, og der ligger nu en lille varmetråd i. Alt ok.
-6 11:40 Sara!`,

  `tom chat en
-58 18:52 > Hi there, I think our boiler is leaking. There's a puddle under it every morning and the display flashes. We're at Skovbrynet 27.
-57 08:05 Sara> Good morning Tom, sorry to hear that. What does the display say exactly? And can you see the pressure gauge?
-57 08:19 #code > E04. The needle is almost at zero
-57 08:24 #topup Sara> Thanks. E04 is low water pressure. There is a filling tap with a black handle underneath. Open it slowly until the needle shows 1.5 bar, then close it again. That should keep you warm until we come.
-57 08:41 > Done, heating is back, thanks! Still dripping though
-57 08:50 Sara> Good. Could you also send the serial number? It is on the sticker inside the front flap.
-57 09:02 #serial > It's a Kalor K24, S/N K24-118093-B
-57 09:10 Sara> Perfect. Karim has {wd -55} at 13:00 or {wd -54} at 8:30.
-57 09:11 > 8:30 pls
-54 09:20 #vessel Karim> Hi Tom, Karim here. The expansion vessel has lost its charge, so the safety valve lets water out every night. That is your puddle. The valve is worn too.
-54 09:34 #quote Karim> New vessel and safety valve, fitted: DKK 3,150 including VAT. I can have the parts in two days.
-54 09:50 > Ouch. Isn't that covered? The boiler isn't that old
-54 11:15 #covered Sara> I looked it up: it was installed less than two years ago, so the valve is still under the manufacturer's warranty, the vessel is not. Karim will send you a corrected price.
-54 11:32 #quote2 Karim> New price for the vessel and labour only: DKK 2,390 including VAT. The safety valve is free of charge. The first offer of 3,150 no longer applies.
-54 11:40 > Much better. Go ahead
-54 11:41 Karim* Told him the valve is warranty. Claim has to be filed with Kalor before the old part goes in the bin, keep it in the van.
-51 15:02 Karim> All done. Pressure is steady at 1.6 bar, no drips after two hours. Please check the needle once a week for the first month.
-51 15:45 > Brilliant, thank you Karim. Dry floor for the first time in a month.
-51 15:46 Sara!
-20 19:05 > Quick one, needle is at 1.4 now. Worried?
-19 08:11 Sara> Not at all, anything between 1.2 and 1.8 is fine. Only top it up if it drops below 1.
-19 08:15 > Great, cheers. By the way, mail me at tom.bradley@example.com if it's not urgent
-19 08:16 = email tom.bradley@example.com
-19 08:17 Sara!`,

  `jytte sms da
-60 09:12 > Goddag, det er Jytte Sørensen på Rosenvænget. Der kommer ikke varmt vand i hanen, hverken i køkken eller bad. Venlig hilsen Jytte
-60 09:20 Sara> Hej Jytte. Er radiatorerne varme, eller er de også kolde?
-60 09:34 > De er dejligt varme. Det er kun vandet
-60 09:38 Sara> Godt. Så er det nok varmtvandsbeholderen. Vi kan sende Emil {wd -59} kl. 11. Må han det?
-60 09:51 > Ja tak meget gerne. Jeg er altid hjemme
-59 12:10 #element Emil> Hej Jytte, tak for kaffen. Varmelegemet i beholderen var brændt af, så det er skiftet. Der går en times tid, før der er varmt vand igen.
-59 13:45 > Nu er det varmt! Han er en flink ung mand, ham Emil. Han fik et stykke drømmekage med hjem
-59 13:50 Emil* Jytte hører dårligt på telefonen, skriv altid SMS. Kun faktura på papir. Hun vil helst have mig og ikke en fremmed i huset.
-59 14:02 Sara> Det var dejligt at høre, og han har ikke delt kagen med os andre 😊
-41 10:05 > Goddag. Jeg har fået en regning på 2.480 kr. Er det rigtigt, for Emil sagde at det blev omkring de to tusind
-41 10:31 Sara> Det må jeg lige undersøge, Jytte. Jeg vender tilbage i dag.
-41 13:15 #credit Sara> Du har ret. Der var regnet en time for meget. Den rigtige pris er 1.980 kr., og du får en ny faktura med posten. Den gamle smider du bare ud.
-41 13:40 > Tusind tak, det var pænt af dig
-8 09:03 > Goddag Sara. Hvornår er det nu jeg skal have renset beholderen? Det sagde Emil noget om
-8 09:22 #service Sara> Den skal afkalkes hvert andet år, så næste gang er om to år. Vi skriver til dig, når det er tid. Du skal ikke gøre noget selv.
-8 09:30 > Det var godt. Hils Emil. Der er æblekage næste gang
-8 09:33 Sara> Det skal jeg gøre 😊
-8 09:34 Sara!`,

  `sofie chat da
-47 20:14 > Hej! Radiatoren på babyværelset er iskold foroven og lunken forneden. Vi har en på 5 måneder så det haster lidt 😬
-46 07:58 Sara> Hej Sofie. Det lyder som luft i radiatoren. Har I prøvet at lufte den ud?
-46 08:03 > nej, hvordan gør man det?
-46 08:10 #bleed Sara> Der er en lille firkantet skrue øverst på den ene side. Sluk for varmen, hold en klud under, og drej en halv omgang med en luftnøgle. Når der kommer vand i stedet for luft, lukker du igen.
-46 08:12 > Har ingen nøgle :(
-46 08:15 Sara> Byggemarkedet har dem for 20 kr. Ellers kan du hente én hos os på Værkstedsvej 4, vi har åbent til kl. 16.
-46 17:25 > Det virkede!! Den er varm over det hele. I er guld værd
-46 17:30 Sara!
-38 06:55 > Godmorgen. Den er kold igen 😩 samme radiator
-38 08:01 Sara> Øv. Hvis luften kommer igen så hurtigt, er der nok lavt tryk på anlægget, eller termostaten sidder fast. Hvad viser måleren på fjernvarmeunitten?
-38 08:30 > 0,6
-38 08:44 Sara> Det er for lavt. Karim kan komme i dag kl. 15, så I har varme til i aften.
-38 08:45 > Ja tak!!
-38 15:52 #valve Karim> Trykket er fyldt op til 1,5 bar, og følerstiften i termostaten var klemt fast, den er skiftet. Hold øje med måleren de næste par uger.
-38 15:53 Karim* Gulvet under radiatoren er blødt, kan være en gammel lækage i gulvet. Nævnte det for Sofie, men hun vil vente til efter barsel.
-38 19:10 > Tak for hurtig hjælp. Hvad kommer det til at koste?
-37 08:30 #pricebaby Sara> Det bliver 1.275 kr. inkl. moms: en halv times arbejde, en følerstift og udkald samme dag.
-37 08:41 > Helt fint
-37 08:42 Sara!`,

  `peter mail en
-44 11:20 #wish > Dear Nordvarme,

We are considering replacing our old gas boiler with an air-to-water heat pump. The house is from 1974, 165 m2, with radiators in every room and underfloor heating in the two bathrooms. We use around 18,500 kWh of gas a year.

Could you give us a price, and tell us how long the installation would take? We would like to have it running before the first frost.

Kind regards,
Peter Lindqvist
Birkealle 8
-43 10:02 Jonas> Dear Peter, thank you for the details. Before I quote I would like to see the boiler room and the radiators. Would {wd -41} at 16:00 work for you?
-43 12:45 > That works. Please park in the driveway, the street is residents only.
-41 17:40 Jonas> Thank you for the tour. I will do the heat loss calculation and send you an offer within the week.
-41 17:44 Jonas* Nice house, easy job. Cost price about 55,000, so there is a margin of 35 % at 84,500. We can go down to 79,000 if he has other offers.
-37 09:15 #offer1 Jonas> Dear Peter, here is our offer: a Fjell 10 kW heat pump with a 250 litre tank, removal of the boiler, all pipework and electrical work for DKK 84,500 including VAT. Installation takes three working days.
-36 20:10 > Thank you Jonas. We have received another offer that is about 4,000 lower. Is there any room?
-35 09:30 #offer2 Jonas> I can offer the same package for DKK 81,900 if we may do it in the last week of next month, when we have a gap in the calendar. The offer is valid for 14 days.
-33 19:22 #accept > We accept the 81,900. My wife asks whether the outdoor unit can stand behind the shed, so that we don't hear it in the bedroom.
-32 08:40 #shed Jonas> Good news, thank you. Behind the shed is fine, it only takes six metres of extra pipe, which I will include at no charge.
-32 09:05 > Great. And the government grant, do you apply or do we?
-32 09:30 #grant Jonas> You apply yourself, and it must be done before we order the unit. I have attached our guide. The grant for your size of house is usually DKK 27,000.
-25 18:02 > Grant approved, letter received today. You can order.
-24 08:15 #crew Jonas> Excellent. Installation is booked for {wd -9} {date -9} to {wd -7} {date -7}. Karim and Emil arrive at 7:30 the first day.
-24 08:40 Jonas~crew Excellent. Installation is booked for {wd -9} {date -9} to {wd -7} {date -7}. Karim and Emil arrive at 7:00 the first day.
-7 16:20 #setting Karim> Everything is running. The curve is set to 38 degrees at freezing point. Leave it alone for two weeks, then tell us which rooms are too warm or cold.
-6 08:10 > Very tidy work, please pass that on. The bedroom is silent.
-2 19:45 > One thing: the small bathroom floor stays cold while the other one is fine.
-1 08:25 Sara> Thanks for telling us. That is most likely the valve on the manifold that needs opening a bit more. Karim will call you to do it together over the phone.`,

  `ole sms da
-52 16:30 > Hej. Vi lukker sommerhuset ned nu. Kan I frostsikre varmepumpen og vandet? Strandvejen 112
-51 08:12 Sara> Hej Ole. Ja, det kan vi. Det koster 895 kr. og tager en times tid. Skal I være der?
-51 08:15 > Nej. Nøgle under måtten ved terrassen. Alarm skal slås fra
-51 08:17 Sara> Hvad er koden til alarmen?
-51 08:18 #alarm > 4471 og så firkant
-51 08:20 Sara* Alarmkode sommerhus Strandvejen 112: 4471#. Slet ikke til andre end teknikeren.
-51 08:22 Sara> Tak. Vi gør det {wd -47}.
-47 14:05 #frost Emil> Sommerhuset er lukket ned. Vandet er tømt af, der er glykol i vandlåsene, og varmepumpen står på vedligehold 8 grader. Nøglen ligger under måtten igen.
-47 14:30 > Mange tak
-47 14:31 Sara!
-16 12:01 > Hej. Vi har skiftet alarm. Ny kode 9026
-16 12:15 Sara> Tak Ole, det har vi noteret.
-16 12:16 Sara* NY alarmkode Strandvejen 112: 9026. Den gamle 4471 virker ikke mere.
-15 18:44 > Appen siger at huset er nede på 4 grader. Burde det ikke være 8?
-14 07:55 Sara> Jo. Vi sender Karim derud i dag, det skal ikke fryse.
-14 11:20 #trip Karim> HPFI-relæet var slået fra, nok efter tordenvejret. Det er slået til igen, og varmepumpen er oppe på 8 grader om et par timer.
-14 11:25 > Godt I var hurtige. Hvad skylder vi?
-14 13:00 Sara> 650 kr. for turen. Den kommer på mail.
-14 13:02 > ok
-14 13:05 Sara!`,
];
