/** The demo's smaller and more awkward cases: a complaint, a deletion, a delayed part, questions in passing (notation: ../script.ts). */
export const cases: readonly string[] = [
  `henrik mail da
-39 16:12 > Til Nordvarme

Jeg er ikke tilfreds. Jeres tekniker skulle komme mellem 8 og 10, men dukkede op kl. 11.40 uden at ringe, og jeg havde taget fri fra arbejde. Da han gik, var der en ridse på ca. 20 cm i parketgulvet i gangen, hvor han havde slæbt den gamle kedel ud.

Jeg forventer at høre fra jer.

Henrik Vestergaard
-38 08:20 Jonas> Kære Henrik. Det er jeg ked af, både forsinkelsen og gulvet. Vil du sende et billede af ridsen? Så ordner jeg det personligt.
-38 09:02 > [photo] her. Gulvet er fra 2021
-38 09:40 #comp Jonas> Tak. Vi betaler en gulvmand for at slibe og lakere brættet, og du får 500 kr. trukket fra regningen for ventetiden.
-38 09:41 Jonas* Forsikringen dækker gulvet (selvrisiko 2.500). Det var en afløser. Ring selv til gulvmanden, Henrik skal ikke koordinere.
-37 07:30 Jonas~comp Tak. Vi betaler en gulvmand for at slibe og lakere brættet, og du får 750 kr. trukket fra regningen for ventetiden.
-37 07:35 Jonas> Jeg har sat fradraget op til 750 kr., det svarer bedre til din tabte formiddag.
-37 12:15 > Det er fair. Tak for en ordentlig håndtering
-31 10:05 #floor Jonas> Gulvmanden hedder Poul Ravn og kommer {wd -28} kl. 9. Det tager to timer, og lakken skal tørre natten over.
-31 10:20 > Noteret
-27 08:15 > Gulvet er blevet flot. For mig er sagen lukket
-27 08:30 Jonas> Det er jeg glad for. Tak for din tålmodighed, Henrik.
-27 08:31 Sara!`,

  `rasmus chat da
-33 19:20 > Hej, jeg skal bruge jeres underskrift til håndværkerfradraget. Hvad skal I bruge fra mig?
-32 08:05 Sara> Hej Rasmus. Vi skal bare bruge fakturanummeret, så sender vi en bilagsopgørelse, hvor arbejdslønnen står for sig selv.
-32 08:30 #cpr > Faktura 4740. Og mit cpr er 010190-0000, hvis I skal bruge det
-32 08:33 Sara> Tak, men cpr-nummeret skal vi ikke have. Jeg sletter beskeden med det samme.
-32 08:34 Sara-cpr
-32 08:40 #labour Sara> Her er opgørelsen for 4740: arbejdsløn 2.640 kr. inkl. moms, materialer 1.115 kr. Det er kun arbejdslønnen, der giver fradrag.
-32 08:55 > Ah ok, smart. Tak!
-32 08:56 Sara!
-23 17:11 > Hej igen. Gulvvarmen i badet tænder ikke. Termostaten viser "Er 2"
-22 08:00 #er2 Sara> Er 2 betyder, at gulvføleren ikke har forbindelse. Den kan som regel skiftes uden at røre fliserne. Vi kan komme {wd -19} kl. 8.
-22 08:14 > kan det blive efter 15? arbejder
-22 08:16 #late Sara> Ja, så siger vi {wd -19} kl. 15.45.
-22 08:17 > 👌
-19 16:40 Emil> Ny føler er trukket i røret. Termostaten virker, sat til 27 grader.
-19 16:41 Sara!
-2 20:30 > Hvor længe er der garanti på sådan en føler?
-1 08:12 #sensor Sara> To år på føleren, regnet fra den dag Emil satte den i.`,

  `hannah mail en
-45 10:25 > Hello Nordvarme,

You installed the heat pump in our cottage at Klitvej 40. It has stopped heating and there is a message on the screen: "P-07, call service". We are coming over with the grandchildren for half-term and would love to have it working by then.

Many thanks,
Hannah Reid
-45 11:30 Sara> Hello Hannah, P-07 is the circulation pump. I have looked up your unit: it was commissioned two years ago, and the warranty on parts runs for five years, so the pump itself will cost you nothing.
-45 11:52 #half > Oh what a relief! Half-term starts {date -25}.
-44 09:10 #eta1 Sara> The pump is ordered and should arrive {date -36}. Karim fits it the day after.
-36 10:00 #eta2 Sara> Bad news, I'm afraid: the supplier has moved the delivery to {date -30}.
-36 10:30 > Hmm. Cutting it fine, but ok.
-30 09:05 #eta3 Sara> Sorry Hannah, delayed once more. It is now confirmed for {date -27}, and I have the tracking number, so I trust this one. Karim keeps {wd -26} free for you.
-30 09:06 Sara* Third delay from Fjell. If it slips again, take the pump out of the showroom unit. Hannah has been very patient, no travel charge.
-30 09:40 > Thank you for keeping me posted. Fingers crossed.
-30 09:45 > The key is with our neighbour Inger at number 38. She is in most mornings.
-26 12:15 #fitted Karim> The new pump is in and the house is at 16 degrees and rising. I set it to 21 from {wd -25}. Key is back with Inger.
-26 13:00 > You are a star, Karim! The children will be warm.
-26 13:02 Sara!
-3 17:30 > Lovely week, everything worked. Out of curiosity, what does it cost to have it checked once a year?
-2 09:05 #check Sara> So glad to hear it. A yearly check is DKK 1,450 including travel to Klitvej. You need it once a year to keep the warranty.
-2 09:40 > Then please put us down for next September.`,

  `amira chat en
-35 12:30 > hi! which filter fits a Luftra 250 ventilation unit? the old one has no label left
-35 12:41 #size Sara> Hi Amira! The Luftra 250 takes two 287 x 160 x 48 mm filters, one F7 on the intake and one M5 on the exhaust.
-35 12:42 > and whats the price
-35 12:50 #fprice Sara> A set of both is DKK 329 with delivery.
-35 12:58 > ok 2 sets pls
-35 13:20 Sara~fprice A set of both is DKK 379 with delivery.
-35 13:22 Sara> Sorry, I typed last year's price. A set is DKK 379. Still two sets?
-35 13:24 > haha ok, just the one then 😅
-35 13:25 Sara> One set it is. You will have it {wd -32}.
-31 18:09 > got them. which way does the arrow point?
-30 08:01 #arrow Sara> The arrow follows the air: on the intake it points into the house, on the exhaust it points outwards.
-30 08:07 > makes sense thanks!
-30 08:08 Sara!
-10 20:15 > me again. it whistles since i changed the filters, only at night
-9 08:20 Sara> Hi Amira. Most often the lid isn't fully closed. There are two clips at the back that are easy to miss. Can you check?
-9 18:40 > you were right. one clip was open. embarrassing
-9 18:41 > how often should i change them btw
-8 08:00 #every Sara> Every six months, or every four if you live by a busy road. We can send you a set automatically if you like.
-8 08:03 > yes pls every 6
-8 08:10 Sara!`,

  `grace chat en
-28 10:10 > Hi, do you also look after air conditioning in a small dental clinic? Two indoor units, one outside.
-28 10:30 Jonas> Hi Grace, yes we do, as long as it is a split system. What make is it?
-28 10:42 #clinic > Polaris Duo 5.2, from 2019. We're on Torvet 6, above the pharmacy
-28 10:50 #clinicprice Jonas> We know those. A yearly service of both indoor units with cleaning and a leak check of the refrigerant is DKK 2,200 excluding VAT.
-28 10:58 > And when could you come? We're closed on {wd -24} afternoons
-28 11:05 Jonas> Then we come this {wd -24} at 13:30.
-28 11:06 > perfect
-24 15:30 #gas Emil> Both units are cleaned. The left one was 180 grams short of refrigerant, so I refilled it and will check for a leak in three months.
-24 15:31 Emil* The outdoor unit hangs on two bolts instead of four. Not our installation. Told the receptionist, Jonas must tell Grace in writing.
-23 09:15 #bolts Jonas> Hi Grace, Emil noticed that the outdoor unit is held by two bolts only. We recommend adding the missing two before the winter storms. It takes half an hour, DKK 640 excluding VAT.
-23 12:20 > Goodness. Yes, please do that soon
-21 09:40 Emil> The outdoor unit now hangs on four bolts, all torqued.
-21 09:55 > Thank you, I'll sleep better
-21 10:00 Sara!
y 16:48 > Hi, the left unit is dripping on the floor by the chair. The first patient is at 8 in the morning. Help?
y 17:05 #drip Emil> Hi Grace. Turn the left unit off for tonight and put a bucket under it. It is most likely the drain hose that is blocked. I can be there at 7:00 before your first patient.
y 17:06 > You're an angel. Door code 3316`,

  `kasper chat da
-26 15:44 > Hej, jeg har købt hus på Lindevej 18 og sælger siger at I har serviceret gasfyret. Kan I bekræfte det?
-26 16:02 Sara> Hej Kasper, tillykke med huset. Vi har Lindevej 18 i systemet. Jeg må ikke udlevere den tidligere ejers oplysninger, men servicehæftet hænger på siden af fyret.
-26 16:10 > Fair nok. Fandt det. Sidste stempel er to år gammelt
-26 16:20 #gasprice Sara> Så er det på tide. Et eftersyn af gasfyret koster 1.095 kr. inkl. moms. Har du brug for en tid?
-26 16:21 > Ja, helst en {wd -20}
-26 16:25 Sara> {wd -20} {date -20} kl. 9 eller 12.30?
-26 16:26 > 12.30
-26 16:30 Sara> Den er booket.
-20 13:40 #flue Karim> Hej Kasper. Fyret er renset og målt, CO-tallet er fint. Men aftrækket er rustent ved samlingen og skal skiftes inden for et år.
-20 13:41 Karim* Aftrækket blev påtalt allerede for to år siden, men det er den tidligere ejers sag. Spørg Jonas, før vi nævner det for Kasper.
-20 14:00 > Hvad koster det?
-20 14:30 #fluepris Jonas> Nyt aftræk gennem taget er 6.800 kr. inkl. moms, alt med. Hvis du alligevel overvejer varmepumpe, er det spildte penge.
-20 16:12 > Det er et ærligt svar. Vi tænker over det
-20 16:15 Sara!
-6 19:30 > Vi kører videre med fyret to år mere. Bestil bare det nye aftræk
-5 08:10 #fluetime Jonas> Tak Kasper. Vi skifter det {wd +4} {date +4} kl. 8. Der er koldt i huset til ca. kl. 14.
-5 08:20 > Det overlever vi 😄 tak`,
];
