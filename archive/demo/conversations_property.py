"""What the property managers, their tenants and their tradespeople text about. Written as in
`conversations_wealth.py`.

"!" before a thread says that it begins in the evening, as leaks do.
"""

ENGLISH = (
    """
!
< Water is coming through the bathroom ceiling in unit {unit}!!! 💦
< +see
> That's bad, sorry {name}. Please put a bucket under it and keep away from the light switch.
> Plumber is on the way, about 40 minutes. Can somebody let him in?
< yes I'm home
~
> Morning. The leak came from a supply line upstairs, it's replaced. The ceiling gets painted on {day}.
< thank you for answering so late 🙏
""",
    """
< No heat again in {unit}. It's 15 degrees in here 🥶
> Sorry {name}! I'm sending the boiler technician, he can be there at {time}.
< ok I'll work from home then
> He says the thermostat died. New one is in, can you check?
< Warming up, thanks
""",
    """
> Hi {name}, your lease at {street} ends in 90 days. Would you like to renew? The new rent would be {amount}.
< That's quite a bit more than now
> It follows the provincial guideline. I can send the calculation.
< please do
> https://tamarackrow.example/leases/{ref}
~
< Ok we'd like to stay. Where do I sign
> Wonderful! Link is in your e-mail, please sign by {day}.
""",
    """
< Is the 2 bedroom on {street} still available? 🏢
> It is! Viewing on {day} at {time}?
< Works. Are cats ok 🐈
> Cats are welcome. Please bring photo ID and proof of income.
< see you there
""",
    """
< rent sent by e-transfer, {amount}
> Received, thank you {name}. Receipt {ref}.
""",
    """
> Hi {name}, we haven't received the rent for this month ({amount}). Is everything OK?
< I get paid {day}, can I pay then? So sorry
> That's fine, I'll note it. No late fee this time.
< thank you so much 😭
~
< sent!
> Got it. All settled.
""",
    """
< My deposit refund hasn't arrived and I moved out three weeks ago
> Let me check, {name}. The refund of {amount} went out by cheque to your old address.
< of course it did 🙄 new address is on the form I gave you
> My apologies. We've cancelled the cheque and will send the refund by e-transfer today.
~
< arrived, cheers
""",
    """
< the elevator is stuck between 4 and 5 and I'm in it
> We have the alarm. Are you alright? The technician is 10 minutes away.
< yes fine just bored
> He's in the machine room now.
< out! 🙌
""",
    """
> Notice: water will be shut off at {street} on {day} from {time} for about two hours, to repair a valve.
< Is the hot water affected too?
> Yes, both. Please fill a kettle before.
< thx for the heads up
""",
    """
< somebody parked in my spot AGAIN
< +plate is on the photo
> Thanks, I'll have it ticketed. If they're still there at {time}, it gets towed.
< gone now
""",
    """
< Package room code doesn't work
> It changed today, the new one is {pin}. Please don't share it.
< 👍 works
""",
    """
> {name}, can you quote a new water heater for {street}, unit {unit}?
< can look at it {day}. ballpark {amount} installed
> Sounds right. Send the invoice to the office with PO {ref}.
~
< done, 50 gal, permit posted. invoice is on its way
> Paid by direct deposit on {day}. Nice work!
""",
    """
< Invoice {ref} for {amount} is 30 days over. can you check
> I see it: it was waiting for a second signature. Payment goes out {day}.
< appreciated
""",
    """
< the people above are having another party. its 11pm 😤
> Sorry {name}. Security is going up now.
< quiet now. thank you
> They got a written warning. Text me if it happens again.
""",
    """
< What day is recycling? ♻️
> {day} morning, blue bins out the night before.
< ta
""",
    """
> Your move-in is {day} at {time}. The elevator is booked for you. Keys at the front office.
< so excited!!! 📦📦🛋️
> Welcome to {street}! The building guide: https://tamarackrow.example/welcome
< is there a gym 🏋️‍♀️
> There is, second floor, open from 6.
""",
    """
< smoke detector chirping every minute, losing my mind
> Low battery. Maintenance will swap it at {time} today.
< bless you
""",
    """
< I found mouse droppings under the sink in {unit}
> Thank you for telling us. Pest control comes {day} at {time}, please empty the cupboard.
< will do. 🐭 not my favourite roommate
~
> How did it go?
< they sealed the hole behind the stove, nothing since
""",
    """
< Hi, I'm writing about accessibility: the ramp at {street} is icy every morning ♿
> That must not be. It gets salted before 6 from tomorrow on, and I've told the contractor why.
~
< dry this morning. thanks for taking it seriously
""",
    """
< Can I paint the kitchen? Nothing wild, a soft yellow
> Yes, if it goes back to white when you leave. I'll put that in your file, {ref}.
< 🎨 deal
""",
    """
< dryer #3 took my money and did nothing
> Sorry! Refund of $3.50 is at the front office, and a technician looks at it {day}.
< lol thanks for refunding my 3.50
""",
    """
> Tamarack Row: the residents' barbecue is {day} at {time} 🍔🌭🥗 Reply STOP for no more of these.
< stop
> You will get no more texts from this number. Reply START to get them again.
""",
    """
> Fire alarm test at {street} on {day} at {time}. No need to leave the building.
< my dog will hate this 🐕
> About five minutes in all. Give him a treat from us.
""",
)

FRENCH = (
    """
< Bonjour, il y a une fuite d'eau sous l'évier de la cuisine, appartement {unit}
> Bonjour {name}. Le plombier passe aujourd'hui à {time}. Fermez la valve sous l'évier en attendant.
< C'est fait, merci
~
> Est-ce que tout est réparé ?
< Oui, plus de fuite ! 👌
""",
    """
< Le chauffage ne fonctionne plus, il fait 14 degrés ❄️
> Désolé {name}, le technicien arrive vers {time}.
< Parfait, je suis là
> Il a changé la pompe. Ça chauffe ?
< Oui ! Merci beaucoup
""",
    """
> Bonjour {name}, votre bail se termine bientôt. Souhaitez-vous le renouveler ? Le loyer passerait à {amount}.
< Oui, on aimerait rester
> Très bien. Le document : https://tamarackrow.example/fr/{ref}
< Signé ✍️
""",
    """
< L'appartement de la {street} est-il encore libre ?
> Oui ! Une visite {day} à {time} ?
< Très bien, à {day}
""",
    """
< Je n'ai pas reçu le remboursement de mon dépôt
> Le remboursement de {amount} est parti {day}, référence {ref}.
~
< Bien reçu, merci
""",
    """
< +voici la facture pour la toiture, {amount}
> Reçue, elle sera payée {day}. Beau travail 👏
""",
    """
> Avis : coupure d'eau {day} à {time}, environ deux heures.
< Encore ? 😩
> La dernière, promis.
""",
)

CHINESE = (
    """
!
< 你好,{unit}室天花板漏水了!很严重
< +你看
> 收到,请先把电闸关掉,水管工四十分钟内到。
< 好的,我在家等
~
> 早上好,漏水的水管已经换好了,{day}来补天花板。
< 辛苦了,谢谢🙏
""",
    """
< 厨房水管漏水,地板都湿了💧
> {name}您好,师傅{time}到,麻烦先关总阀。
< 关了
> 修好了吗?
< 修好了,不漏了
""",
    """
< 请问房租{amount}收到了吗?
> 收到了,收据号{ref}。
< 谢谢
""",
    """
< 押金退款什么时候能到?
> 退款{amount}已于{day}转出。
~
< 收到退款了👍
""",
    """
> {name}您好,租约快到期了,您想续租吗?
< 想续,租金会涨吗?
> 按省里的标准,涨到{amount}。
< 可以接受,什么时候签?
> {day}{time}来办公室,或者线上签:https://tamarackrow.example/zh/{ref}
""",
    """
< 暖气坏了,家里有老人,能快点吗😣
> 马上安排,技师{time}到。
< 太感谢了
""",
)

ARABIC = (
    """
< مرحبا، يوجد تسرب ماء في الشقة {unit}
> مرحبا {name}، السبّاك سيصل الساعة {time}. الرجاء إغلاق المحبس.
< تم، شكرا جزيلا 🌹
""",
    """
< هل وصل الإيجار {amount}؟
> نعم وصل، رقم الإيصال {ref}.
< شكرا
""",
    """
> تذكير: موعد الصيانة يوم {day} الساعة {time}.
< ممتاز، سأكون في البيت
""",
)

SPANISH = (
    """
< Hola, se está saliendo el agua del lavaplatos en el {unit}
> Hola {name}, el técnico llega a las {time}.
< Gracias 🙏
""",
    """
< ¿Ya recibieron la renta? Mandé {amount}
> Sí, recibida. Recibo {ref}.
""",
)

CODES = (
    "< Lockhive: {pin} is the door code for contractor access, valid today only.",
    "< Your Tamarack Row resident login code: {pin}",
    "< Votre code de connexion est {pin}. Ne le partagez pas.",
)
SPAM = (
    "< We buy houses CASH 💰 any condition, reply YES",
    "< Canada Parcel: customs fee of {amount} due, pay http://parcel-fee.example/{ref}",
    "< Earn {amount} a day from home!!! no experience http://jobs.example/{ref}",
)
ABROAD = (
    """
< Hello, I'm moving over from London in spring. Is the flat on {street} still to let?
> Hello Rupert! It is. A video viewing {day} at {time}, Toronto time?
< Brilliant, that's teatime here ☕
""",
)

GROUP = (
    """
> Hi all, the roof work at {street} starts {day} at {time}. Please keep balcony doors closed, it gets dusty.
<2 how long will it take?
> Three days if the weather holds.
< ok. the cat won't like it 🐈
<3 Will there be parking?
> Not in the front row, sorry. The lot behind the building stays open.
<2 +is this tarp supposed to be hanging like that
> No! Thank you, I'm calling the foreman now.
~
> All done and cleaned up. Thanks for your patience, everybody.
<3 looks great
""",
    """
< our heating is uneven again, +1 from the neighbours, putting them on here
<2 Yes, 17 degrees in my bedroom 🥶
<3 mine is tropical lol
> Thanks for telling us together, it points to the riser. The technician comes {day} at {time}, to all three units.
< I'll be home
<2 key is with the front office
<3 same
""",
)

PROPERTY: dict[str, tuple[str, ...]] = {
    "en": ENGLISH,
    "fr": FRENCH,
    "zh": CHINESE,
    "ar": ARABIC,
    "es": SPANISH,
    "code": CODES,
    "spam": SPAM,
    "abroad": ABROAD,
    "group": GROUP,
}
