"""What the wealth advisers and their clients text about.

A thread is a line a text: "<" they wrote, ">" we wrote, "+" at the beginning of the words stands for a picture or
document that came along, "~" is the next working day. Words in braces are filled in by `blanks.py`. In a group, "<2"
is written by the second of them.
"""

ENGLISH = (
    """
< Hi {me}, can you send the wire to the title company today? Closing date is {day}.
> Morning {name}. Yes: {amount} from the account ending {digits}. I need your spoken OK before the wire goes out.
< Call me after {time}, I'll be off the train
> Will do. Please have the title company's wiring instructions in front of you, and not the e-mailed ones.
~
> Wire released this morning, reference {ref}. Title company confirmed receipt.
< 🎉 thank you!! Keys on {day}
""",
    """
< {me} my new wiring instructions came by email, bank changed?? says use this one instead
> Please do NOT send anything. Changed wiring instructions by e-mail are the most common fraud at a closing.
< oh no. ok. haven't sent it
> Good. I'm calling the escrow officer on the number we have on file.
> Confirmed: their bank did not change. I've told our fraud desk, reference {ref}.
< You just saved us {amount} 😳
""",
    """
> Hi {name}, your quarterly review is coming up. Does {day} at {time} work?
< {day} is tough, could we do the day after?
> Of course. Same time?
< perfect 👍
~
> Reminder: review today at {time}, video link https://meet.quillbrook.example/{ref}
< joining now
""",
    """
< Did the refund of the advisory fee go through? I see nothing yet
> It was refunded on {day}: {amount} to the account ending {digits}. Banks can take three working days.
< ok will wait
~
< It's here. Thanks for sorting out the refunds so fast
""",
    """
< What's the RMD for mom this year?
> Her required minimum distribution is {amount}. We've scheduled it for {day}, withholding 10 % federal.
< Can we do 15% instead
> Yes, I'll send a form to sign: https://forms.quillbrook.example/w4r/{ref}
< signed ✅
> Received, thank you {name}.
""",
    """
< market is making me nervous. should we sell everything??
> I understand. Your plan has two years of spending in cash and short bonds, so nothing has to be sold now.
< I know you said that last time too 😅
> And it's still true. Want to walk through it {day} at {time}?
< yes please. bring the chart with the bucket things
""",
    """
< Can you guarantee the new fund makes 8% like the last one
> I can't guarantee any return, {name}, nobody can. I'll send you the prospectus and the range of outcomes.
< fair. send it over
> https://docs.quillbrook.example/prospectus/{ref}
""",
    """
> {name}, we still need a copy of your driver's license to finish the new account.
< +here you go
> Thanks, that's clear and readable. Account ending {digits} will be open by {day}.
< Great, when can I move the old 401k over?
> As soon as it's open. The rollover form is two pages, I'll fill in what I can.
""",
    """
< we're buying the lake house!!! 🏡🌲 closing date moved up to {day}
> Congratulations! How much do you need, and where should it go?
< {amount} for the down payment, escrow sent instructions
> I'll raise cash today so it settles in time. Expect a call at {time} to confirm the wire.
< You're the best
~
> Funds have settled. Wire goes out at {time} once we've spoken.
< confirmed by phone just now, go
> Sent. Reference {ref}.
""",
    """
< Please transfer {amount} to savings, account ending {digits}
> Will do. It'll be there {day}.
< thx
""",
    """
< Grandbaby arrived last night 👶🏽💕 7 lbs 4 oz
> Wonderful news, {name}! Congratulations to the whole family 👨‍👩‍👧‍👦
< how do we start a 529?
> Easy: I need the social security number once you have it, please by phone, never by text.
< got it
""",
    """
< Tax guy needs the 1099s
> They're posted: https://vault.quillbrook.example/tax/{ref}
< the consolidated one is missing page 3
> You're right, sorry. A corrected 1099 is on its way and will be up by {day}.
~
> Corrected form is posted. Same link.
< got it, he's happy
""",
    """
> Hi {name}, the invoice for planning services is {amount}, due {day}. A copy is in your portal.
< didn't I pay that already?
> Let me look.
> You did, on the {digits} account. My mistake, the second invoice is void.
< no worries, happens
""",
    """
< I got a voicemail from "your office" asking for my password??
> That wasn't us. We never ask for passwords. Did you call back?
< no
> Good. I've reported it. If they call again, hang up and text me here.
""",
    """
< +is this letter legit
> No. That's not from the IRS: they don't take gift cards, and the case number is made up.
< figured. thanks for looking so quickly
""",
    """
> Your beneficiary form needs a signature on page 2. Could you sign again? https://forms.quillbrook.example/b/{ref}
< done from my phone, hope that counts
> It does. All complete now.
""",
    """
< running 10 min late, traffic on the bridge 🚗🚗🚗
> No problem, take your time.
""",
    """
< {me}, who has power of attorney for dad's account now? My brother says he does
> I can only discuss that with the account holder or somebody who is named on it. Could your father call me?
< He can't really talk on the phone anymore
> I understand, I'm sorry. Please have your attorney send the document and we'll look at it the same day.
< ok. that's hard but I get it
""",
    """
< Can we move our meeting to {time}? dentist 🦷
> {time} it is. Good luck!
< thanks lol
""",
    """
< what's the password for the portal again
> I can't see passwords. Reset it here: https://vault.quillbrook.example/reset
< I'm in. where's the performance report
> Documents, then Reports, the one named {ref}.
""",
    """
< Bonus came in, {amount}. same split as last year?
> Same split: 60 % to the joint account, 40 % to retirement. OK to go ahead?
< yes go ahead
> Both trades are in. Confirmations follow by mail.
""",
    """
> {name}, a reminder that we're closed on {day}. For anything urgent about a wire or a trade call the desk.
< Thanks, enjoy the break
""",
    """
< unsubscribe me from the newsletter texts but not from you 🙂
> Done: no more newsletters. Reply STOP only if you want no texts from us at all.
< 👌
""",
    """
> Quillbrook: our market commentary is up, https://quillbrook.example/notes/{ref} Reply STOP to opt out.
< STOP
> You're unsubscribed and will get no more messages from this number. Reply START to resume.
""",
)

SPANISH = (
    """
< Buenos días {me}, ¿ya salió la transferencia para el cierre?
> Buenos días {name}. Sí, {amount} con la referencia {ref}. El notario ya confirmó.
< ¡Qué alivio! Firmamos el {day} a las {time}
> ¡Felicidades por la casa! 🏠
< Gracias por todo, de corazón ❤️
""",
    """
< ¿Me puede mandar el estado de cuenta? Es para el contador
> Claro: https://vault.quillbrook.example/es/{ref}
< No me deja entrar
> Le acabo de restablecer el acceso. Pruebe otra vez, por favor.
< Ahora sí 👍
""",
    """
> {name}, ¿le queda bien vernos el {day} a las {time}?
< Mejor por la tarde, por la mañana llevo a mi mamá al médico
> Perfecto, a las {time} entonces. Que todo salga bien con su mamá.
< Muy amable
""",
    """
< Todavía no veo el reembolso de {amount}
> Se envió el {day} a la cuenta terminada en {digits}. El banco puede tardar tres días hábiles.
~
< Ya llegó el reembolso, gracias
""",
    """
< Me llegó un mensaje raro pidiendo mi clave 😟
> No responda ni abra el enlace. Nosotros nunca pedimos claves por mensaje.
< +mire
> Es un fraude. Ya lo reporté, gracias por avisar.
""",
)

CHINESE = (
    """
< 您好,请问电汇今天能到吗?后天就要过户了
> {name}您好,{amount}已经汇出,参考号{ref}。到账后我马上告诉您。
< 好的,麻烦您了🙏
~
> 产权公司已确认收到电汇。
< 太好了,谢谢!
""",
    """
> {name}您好,季度回顾约在{day}{time}可以吗?
< 可以,线上还是去办公室?
> 线上就行,链接:https://meet.quillbrook.example/{ref}
< 收到👌
""",
    """
< 退款收到了吗?我这边还没看到
> 退款{amount}已于{day}退回尾号{digits}的账户,银行需要两三个工作日。
< 明白,再等等
""",
    """
< 我女儿考上大学了🎓😭
> 恭喜恭喜!529账户里的钱可以直接付学费,不用缴税。
< 怎么操作?
> 把学费单拍照发给我就好。
< +这张
> 收到,{day}之前付清。
""",
)

HEBREW = (
    """
< שלום, אפשר לקבוע פגישה ליום {day}?
> בטח {name}, בשעה {time} מתאים?
< מצוין, תודה רבה 🙏
""",
    """
< ההעברה הבנקאית על סך {amount} יצאה?
> כן, מספר אסמכתא {ref}. אעדכן כשיאשרו.
< תודה! שבת שלום
> שבת שלום 🕯️🕯️
""",
)

FRENCH = (
    """
< Bonjour {me}, le virement de {amount} est-il parti ?
> Bonjour {name}. Oui, référence {ref}. Il arrivera {day}.
< Parfait, merci beaucoup !
""",
    """
> Bonjour {name}, on se voit toujours {day} à {time} ?
< Oui, à bientôt 😊
""",
)

CODES = (
    "< Your Quillbrook Vault code is {pin}. It expires in 10 minutes. Never share it.",
    "< {pin} is your verification code for Docuvale Sign.",
    "< Harbor Title: your one-time passcode is {pin}",
)
SPAM = (
    "< FINAL NOTICE: your toll balance of {amount} is overdue. Pay now http://toll-pay.example/{ref}",
    "< Congrats!! You've been selected for a {amount} gift card 🎁 claim http://claim.example/{ref}",
    "< Hi, is this Jennifer? We met at the charity golf day 😊",
    "< Your parcel could not be delivered, confirm your address: http://parcel.example/{ref}",
)
ABROAD = (
    """
< Hello {me}, Rupert here from London. Any news on the sterling account?
> Hello Rupert. It opens on {day}, the wire from the estate can come after that.
< Splendid. {amount} then, once the solicitor has signed off.
""",
    """
< Landed at Heathrow, will ring you tomorrow about the estate. Cheers 🇬🇧
""",
)

GROUP = (
    """
> Hi both, the trust papers are ready. Would {day} at {time} work for signing at our office?
< Works for me!
<2 I'm in surgery until noon that day, any time after is fine
> Then let's say {time}. Please both bring a photo ID.
< 👍
<2 see you there. should mom come too?
> Yes please, she signs as a witness. Parking is validated.
~
< +all signed 🎉
<2 Thank you {me}, that was painless
""",
    """
< Adding my sister so that we're all on one thread. Dad's house sold, closing date is {day}
> Welcome, and congratulations to you both. The proceeds go to the estate account ending {digits} first.
<2 when can they be split?
> Once the executor releases them, usually within a week. I'll text here when the wire of {amount} is in.
~
> It's in. Reference {ref}.
<2 amazing thank you
< ❤️
""",
)

WEALTH: dict[str, tuple[str, ...]] = {
    "en": ENGLISH,
    "es": SPANISH,
    "zh": CHINESE,
    "he": HEBREW,
    "fr": FRENCH,
    "code": CODES,
    "spam": SPAM,
    "abroad": ABROAD,
    "group": GROUP,
}
