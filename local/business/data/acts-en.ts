/** How a job is talked about in English, act by act (notation: see ../phrases.ts). */
export const actsEn = `
== report
c #report> Hi {agent}, {asset} {place} {does}. {more} / Hello, it's {first}. {Asset} {place} {does}. / Me again I'm afraid. {Asset} {place} {does}. {more} / Morning! {Asset} {place} {does} since this weekend.
a> Sorry to hear that, {first}. We'll get it sorted. / Thanks for telling us, {first}. Let me see who is free. / Oh no. Is it urgent or can it wait a couple of days?
?c> Would be great if it could be this week / The sooner the better / no panic but it's annoying
--
c #report> {Asset} {does}. / Something is wrong again: {asset} {does}. / New problem. {Asset} {does}. {more}
a> Which one is it? / Which one do you mean, you have a few of them? / Where is that, {first}?
c #where> The one {place} / {place} / That's {place}, sorry
?c> {more}
== code
a> Does {asset} show anything in the display? / Any error code on {asset} {place}? / Is there a number on the screen when {asset} does it?
c #code> {code} / It says {code} / yes, {code} / Display says {code}, then it goes blank
?a> Got it, thanks. / Thanks, that helps. / Good, then I know where to look.
--
c #code> By the way {asset} {place} shows error {code} now and then / The screen on {asset} says {code} when it happens, does that tell you anything? / forgot to say: error {code} in the display {place}
a> It does, thank you. I'll pass it on. / It helps. I've written it on the job.
== model
a> Could you send me the model and serial number of {asset} {place}? It's on the silver plate. / To bring the right parts I need what's on the type plate of {asset}, please. / Which model is {asset} {place}? It's on the type plate.
?c> Where is that? / have to move a shelf, hang on
c #model #serial> {make}, serial {serial} / {make} {serial} / It's a {make}. The serial number is {serial} I think, it's worn / photo attached. {make}, no. {serial}
a> Perfect. / Thanks, found it in the system. / Great, then we have what we need.
== advice
c> Can we do anything about {asset} in the meantime? / Is there anything I should do {place} until then? / ok to use {asset} until you come?
a #advice> {tip}. / Yes: {tip}. That usually keeps {asset} going until we come. / {tip}, please. And ring if {asset} gets worse.
c> Will do / Okay, thanks / did it, seems to help a bit
--
a #advice> Until we are there {place}: {tip}. / A small thing you can do with {asset} yourself now: {tip}.
c> Done / ok / Thanks, on it
== book
a #offer> We can be {place} {dateA} at {timeA} or {dateB} at {timeB}. / I have two openings for {asset}: {dateA} {timeA} or {dateB} {timeB}. Which one suits you? / For the visit {place} we could do {dateA} at {timeA}, or else {dateB} at {timeB}?
c #slot> {day} works / {day} please / {time} is perfect / ok {time} / Yes please, {day} suits us fine / {day} then
?a> Booked. / It's in the calendar. / Great, see you then.
--
c> When can you come and look at {asset}? / What's the earliest you can be {place}? / any chance of a time soon for {asset}
a #offer> The first opening for a visit {place} is {dateA} at {timeA}. After that {dateB} at {timeB}. / {dateA} {timeA} if you can make it, otherwise {dateB} {timeB}.
c #slot> Let's say {day} / I'll take {day} / the {time} one
a> Noted. / Super, we'll be there. / Done.
== move
c> Sorry, something has come up: {moveWhy}. Can we find another time for {asset} {place}? / I have to cancel the visit {place} on {day}, {moveWhy}. / bad timing {place}, {moveWhy}. other day?
a #slot2> No problem. Then we'll be {place} {date2} at {time2} instead. / Of course. {date2} {time2} is free, I've moved the visit for {asset} to that. / That's fine, {first}. The new time for {asset} {place} is {date2} at {time2}.
c> Lovely, thanks / 👍 / perfect
--
a> Hi {first}, we have to move the visit {place}, our technician is off sick. / I'm sorry, we can't make {day}: the van has broken down. / Hi {first}. We're behind this week, so {day} won't work for {asset} after all.
a #slot2> Could we move it to {date2} at {time2} instead? / The next we have for {asset} {place} is {date2} at {time2}, would that do?
c> Fine / That's ok / not ideal but ok
== cause visit
t #tech #cause> Hi {first}, {tech} here. I've looked at {asset} {place}: {cause}. / {tech} from the workshop, about {asset}. Found what was wrong: {cause}. / Hi, {tech} here, I'm {place} now. The reason is simple: {cause}.
?c> I see / Aha. And now? / can it be fixed
?t> Yes, but not with what I have in the van. / It can, I need {part} for it. / Of course. I'll write the price for {part} in a moment.
--
t #tech> Hi {first}, it's {tech}, I've come to look at {asset}. I'm at the door. / {tech} here, the technician for {asset}. I'll be {place} in ten minutes.
c> coming / Door is open / I'm on my way down
t #cause> All right, now I know what is wrong with {asset}: {cause}. / Short version: {cause}. / The cause of the trouble {place}: {cause}.
== price
t #price> {Part} {place} will be {price} fitted, everything included. / {Part} including labour and travel comes to {price}. Shall I go ahead? / To put {asset} right costs {price} with {part}. OK with you?
c #yes> Yes, go ahead / ok do it / That's fine / Fine by me, please order it
--
c> What is {thePart} going to cost me? / How bad is it? / price for {asset}?
a #price> I've worked out the price {place}, {first}: {price} including VAT. / With {part} it comes to {price} all in. / It's {price} for {asset} {place}, incl. VAT and travel.
c #yes> ok / Reasonable. Please go ahead / Sigh. Yes, do it
== haggle
t #oldPrice> {Part} with fitting {place} would be {oldPrice}. / My estimate for {asset} {place} is {oldPrice}. / The repair with {part} comes to {oldPrice}, I'm afraid.
c> That's more than I expected. Anything you can do? / Hmm, that's a lot. We're good customers after all… / ouch. can you do better
a> Let me talk to Jonas. / I'll see what I can do. / Give me an hour.
a #price> We can do {thePart} for {price}. That replaces the first figure. / Good news: {price}, because the supplier gives us a better deal on {part}. / OK, final price for {asset} {place} is {price}, all in.
c #yes> Thanks, that's a deal / ok good / Better! Go ahead
--
t #oldPrice> It will be {oldPrice} for {part}, fitted. / {oldPrice} in all for {asset} {place}, that's part and labour.
c> ok
a #price> Correction from the office: the part has become cheaper, so {thePart} is {price} and not what you were told. / Hi {first}, the wrong line in the price list was used. The correct price for {asset} {place} is {price}.
c #yes> Good news for once / ok then / thanks for being upfront
== part
a #eta> {Part} is ordered and should be here {etaDate}. / The supplier says {etaDate} for {part}. / We expect {thePart} {etaDate}, then it goes straight in {place}.
c> Thanks / ok keep me posted / Good
--
c> Any news about the part for {asset}? / has {thePart} arrived / When do you expect the part for {asset} {place}?
a #eta> It's promised for {etaDate}. / They say {etaDate} for {thePart}. / {ThePart} should be with us {etaDate}.
== delay
a #eta2> Bad news: the delivery of {thePart} has slipped to {eta2Date}. / The supplier has just written that {thePart} will be {eta2Date} instead. / The part for {asset} {place} is stuck in customs, new date is {eta2Date}.
c> That's a pity / hmm ok / We can wait, no problem / Again?!
?a> I know, I'm sorry. I've asked them to hurry. / We'll fit it the day after it lands.
== done eta
t #done> {Asset} {place} is running again with {part}. {Extra}. / All done {place}. {Extra}. / Finished {asset}. {Extra}, no charge for that.
c> Brilliant, thank you / Thanks! / great 🙏 / What a difference
?a> Glad to hear it. / Have a nice day! / Thank you, {first}.
--
c> Just got home. Were you here? / did {asset} get done?
t #done> Yes, {thePart} is in and it works. {Extra}. / It's done {place}. {Extra} while I was there.
c> Super / Perfect, thanks / thx
== warranty after
c> How long is there a guarantee on {thePart}? / Is {asset} covered if it happens again? / Quick question, what about the warranty on {thePart}?
a #warranty> {Years} on {thePart}, counted from the day it was fitted {place}. / You have {years} on {thePart}, and one year on the work. / The manufacturer gives {years} of warranty on {thePart}.
c> Good to know / ok thanks / Noted
--
a #warranty> For your files: the warranty on {thePart} {place} runs for {years}. / Remember that {thePart} has {years} of warranty, keep the slip.
c> Thanks, will do / Filed
== bill after
a #invoice> Invoice {invoice} for {asset} {place} is on its way, due {dueDate}. / I've sent you invoice {invoice} for {thePart}. It is due {dueDate}.
?c> Received / thanks
--
c> I haven't seen an invoice for {asset} {place} yet? / did you send the bill for {thePart}
a #invoice> It went out yesterday, number {invoice}, due {dueDate}. / It's invoice {invoice}, I'll send it again. Due {dueDate}.
c> Got it / found it in spam
== laterbill
c> Could we pay {invoice} a bit later? {payWhy}. / {payWhy}, so we'd like to postpone {invoice}. Is that possible?
a #due2> No problem, I've moved the due date of {invoice} to {newDueDate}. / Of course. New date is {newDueDate}, without fees. / That's all right. You have until {newDueDate} to pay {invoice}.
c> Thank you, that helps / Much appreciated / 👍
== complain after
c #complaint> I'm not quite happy with the last visit {place}: {wrong}. / Sorry to moan, but {wrong} when you fixed {asset}. / Not impressed {place}. {Wrong}.
a> That's not how we want it. What would make it right? / I apologise, {first}. That should not happen. / I'm really sorry. Let me make up for it.
a #comp> I'm taking {comp} off the bill for {asset}. / We'll deduct {comp} for the trouble {place}. / You get {comp} back, it's already credited.
c> Fair enough, thank you / That's decent of you / Ok. Thanks for listening
== loaner
c> We can't do without {asset} that long. Do you have something we can borrow? / Is there a replacement we could use {place} in the meantime?
a #loaner> We can lend you {loaner} at no cost until {asset} is back. / {Loaner} can be yours for the time being, we'll bring it along. / Yes, you can have {loaner} from tomorrow.
c> You're lifesavers / Perfect / That would be amazing, yes
== cheer
c> Nice weather for once! / Have a good weekend / How are things with you lot? Busy?
a> Always busy, but we don't complain 😊 / You too! / Thanks, same to you.
--
c> Thanks for last time by the way / All good here btw, just saying hi
a> That's nice to hear! / We like those messages best.
== notePay
n #notePay> {first} pays late, usually {lateDays} days. Has {debt} outstanding right now, talk to Jonas before new parts are ordered. / Internal: {debt} unpaid as of today, {lateDays} days late. No new jobs on credit.
== noteMargin
n #noteMargin> Cost price for the job {place} is {cost}. Don't go below it. / We get {thePart} for {cost}, so there is room if {first} haggles.
== noteMood
n #noteMood> Jonas thinks {asset} {place} should be replaced soon, but wait with saying so until the budget meeting. / We suspect someone has opened {asset} {place} before us. Screws missing. Not said to {first}.
`;
