# الأصوات: الميكروفون، ومن يسمع، وكيف يُسمع الآخرون.

microphone-open = فتح الميكروفون
microphone-close = إغلاق الميكروفون
microphone-is-closed = الميكروفون مغلق
microphone-is-opening = جارٍ فتح الميكروفون…
microphone-is-open = الميكروفون مفتوح
microphone-waits = اضغطوا باستمرار على { $key } للتحدث
microphone-waits-no-key = اضغطوا باستمرار على المفتاح للتحدث
microphone-is-closed-by-moderator = الميكروفون مغلق من الإشراف
microphone-loudness = مستوى الصوت { $value }٪
microphone-shut-entered = أُغلق الميكروفون: أنتم في قاعة أخرى.
microphone-shut-reconnected = أُغلق الميكروفون: انقطع الاتصال.
microphone-shut-device = أُغلق الميكروفون: لم يعد الجهاز موجوداً أو تغيّر.
microphone-shut-headset = أُغلق الميكروفون: خُلعت النظارة.
microphone-shut-talk-began = أُغلق الميكروفون: تبدأ محادثة خاصة. افتحوه ليسمعكم من فيها.
microphone-shut-talk-ended = أُغلق الميكروفون: انتهت المحادثة الخاصة.
microphone-shut-refused = يبقى الميكروفون مغلقاً: أنتم في وضع المشاهدة فقط.
hearers-room = { $place }: { $count ->
    [0] لا أحد يسمعكم
    [zero] لا أحد يسمعكم
    [one] يسمعكم شخص واحد
    [two] يسمعكم شخصان
    [few] يسمعكم { $count } أشخاص
    [many] يسمعكم { $count } شخصاً
   *[other] يسمعكم { $count } شخص
}
hearers-table = عند { $place }: { $count ->
    [0] لا أحد يسمعكم
    [zero] لا أحد يسمعكم
    [one] يسمعكم شخص واحد
    [two] يسمعكم شخصان
    [few] يسمعكم { $count } أشخاص
    [many] يسمعكم { $count } شخصاً
   *[other] يسمعكم { $count } شخص
}
hearers-stage = على المنصة: { $count ->
    [0] لا أحد يسمعكم
    [zero] لا أحد يسمعكم
    [one] يسمعكم شخص واحد
    [two] يسمعكم شخصان
    [few] يسمعكم { $count } أشخاص
    [many] يسمعكم { $count } شخصاً
   *[other] يسمعكم { $count } شخص
}
hearers-booth = في المقصورة: { $count ->
    [0] لا أحد يسمعكم
    [zero] لا أحد يسمعكم
    [one] يسمعكم شخص واحد
    [two] يسمعكم شخصان
    [few] يسمعكم { $count } أشخاص
    [many] يسمعكم { $count } شخصاً
   *[other] يسمعكم { $count } شخص
}
would-hear-room = { $place }: { $count ->
    [0] لن يسمعكم أحد
    [zero] لن يسمعكم أحد
    [one] سيسمعكم شخص واحد
    [two] سيسمعكم شخصان
    [few] سيسمعكم { $count } أشخاص
    [many] سيسمعكم { $count } شخصاً
   *[other] سيسمعكم { $count } شخص
}
would-hear-table = عند { $place }: { $count ->
    [0] لن يسمعكم أحد
    [zero] لن يسمعكم أحد
    [one] سيسمعكم شخص واحد
    [two] سيسمعكم شخصان
    [few] سيسمعكم { $count } أشخاص
    [many] سيسمعكم { $count } شخصاً
   *[other] سيسمعكم { $count } شخص
}
would-hear-stage = على المنصة: { $count ->
    [0] لن يسمعكم أحد
    [zero] لن يسمعكم أحد
    [one] سيسمعكم شخص واحد
    [two] سيسمعكم شخصان
    [few] سيسمعكم { $count } أشخاص
    [many] سيسمعكم { $count } شخصاً
   *[other] سيسمعكم { $count } شخص
}
would-hear-booth = في المقصورة: { $count ->
    [0] لن يسمعكم أحد
    [zero] لن يسمعكم أحد
    [one] سيسمعكم شخص واحد
    [two] سيسمعكم شخصان
    [few] سيسمعكم { $count } أشخاص
    [many] سيسمعكم { $count } شخصاً
   *[other] سيسمعكم { $count } شخص
}
hearers-private = محادثة خاصة: { $names }
hearers-quiet = { $place }: لا يُتحدَّث هنا
settings-voices = الأصوات
settings-voice-volume = مستوى أصوات الآخرين
settings-voice-less = خفض الأصوات
settings-voice-more = رفع الأصوات
settings-loudspeakers = أستمع عبر مكبرات الصوت لا عبر السماعات
settings-microphone = الميكروفون
settings-input-default = الافتراضي في النظام
settings-input-gone = { $input } (غير موصول)
settings-push-to-talk = التحدث مع الضغط على المفتاح فقط
settings-echo = إزالة صدى مكبرات الصوت
settings-noise = تخفيف الضجيج المستمر
settings-gain = موازنة مستوى صوتي
microphone-try = تجربة الميكروفون
microphone-try-end = إنهاء التجربة
microphone-try-hint = تسمعون صوتكم عبر الخادم كما سيسمعه الآخرون. ولا يسمع هذه التجربة أحد غيركم.
problem-microphone-replaced = لا يمكن استخدام الميكروفون { $input } الآن. يسجّل الميكروفون الافتراضي للنظام، ويمكنكم اختيار غيره في الإعدادات.
problem-no-microphone = لا يمكن فتح أي ميكروفون. صِلوا ميكروفوناً واسمحوا لبرنامج VEV باستخدامه في إعدادات النظام.
person-volume = مستوى هذا الصوت
person-volume-less = خفض هذا الصوت
person-volume-more = رفع هذا الصوت
settings-room-sound = القاعات تُحدث صدى والجدران تكتم الصوت (بدون ذلك تكون الأصوات أوضح)
sound-check = فحص الصوت
sound-check-hint = يكون ميكروفونكم مغلقاً دائماً عند الدخول.
sound-check-listen = تشغيل صوت
sound-check-outside = يبيّن الشريط ما يلتقطه الميكروفون. وفي الداخل تسمعون أنفسكم أيضاً عن طريق الخادم.
voices-quality = كيف تصل الأصوات
voices-quality-nobody = لا تسمعون أحداً الآن.
voices-quality-line = { $name }: فُقد { $lost }٪، وعُوّض { $guessed }٪، والانتظار { $ms } مث
