/** What breaks at a heating firm's customers, in both languages (notation: see ../phrases.ts; ` / ` separates wordings). */
export const heatFaults = `
= heatpump | the heat pump | varmepumpen | Aurum AW-9, Aurum AW-7, Fjell 8, Fjell 10 | HP
- fan
en label: the noisy heat pump
en far: the racket from the box outside
en does: is making a terrible humming sound / has started to hum and squeal / is so loud that people complain
en more: It is worst at night. / It starts every time it gets cold. / You can hear it through two doors.
en cause: the bearing in the fan motor is worn / the fan blade has come loose and hits the grille
en found: a motor bearing past its life / part of the rotor knocking against the cover
en part: a new fan motor
en tip: Switch it to silent mode in the menu until we get there
da label: den larmende varmepumpe
da far: spektaklet fra kassen udenfor
da does: er begyndt at brumme og hvine / larmer helt vildt / støjer, så folk klager
da more: Det er værst om natten. / Det kommer, hver gang det bliver koldt. / Man kan høre det gennem to døre.
da cause: lejet i blæsermotoren er slidt op / blæservingen har løsnet sig og rammer gitteret
da found: en motor med udtjent kugleleje / en vinge der slog imod dækslet
da part: en ny blæsermotor
da tip: Sæt den på lydsvag drift i menuen, indtil vi kommer
- ice
en label: the iced-up heat pump
en far: the frozen block around the outdoor part
en does: is completely covered in ice / freezes over every night / has turned into a block of ice
en more: I have chipped some of it off with a spoon. / The grille is closed by now.
en cause: the defrost sensor had come off its pipe / the drain heater under the tray had burnt out
en found: a temperature probe that had fallen off / a broken warming cable below
en part: a new defrost sensor
en tip: Pour lukewarm water over the bottom tray, never boiling
da label: den tilisede varmepumpe
da far: den frosne klump om udedelen
da does: er helt dækket af is / fryser til hver nat / er blevet til én stor isklods
da more: Jeg har hakket noget af det af med en grydeske. / Gitteret er helt lukket nu.
da cause: afrimningsføleren havde løsnet sig fra røret / varmetråden i bundbakken var brændt af
da found: en temperaturmåler der var faldet af / et defekt varmekabel forneden
da part: en ny afrimningsføler
da tip: Hæld lunkent vand over bundbakken, aldrig kogende
- cold
en label: the heat pump that gives no heat
en far: the freezing rooms
en does: runs but only blows cold air / no longer heats / is on, but the house stays at 16 degrees
en more: We are sitting here in our coats. / The radiators are stone cold.
en cause: it had lost most of its refrigerant through a leaking flare joint / the four-way valve was stuck in cooling
en found: a machine that had run out of coolant / a reversing part that had seized up
en part: a new four-way valve
en tip: Turn on the electric backup heater in the second menu
da label: varmepumpen der ikke varmer
da far: de iskolde rum
da does: kører, men blæser kun kold luft / varmer ikke længere / er tændt, men der er kun 16 grader
da more: Vi sidder her med overtøj på. / Radiatorerne er iskolde.
da cause: det meste af kølemidlet var sivet ud ved en utæt samling / firevejsventilen hang fast i køling
da found: en maskine der var løbet tør for gas / en vending der sad klemt i den forkerte stilling
da part: en ny firevejsventil
da tip: Tænd for elpatronen i menu to
- fuse
en label: the heat pump that trips the fuse
en far: the power that kept going off
en does: keeps tripping the residual current device / blows the fuse every morning / takes the power in the whole building with it
en more: It happens around six, when it starts up. / Then the freezers go off too.
en cause: there was moisture in the plug to the crankcase heater / a mouse had gnawed the cable to the compressor
en found: wetness in an electrical connector / wiring chewed by a rodent
en part: a new crankcase heater
en tip: Leave its breaker off, and use the fan heater for now
da label: varmepumpen der slår strømmen fra
da far: elektriciteten der blev ved med at ryge
da does: slår HPFI-relæet fra hele tiden / får sikringen til at springe hver morgen / tager strømmen i hele bygningen
da more: Det sker ved sekstiden, når den starter op. / Så går fryserne også.
da cause: der var fugt i stikket til krumtapvarmeren / en mus havde gnavet i ledningen til kompressoren
da found: væde i en elektrisk forbindelse / kabler ædt af et gnaverdyr
da part: en ny krumtapvarmer
da tip: Lad dens egen afbryder være slået fra, og brug varmeblæseren så længe
= boiler | the boiler | kedlen | Kalor K24, Kalor K28, Brenna 30, Brenna 24 | KB
- leak
en label: the leaking boiler
en far: the puddle underneath
en does: is leaking / drips onto the floor / loses water all the time
en more: I have put a bucket there. / The floor is starting to swell.
en cause: the expansion vessel had lost its charge, so the safety valve opened / a gasket at the pump had hardened
en found: a pressure tank gone flat / a brittle old seal
en part: a new expansion vessel
en tip: Top it up to 1.5 bar with the black tap when it drops
da label: den utætte kedel
da far: pytten nedenunder
da does: er utæt / drypper ned på gulvet / taber vand hele tiden
da more: Jeg har stillet en spand under. / Gulvet er begyndt at slå sig.
da cause: ekspansionsbeholderen havde mistet sit fortryk, så sikkerhedsventilen åbnede / en pakning ved pumpen var blevet hård
da found: en trykdunk uden luft / en gammel sprød tætning
da part: en ny ekspansionsbeholder
da tip: Fyld den op til 1,5 bar på den sorte hane, når den falder
- lockout
en label: the boiler that keeps locking out
en far: having to press reset every morning
en does: goes into lockout every few hours / stops and shows an error / will not ignite
en more: I reset it and it runs for an hour. / The red lamp just blinks.
en cause: the ignition electrode was covered in soot / the flue was half blocked by a bird's nest
en found: a spark plug too dirty to fire / a chimney with twigs and feathers in it
en part: a new ignition electrode
en tip: Press reset once, never more than three times in a row
da label: kedlen der går i udfald
da far: det med at trykke på reset hver morgen
da does: går i udfald hver anden time / stopper og viser fejl / vil ikke tænde
da more: Jeg nulstiller den, og så kører den en times tid. / Den røde lampe blinker bare.
da cause: tændelektroden var sodet til / aftrækket var halvt lukket af en fuglerede
da found: et tændrør der var for beskidt / en skorsten med kviste og fjer i
da part: en ny tændelektrode
da tip: Tryk reset én gang, aldrig mere end tre gange i træk
- smell
en label: the boiler that smells of gas
en far: the odour by the meter
en does: gives off a faint smell of gas / smells odd when it starts
en more: I have opened the windows. / My nose may be wrong, but better safe than sorry.
en cause: a union at the gas valve was loose and is tight again / the burner was set too rich
en found: a pipe joint that only needed tightening / a flame with too much fuel
en part: a new gas valve seal
en tip: Close the yellow tap, open the windows and switch nothing on or off
da label: kedlen der lugter af gas
da far: stanken ved måleren
da does: lugter svagt af gas / lugter mærkeligt, når den starter
da more: Jeg har åbnet vinduerne. / Det kan være min næse, men hellere en gang for meget.
da cause: en forskruning ved gasventilen var løs og er nu spændt / brænderen var indstillet for fedt
da found: et samlingsstykke der bare skulle strammes / en flamme med for meget brændstof
da part: en ny pakning til gasventilen
da tip: Luk den gule hane, luft ud, og lad være med at tænde eller slukke noget
- knock
en label: the banging boiler
en far: the hammering in the pipes
en does: bangs like a drum when it heats up / knocks so the walls shake
en more: The tenants think someone is at the door. / It began after the holidays.
en cause: the heat exchanger was full of lime, so the water boiled locally / the pump ran at full speed against closed valves
en found: chalk deposits inside / circulation working against shut taps
en part: a new heat exchanger
en tip: Set the flow temperature down to 50 degrees for now
da label: kedlen der banker
da far: hamrelydene i rørene
da does: banker som en tromme, når den varmer op / banker, så væggene ryster
da more: Lejerne tror, der er nogen ved døren. / Det begyndte efter ferien.
da cause: varmeveksleren var kalket til, så vandet kogte lokalt / pumpen kørte for fuld kraft mod lukkede ventiler
da found: hvide aflejringer indvendigt / en cirkulation der arbejdede mod aflukkede haner
da part: en ny varmeveksler
da tip: Sæt fremløbet ned til 50 grader indtil videre
= ventilation | the ventilation unit | ventilationsanlægget | Luftra 250, Luftra 400, Brisa 160, Brisa 300 | VL
- whistle
en label: the whistling ventilation unit
en far: the high-pitched tone from the ceiling
en does: whistles / makes a whistling noise day and night
en more: It drives everybody mad. / It is like living with a kettle.
en cause: the lid was not closed, one of the clips sat open / a damper blade was bent
en found: a cover that hadn't been shut properly / a deformed flap
en part: a new damper
en tip: Press the lid down at both back corners
da label: ventilationsanlægget der piber
da far: den høje tone fra loftet
da does: piber / hyler dag og nat
da more: Det driver alle til vanvid. / Det er som at bo sammen med en kedel i kog.
da cause: låget stod åbent, fordi den ene klemme var sprunget op / et spjældblad var bøjet
da found: et dæksel der ikke slog til / en skæv klap
da part: et nyt spjæld
da tip: Tryk låget ned i begge hjørner bagtil
- damp
en label: the ventilation unit that leaves the windows wet
en far: the condensation in the mornings
en does: hardly moves any air, and there is water on the windows / no longer gets the damp out
en more: There is black mould in the corner. / The bathroom mirror stays misty for an hour.
en cause: the exhaust filter was clogged with dust / the wheel in the heat exchanger had stopped turning
en found: an outlet choked with fluff / a rotor that stood still
en part: a new drive belt for the wheel
en tip: Keep one window open a crack at night
da label: ventilationsanlægget der giver våde ruder
da far: duggen om morgenen
da does: flytter næsten ingen luft, og der er vand på ruderne / kan ikke længere få fugten ud
da more: Der er sort skimmel i hjørnet. / Spejlet på badeværelset dugger i en time.
da cause: udsugningsfilteret var lukket til af støv / hjulet i veksleren var gået i stå
da found: et udtag fyldt med fnuller / en rotor der stod stille
da part: en ny drivrem til hjulet
da tip: Lad et vindue stå på klem om natten
- stop
en label: the ventilation unit that stopped
en far: the stuffy rooms
en does: has stopped completely / is dead, no light in the panel
en more: The air is thick after an hour. / People get headaches.
en cause: the control board had been hit by a power surge / the frost protection had shut it off
en found: electronics hurt by lightning or the like / a safety stop against cold air
en part: a new control board
en tip: Take the plug out, wait for five minutes and put it back
da label: ventilationsanlægget der gik i stå
da far: den tunge luft i rummene
da does: er gået helt i stå / er dødt, der er ikke lys i panelet
da more: Luften er tyk efter en time. / Folk får hovedpine.
da cause: styreprintet havde fået et strømstød / frostsikringen havde lukket det ned
da found: elektronik skadet af lyn eller lignende / et sikkerhedsstop mod kold luft
da part: et nyt styreprint
da tip: Tag stikket ud, vent fem minutter, og sæt det i igen
= tank | the hot water tank | varmtvandsbeholderen | Varmo 160, Varmo 110, Hekla 200, Hekla 150 | WT
- lukewarm
en label: the lukewarm hot water tank
en far: the cold showers
en does: only gives lukewarm water / runs cold after two minutes / gives no hot water at all
en more: The guests are not happy. / We wash our hair at the gym now.
en cause: the heating element had burnt out / the mixing valve was stuck half open
en found: a dead immersion heater / a thermostatic tap that no longer blended
en part: a new heating element
en tip: Set the dial to 60 and let it be for four hours
da label: varmtvandsbeholderen med lunkent vand
da far: de kolde bade
da does: giver kun lunkent vand / løber tør efter to minutter / giver slet ikke varmt vand
da more: Gæsterne er ikke tilfredse. / Vi vasker hår i fitnesscentret nu.
da cause: varmelegemet var brændt af / blandeventilen hang halvt åben
da found: en død dyppekoger / et termostatisk armatur der ikke virkede
da part: et nyt varmelegeme
da tip: Sæt knappen på 60, og lad den være i fire timer
- brown
en label: the hot water tank with brown water
en far: the rusty taps
en does: gives brown water / sends rust out of the taps
en more: I can't wash white clothes in it. / It smells of metal as well.
en cause: the anode was used up and the tank had begun to rust / there was a lot of sludge at the bottom
en found: worn-out corrosion protection / a layer of mud at the base
en part: a new anode
en tip: Let the tap run for three minutes before you use the water
da label: varmtvandsbeholderen med brunt vand
da far: de rustne haner
da does: giver brunt vand / sender rust ud i hanerne
da more: Jeg kan ikke vaske hvidt tøj i det. / Det lugter også af metal.
da cause: anoden var brugt op, og beholderen var begyndt at ruste / der lå meget slam i bunden
da found: en opbrugt rustbeskyttelse / et lag mudder nederst
da part: en ny anode
da tip: Lad hanen løbe tre minutter, før I bruger vandet
= drain | the drain | afløbet | Unit D1, Unit D2 | DR
- blocked
en label: the blocked drain
en far: the water that won't run away
en does: is blocked / is completely stopped up / overflows as soon as anyone uses the sink
en more: We tried with boiling water and soda. / The plunger did nothing.
en cause: a lump of grease sat three metres in / tree roots had grown through a joint
en found: congealed fat down the line / a plant that had got into the sewer
en part: a new length of pipe
en tip: Use no water on that side until we have been there
da label: det stoppede afløb
da far: vandet der ikke vil væk
da does: er stoppet / er helt lukket til / løber over, så snart nogen bruger vasken
da more: Vi har prøvet med kogende vand og soda. / Svupperen gjorde ingen forskel.
da cause: der sad en fedtprop tre meter inde / rødder var vokset ind gennem en samling
da found: størknet madolie inde i ledningen / en plante der var kommet ind i kloakken
da part: et nyt stykke rør
da tip: Brug ikke vand i den side, før vi har været der
- stink
en label: the stinking drain
en far: the rotten egg air
en does: smells awful / stinks of sewage
en more: It is worst when it is windy. / We keep the door shut.
en cause: the water trap had dried out / the vent pipe was blocked by leaves
en found: a siphon with nothing in it / foliage in the air outlet on the roof
en part: a new water trap
en tip: Pour a litre of water and a spoonful of oil into it
da label: det ildelugtende afløb
da far: den rådne luft
da does: lugter forfærdeligt / stinker af kloak
da more: Det er værst, når det blæser. / Vi holder døren lukket.
da cause: vandlåsen var tørret ud / udluftningen var stoppet af blade
da found: en tom hævert / løv i luftrøret på taget
da part: en ny vandlås
da tip: Hæld en liter vand og en skefuld olie i det
`;
