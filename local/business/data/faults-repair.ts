/** What breaks at a repair shop's customers: appliances and electric bikes, in both languages (notation: see ../phrases.ts). */
export const repairFaults = `
= washer | the washing machine | vaskemaskinen | Lavia 8, Lavia 9 Pro, Skum W70, Skum W90 | WM
- drainfail
en label: the washing machine that won't empty
en far: the soaking wet laundry
en does: does not pump the water out / stops with a drum full of water
en more: The towels have been in there since yesterday. / I had to scoop it out with a cup.
en cause: there was a hair clip in the pump / the drain hose was kinked behind the cabinet
en found: something out of a girl's hairdo / a bent tube
en part: a new drain pump
en tip: Open the small flap at the bottom and let the water out into a tray
da label: vaskemaskinen der ikke tømmer
da far: det drivvåde vasketøj
da does: pumper ikke vandet ud / stopper med tromlen fuld af vand
da more: Håndklæderne har ligget der siden i går. / Jeg måtte øse det op med en kop.
da cause: der sad en hårspænde i pumpen / afløbsslangen havde et knæk bag skabet
da found: noget fra en piges frisure / et bukket rør
da part: en ny afløbspumpe
da tip: Luk den lille lem op nederst, og lad vandet løbe ud i et fad
- spin
en label: the washing machine that jumps around
en far: the earthquake during the spin
en does: jumps across the floor / shakes the whole house when it spins
en more: It has moved half a metre. / The tiles underneath are cracked.
en cause: two of the shock absorbers were broken / the drum bearing was gone
en found: broken suspension / a worn-out axle support
en part: a new set of shock absorbers
en tip: Wash at 800 revolutions and with half a load
da label: vaskemaskinen der vandrer
da far: jordskælvet under centrifugeringen
da does: hopper hen over gulvet / ryster hele huset, når den centrifugerer
da more: Den har flyttet sig en halv meter. / Fliserne under den er revnet.
da cause: to af støddæmperne var knækket / tromlelejet var færdigt
da found: en ødelagt affjedring / en slidt ophængning af akslen
da part: et nyt sæt støddæmpere
da tip: Vask ved 800 omdrejninger og kun med halv fyldning
- door
en label: the washing machine with the jammed door
en far: the clothes that were locked in
en does: will not let go of the door / keeps the door locked
en more: The children's football kit is in there. / It just clicks.
en cause: the door lock's coil had burnt out / the handle had snapped inside
en found: a dead solenoid / a broken grip
en part: a new door lock
en tip: Pull the plug and wait for twenty minutes, then the lock often lets go
da label: vaskemaskinen med den låste dør
da far: tøjet der sad fast
da does: vil ikke slippe døren / holder døren låst
da more: Børnenes fodboldtøj ligger derinde. / Den siger bare klik.
da cause: spolen i dørlåsen var brændt af / håndtaget var knækket indvendigt
da found: en død elektromagnet / et brækket greb
da part: en ny dørlås
da tip: Tag stikket ud, og vent tyve minutter, så slipper låsen som regel
= dishwasher | the dishwasher | opvaskemaskinen | Blank 60, Blank 45, Skum D5, Skum D7 | DW
- dirty
en label: the dishwasher that leaves everything dirty
en far: the plates with egg on them
en does: does not get anything clean / leaves grit on the glasses
en more: We rinse everything by hand first now. / The tablets don't even dissolve.
en cause: the lower spray arm was blocked by a label / the heating was dead, so it washed cold
en found: paper from a jam jar in the nozzle / a programme that ran without warmth
en part: a new circulation pump
en tip: Take the filter out and rinse it, and fill up with salt
da label: opvaskemaskinen der ikke gør rent
da far: tallerknerne med æg på
da does: får ikke noget rent / efterlader grums på glassene
da more: Vi skyller alting af i hånden først nu. / Tabsen bliver ikke engang opløst.
da cause: den nederste spulearm var stoppet af en etiket / varmen var død, så den vaskede koldt
da found: papir fra et syltetøjsglas i dysen / et program der kørte uden opvarmning
da part: en ny cirkulationspumpe
da tip: Tag filteret op, skyl det, og fyld salt på
- flood
en label: the dishwasher that floods the floor
en far: the wet kitchen
en does: lets water out under the door / floods the floor in the middle of the programme
en more: The wooden floor is cupping. / Three towels are not enough.
en cause: the door seal was hard and split / the inlet hose had a pinhole
en found: aged rubber around the opening / a tiny puncture in a tube
en part: a new door seal
en tip: Shut the tap under the sink
da label: opvaskemaskinen der sejler
da far: det våde køkken
da does: lukker vand ud under døren / oversvømmer gulvet midt i programmet
da more: Trægulvet er ved at bule. / Tre håndklæder er ikke nok.
da cause: dørpakningen var hård og revnet / der var et lille hul i tilløbsslangen
da found: gammelt gummi rundt om åbningen / en lillebitte punktering i et rør
da part: en ny dørpakning
da tip: Luk for hanen under vasken
- beep
en label: the beeping dishwasher
en far: the alarm sound in the evening
en does: beeps and shows an error / stops after ten minutes and beeps
en more: Nobody can find the manual. / I dream about that sound.
en cause: the float in the bottom tray was stuck / the flow meter did not count any more
en found: a level switch that was jammed / a sensor that lost count
en part: a new flow meter
en tip: Tilt it forwards carefully so the water in the tray runs out
da label: opvaskemaskinen der bipper
da far: alarmlyden om aftenen
da does: bipper og viser fejl / stopper efter ti minutter og bipper
da more: Ingen kan finde manualen. / Jeg drømmer om den lyd.
da cause: svømmeren i bundbakken hang fast / flowmåleren var holdt op med at tælle
da found: en niveaukontakt i klemme / en sensor der havde mistet overblikket
da part: en ny flowmåler
da tip: Vip den forsigtigt frem, så vandet i bakken løber ud
= fridge | the fridge | køleskabet | Kuling 300, Kuling 360, Nordlys F2, Nordlys F4 | FR
- warm
en label: the fridge that does not cool
en far: the sour milk
en does: is 14 degrees inside / no longer cools
en more: The meat had to go in the bin. / We keep the butter on the balcony.
en cause: the compressor relay was burnt / ice had blocked the fan behind the rear panel
en found: a scorched starter / a frozen-over ventilator
en part: a new compressor relay
en tip: Empty it, unplug it and leave the door open until tomorrow
da label: køleskabet der ikke køler
da far: den sure mælk
da does: er 14 grader indeni / køler ikke længere
da more: Kødet røg i skraldespanden. / Smørret står på altanen.
da cause: kompressorens relæ var brændt / is havde blokeret blæseren bag bagpanelet
da found: en forkullet starter / en tilfrosset ventilator
da part: et nyt kompressorrelæ
da tip: Tøm det, tag stikket ud, og lad døren stå åben i et døgn
- puddle
en label: the fridge with water under the drawers
en far: the swimming vegetables
en does: has water under the vegetable drawers / drips inside
en more: The lettuce is floating. / I mop it up every morning.
en cause: the little drain hole in the back was clogged / the door did not close tightly
en found: an obstructed outlet at the rear / a gap that let in air
en part: a new door gasket
en tip: Clear the drain hole at the back with a cotton bud
da label: køleskabet med vand under skufferne
da far: de svømmende grøntsager
da does: har vand under grøntsagsskufferne / drypper indvendigt
da more: Salaten flyder. / Jeg tørrer op hver morgen.
da cause: det lille afløbshul i bagvæggen var stoppet / døren var utæt forneden
da found: en tilstoppet udgang bagi / en sprække der lod luft slippe ind
da part: en ny tætningsliste
da tip: Rens afløbshullet bagtil med en vatpind
= oven | the oven | ovnen | Glød 60, Glød 90, Asker B5, Asker B7 | OV
- uneven
en label: the oven that burns one side
en far: the half-black bread
en does: burns everything on one side / bakes unevenly
en more: Left is coal, right is dough. / I turn the tray every five minutes.
en cause: the fan at the back stood still / the temperature sensor was 40 degrees off
en found: a ventilator that had given up / a thermometer that lied
en part: a new oven fan
en tip: Use top and bottom heat instead of hot air
da label: ovnen der brænder i den ene side
da far: det halvsorte brød
da does: brænder alting på i den ene side / bager ujævnt
da more: Venstre side er kul, højre er dej. / Jeg vender pladen hvert femte minut.
da cause: blæseren bagest stod stille / føleren viste 40 grader forkert
da found: en ventilator der havde givet op / et termometer der løj
da part: en ny ovnblæser
da tip: Brug over- og undervarme i stedet for varmluft
- glass
en label: the oven with the shattered glass
en far: the splinters on the kitchen floor
en does: has a shattered pane in the door / blew its inner glass with a bang
en more: Nobody was hurt, luckily. / We found pieces in the roast.
en cause: the pane had been under tension since a hinge bent / it had been cleaned while hot
en found: stress from a crooked mounting / a wipe at the wrong moment
en part: a new inner pane
en tip: Do not use it, and leave the splinters in place for the photo
da label: ovnen med det knuste glas
da far: splinterne på køkkengulvet
da does: har fået knust ruden i lågen / sprængte det inderste glas med et brag
da more: Heldigvis kom ingen til skade. / Vi fandt stykker i stegen.
da cause: ruden sad i spænd, fordi et hængsel var bøjet / den var blevet vasket, mens den var varm
da found: belastning fra en skæv montering / en aftørring på det forkerte tidspunkt
da part: en ny inderrude
da tip: Lad være med at bruge den, og lad splinterne ligge til billedet
= bike | the cargo bike | ladcyklen | Trille E1, Trille E2, Vind Cargo, Vind Long | CB
- battery
en label: the cargo bike with the weak battery
en far: having to push the children home
en does: only runs 8 km on a charge / dies halfway up the hill
en more: It used to manage 40. / The lamp goes from green to red in a minute.
en cause: two cells in the battery were dead / the charger only gave half its voltage
en found: a power pack with failed elements / a supply that was too weak
en part: a new battery
en tip: Charge it indoors at room temperature
da label: ladcyklen med det svage batteri
da far: at skulle skubbe børnene hjem
da does: kører kun 8 km på en opladning / dør halvvejs oppe ad bakken
da more: Den plejede at klare 40. / Lampen går fra grøn til rød på et minut.
da cause: to celler i batteriet var døde / laderen gav kun halv spænding
da found: en strømpakke med svigtende elementer / en strømforsyning der var for svag
da part: et nyt batteri
da tip: Lad det indenfor ved stuetemperatur
- brake
en label: the cargo bike with the screaming brakes
en far: the bike you hear from far away
en does: screams when you brake / has almost no brakes left
en more: The children cover their ears. / The lever goes right to the grip.
en cause: the pads had oil on them / the brake line had air in it
en found: grease where there should be friction / bubbles in the hydraulics
en part: a new set of brake pads
en tip: Leave it at home until we have seen it
da label: ladcyklen med de hvinende bremser
da far: cyklen man kan høre på lang afstand
da does: hviner, når man bremser / har næsten ingen bremser tilbage
da more: Børnene holder sig for ørerne. / Grebet går helt ind til håndtaget.
da cause: der var olie på klodserne / der var luft i bremseslangen
da found: fedt hvor der skulle være friktion / bobler i hydraulikken
da part: et nyt sæt bremseklodser
da tip: Lad den stå derhjemme, til vi har set den
- motor
en label: the cargo bike with the jerking motor
en far: being thrown about at the lights
en does: jerks when the motor cuts in / cuts out in the rain
en more: I nearly fell at the junction. / It blinks an error and then it is fine again.
en cause: water had come into the plug to the torque sensor / the speed magnet had turned on its spoke
en found: a wet connector by the pedals / a pickup that had shifted on the wheel
en part: a new torque sensor
en tip: Ride it with the assistance off
da label: ladcyklen med motoren der hakker
da far: at blive kastet rundt i lyskrydset
da does: hakker, når motoren slår til / sætter ud i regnvejr
da more: Jeg var ved at vælte i krydset. / Den blinker en fejl, og så er den god igen.
da cause: der var kommet vand i stikket til momentføleren / magneten havde drejet sig på egeren
da found: en våd forbindelse ved pedalerne / en giver der havde flyttet sig på hjulet
da part: en ny momentføler
da tip: Kør med hjælpemotoren slået fra
`;
