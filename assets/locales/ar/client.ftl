# البرنامج باللغة العربية.

product-name = VEV
product-line = مكان اجتماعاتكم أينما كنتم.

start-last = آخر مكان قمتم بزيارته
start-enter = دخول
start-link = دعوتكم
start-link-hint = ألصقوا الرابط أو اكتبوا الرمز
start-enter-venue = الدخول إلى المكان
start-clear = مسح
start-host = استضافة مكان على هذا الحاسوب
start-host-note = يشغّل خادماً هنا ويدخل إليه
start-host-back = العودة إلى المكان على هذا الحاسوب
start-host-back-note = ما زال مفتوحاً
host-name = المضيف
host-guest = ضيف { $number }
start-privacy = يحتفظ منظّم الفعالية باسمكم ووفدكم ووقت حضوركم ومغادرتكم والرسائل التي ترسلونها. ولا تُحفظ التحركات أبداً.
start-privacy-read = إشعار الخصوصية
start-quit = إنهاء
start-version = الإصدار { $version }

wait-hosting = جارٍ فتح مكان على هذا الحاسوب…
wait-connecting = جارٍ الاتصال بالخادم { $value }…
wait-joining = يتحقق الخادم { $value } من دعوتكم…
wait-loading = جارٍ تحميل المكان: { $value } ميغابايت
wait-lost = انقطع الاتصال
wait-ended = لا يمكنكم الدخول الآن
wait-retry-in = { $seconds ->
    [zero] تبدأ المحاولة التالية الآن.
    [one] تبدأ المحاولة التالية بعد ثانية واحدة.
    [two] تبدأ المحاولة التالية بعد ثانيتين.
    [few] تبدأ المحاولة التالية بعد { $seconds } ثوانٍ.
    [many] تبدأ المحاولة التالية بعد { $seconds } ثانية.
   *[other] تبدأ المحاولة التالية بعد { $seconds } ثانية.
}
wait-retrying = جارٍ إعادة المحاولة…
retry-now = إعادة المحاولة الآن
retry = إعادة المحاولة
continue-here = المتابعة هنا
go-on = أكّده المنظّم: المتابعة
to-start = العودة إلى صفحة البداية
cancel = إلغاء
back = رجوع
close = إغلاق

hud-others = { $count ->
    [zero] لا يوجد أحد غيركم هنا
    [one] يوجد شخص آخر هنا
    [two] يوجد شخصان آخران هنا
    [few] يوجد { $count } أشخاص آخرين هنا
    [many] يوجد { $count } شخصاً آخر هنا
   *[other] يوجد { $count } شخص آخر هنا
}
hud-unread = { $count ->
    [zero] لا رسائل جديدة
    [one] رسالة جديدة واحدة
    [two] رسالتان جديدتان
    [few] { $count } رسائل جديدة
    [many] { $count } رسالة جديدة
   *[other] { $count } رسالة جديدة
}
hud-menu = { $key }: القائمة
hud-text = { $key }: الكتابة
hud-help = { $key }: المساعدة
hud-stand = { $key }: الوقوف
hud-sit = { $key }: الجلوس
hud-door = الباب: { $room }
hud-door-shut = الباب: { $room } (غير مسموح بالدخول)

notice-put-back = لا يمكن الوقوف هناك، فأُعدتم إلى مكانكم.
notice-observing = جميع أماكن المتحدثين مشغولة. تشاركون بصفة مراقب إلى أن يتاح أحدها.
notice-reconnected = عاد الاتصال.
notice-arrived = دخل { $name }.
notice-departed = غادر { $name }.
notice-overlay = تظهر الأرضية والعلامات الآن.
notice-overlay-key = تظهر الأرضية والعلامات الآن. صوّبوا نحو علامة أو نحو الأرضية واضغطوا { $key } لنسخها نصاً.
notice-copied = نُسخ: { $entry }
notice-nothing-to-copy = لا شيء هنا يمكن نسخه. صوّبوا نحو علامة أو نحو الأرضية.
notice-venue-renewed = جرى تحديث المكان.
notice-venue-note = لم تُعتمد الحالة الجديدة للمكان: { $words }

menu = القائمة
people = المشاركون
texts = الرسائل
rooms = القاعات
settings = الإعدادات
help = المساعدة
leave = المغادرة
stand-up = الوقوف

person = { $name } ({ $delegation })
people-count = { $count ->
    [zero] لا مشاركين في الفعالية
    [one] مشارك واحد في الفعالية
    [two] مشاركان في الفعالية
    [few] { $count } مشاركين في الفعالية
    [many] { $count } مشاركاً في الفعالية
   *[other] { $count } مشارك في الفعالية
}
people-you = أنتم
kind-observer = مراقب
kind-interpreter = مترجم شفوي
kind-kiosk = كشك تفاعلي في المكان
kind-robot = روبوت في المكان
kind-service = خدمة
role-chair = الرئاسة
role-moderator = الإشراف
role-organiser = التنظيم

texts-room = هذه القاعة
texts-somebody = مشارك غادر
texts-unread = { $name } · { $count }
texts-none-room = لم يكتب أحد في هذه القاعة بعد.
texts-none-person = لم تتبادلوا أي رسائل بعد.
texts-elsewhere = يمكنكم الكتابة إلى هذه القاعة مجدداً عندما تكونون فيها.
texts-write-room = اكتبوا إلى جميع من في القاعة
texts-write-person = اكتبوا إلى { $name }
texts-send = إرسال
texts-live = النص في الوقت الفعلي
texts-live-note = يرى الآخرون كل حرف أثناء كتابته إلى أن ترسلوا الرسالة أو توقفوا هذا الخيار.
texts-live-head = { $name } يكتب الآن
caption = { $name }: { $words }
texts-left = { $count ->
    [zero] لم يبق أي حرف
    [one] بقي حرف واحد
    [two] بقي حرفان
    [few] بقيت { $count } أحرف
    [many] بقي { $count } حرفاً
   *[other] بقي { $count } حرف
}
text-sending = جارٍ الإرسال…
text-stored = أُرسلت
text-failed = لم تُرسل
text-failed-not-connected = لم يكن هناك اتصال. أعيدوا المحاولة عند عودته.
text-failed-not-stored = تعذر على الخادم حفظ الرسالة. أعيدوا المحاولة، وأبلغوا المنظّم إن لم ينجح ذلك.
text-failed-rate-limited = رسائل كثيرة في وقت قصير. انتظروا قليلاً ثم أعيدوا المحاولة.
text-failed-person-gone = غادر هذا المشارك الفعالية.
text-failed-room-left = غادرتم القاعة الموجهة إليها هذه الرسالة. عودوا إلى تلك القاعة ثم أعيدوا المحاولة.
text-failed-not-accepted = الرسالة أطول مما ينبغي أو تحتوي على رموز لا يمكن إرسالها.

rooms-line = اختاروا قاعة للانتقال إليها فوراً. يبقى اسمكم وإعداداتكم معكم.
rooms-people = { $count ->
    [zero] لا أحد هناك
    [one] شخص واحد
    [two] شخصان
    [few] { $count } أشخاص
    [many] { $count } شخصاً
   *[other] { $count } شخص
}
rooms-here = أنتم هنا
rooms-go = الانتقال
rooms-closed = غير متاحة لكم
map = المخطط
map-line = اختاروا قاعة أو مقعداً لتصلوا إليه فوراً.
map-spoken = مخطط المكان؛ وتتضمن القائمة المجاورة المعلومات نفسها.
map-sit = الجلوس هنا
map-seats = { $count ->
    [zero] لا مقاعد خالية هنا
    [one] مقعد واحد خالٍ هنا
    [two] مقعدان خاليان هنا
    [few] { $count } مقاعد خالية هنا
    [many] { $count } مقعداً خالياً هنا
   *[other] { $count } مقعد خالٍ هنا
}
around = حولي
around-seat = مقعد خالٍ
around-seat-named = مقعد خالٍ { $label }
around-screen = الشاشة: { $name }
around-way = { $metres ->
    [zero] { $way }، بجانبكم
    [one] { $way }، متر واحد
    [two] { $way }، متران
    [few] { $way }، { $metres } أمتار
    [many] { $way }، { $metres } متراً
   *[other] { $way }، { $metres } متر
}
way-ahead = إلى الأمام
way-ahead-right = إلى الأمام يميناً
way-right = إلى اليمين
way-behind-right = إلى الخلف يميناً
way-behind = إلى الخلف
way-behind-left = إلى الخلف يساراً
way-left = إلى اليسار
way-ahead-left = إلى الأمام يساراً
here-room = أنتم في: { $room }.
here-alone = لا أحد بالقرب منكم.
here-company = بالقرب منكم: { $names }.
here-facing = أمامكم: { $thing }.
list-joint = { "، " }
people-search = البحث بالاسم أو الوفد أو القاعة
people-sort-near = هذه القاعة أولاً
people-sort-name = حسب الاسم
people-sort-delegation = حسب الوفد
people-none = لم يُعثر على أحد.
people-go = الانتقال إلى هناك
announce-text = { $name }: { $text }
invite = دعوة آخرين
invite-line = أنتم تستضيفون هذا المكان. كل رابط لشخص واحد في شبكتكم: انسخوه وأرسلوه.
invite-copy = نسخ الرابط
invite-copied = نُسخ

settings-reading = اللغة والقراءة
settings-comfort = الراحة
settings-controls = التحكم
settings-graphics = الرسوميات
settings-privacy = الخصوصية
settings-field-of-view = مجال الرؤية
settings-degrees = { $degrees }°
settings-forget = نسيان المكان الأخير
settings-forget-note = لا يُعرض بعد ذلك في صفحة البداية، وتُحذف دعوتكم من هذا الحاسوب. ستحتاجون إلى الرابط للدخول من جديد.
settings-forgotten = لم يعد المكان الأخير معروضاً على هذا الحاسوب.
settings-language = اللغة
settings-text-size = حجم النص
settings-contrast = التباين
settings-contrast-normal = عادي
settings-contrast-high = مرتفع
settings-turning = الدوران
settings-turning-snap = { $degrees } درجة في كل مرة
settings-turning-smooth = سلس
settings-mouse = سرعة النظر بالفأرة
settings-mouse-slower = أبطأ
settings-mouse-faster = أسرع
settings-picture = الصورة
settings-picture-standard = قياسية
settings-picture-low = مخفّضة للأجهزة الضعيفة
settings-picture-note = تتغير الصورة فوراً. أما بطاقة الرسوميات فلا تتغير إلا عند تشغيل VEV في المرة القادمة.
settings-resolution = حدة الصورة
settings-detail = دقة تفاصيل المكان
settings-times = أزمنة كل صورة
settings-times-hidden = مخفية
settings-times-shown = ظاهرة
times-pictures = عدد الصور في الثانية: { $rate }، والحجم { $width } × { $height }
times-processor = المعالج: { $ms } مللي ثانية
times-graphics = الرسوميات: { $ms } مللي ثانية، منها المشهد { $world } والشاشة { $screen }
times-graphics-unknown = الرسوميات: هذا الجهاز لا يقيس الزمن
settings-audio = الصوت
settings-sounds = تشغيل أصوات للرسائل والإشعارات
settings-volume = مستوى الصوت
settings-volume-less = أخفض
settings-volume-more = أعلى
settings-sound-kinds = الأصوات التنبيهية
settings-sound-to-me = الرسائل الموجهة إليّ
settings-sound-to-room = الرسائل في القاعة
settings-sound-order = طلبات الحضور والإعلانات وإجراءات الإشراف
settings-sound-hands = رفع الأيدي وخفضها
settings-sound-connection = انقطاع الاتصال وعودته
settings-sound-sample = استماع: { $sound }
settings-output = مخرج الصوت
settings-output-default = المخرج الافتراضي للنظام
settings-output-gone = { $output } (غير موصول)
settings-mono = صوت أحادي: الصوت نفسه في الأذنين
settings-headset = نظّارة الواقع الافتراضي
settings-vignette = تضييق مجال الرؤية أثناء الحركة
settings-vignette-off = متوقّف
settings-vignette-weak = ضعيف
settings-vignette-medium = متوسّط
settings-vignette-strong = قوي
settings-vignette-speed = ابتداءً من هذه السرعة، متر في الثانية
settings-vignette-turn = ابتداءً من سرعة الدوران هذه، درجة في الثانية
settings-vignette-earlier = أبكر
settings-vignette-later = أكثر تأخّراً
settings-height = طريقة استعمالكم للنظّارة
settings-height-standing = وقوفاً
settings-height-seated = جلوساً
settings-hand = اليد التي تشيرون بها
settings-hand-left = اليسرى
settings-hand-right = اليمنى
settings-hands-both = استعمال اليدين
settings-hands-one = استعمال هذه اليد وحدها
settings-stick = عند دفع العصا إلى الأمام
settings-stick-jump = تصويب القفزة
settings-stick-walk = المشي، ويصوّب الزناد القفزة
settings-height-note = ضعوا النظّارة وانظروا إلى الأمام، ثم:
settings-height-measure = قياس طولي
settings-jump-fade = عند القفز
settings-jump-fade-dark = ظلام للحظة
settings-jump-fade-none = بلا ظلام
settings-refresh = عدد الصور في الثانية
settings-refresh-auto = تلقائي
settings-refresh-hertz = { $rate } هرتز
settings-refresh-one = للنظّارة معدّل واحد: { $rate } هرتز.
settings-refresh-fixed = برنامج النظّارة هو الذي يختار عدد الصور.
settings-mirror = نافذة بجانب النظّارة
settings-mirror-shown = ما تراه العين اليسرى
settings-mirror-none = بلا نافذة
settings-eyes = طريقة رسم العينين
settings-eyes-auto = تلقائي
settings-eyes-at-once = العينان معاً
settings-eyes-apart = عين بعد الأخرى
settings-eyes-note = يسري التغيير عند تشغيل VEV في المرة القادمة. لا تغيّروا الطريقة إلا إذا نقص شيء أمام إحدى العينين.
settings-panorama = الصور البانورامية حول القاعات
settings-panorama-auto = تلقائي
settings-panorama-in-picture = تُرسم مع المكان
settings-panorama-note = لا تغيّروا الطريقة إلا إذا غابت صورة بانورامية أو دارت مع رأسكم.
settings-buttons = أزرار وحدتي التحكم
settings-buttons-note = لتغيير زر، اضغطوا على سطره ثم على الزر الجديد في وحدة التحكم.
settings-buttons-press = اضغطوا على زر…
settings-buttons-none = لا زر
settings-buttons-refused = هذا آخر زر للقائمة. خصّصوا للقائمة زراً آخر أولاً.
settings-buttons-reset = إعادة كل الأزرار إلى الأصل
button-lower = الزر السفلي (A أو X)
button-upper = الزر العلوي (B أو Y)
button-stick = عصا التحكم مضغوطة
button-menu = زر القائمة
button-squeeze = ضغط وحدة التحكم
deed-mute = الميكروفون
deed-recenter = النظر إلى الأمام من هنا، ومع الضغط المطوّل: المكان الآمن
recenter = النظر إلى الأمام من هنا
notice-height-measured = تم قياس طولكم.
notice-height-failed = تعذّر قياس طولكم. ضعوا النظّارة وانظروا إلى الأمام.
notice-microphone-closed = أغلق الإشراف الميكروفون، ولا يمكن لغيره إعادته.
settings-keyboard = لوحة المفاتيح على الشاشة
settings-keyboard-headset = مع نظّارة الواقع الافتراضي فقط
settings-keyboard-always = دائماً أثناء الكتابة
settings-keyboard-note = فيها حروف ست لغات. تُكتب الصينية بنظام بينيين ولا تُعرض إلا الرموز الشائعة.
settings-keys-note = لتغيير مفتاح، اضغطوا على سطره ثم على المفتاح الجديد.
settings-keys-press = اضغطوا على مفتاح…
settings-keys-none = بلا مفتاح
settings-keys-taken = { $key } مستخدم بالفعل من أجل: { $deed }.
settings-keys-refused = لا يمكن استخدام هذا المفتاح هنا. اضغطوا على مفتاح آخر، أو على Esc لإبقائه كما هو.
settings-keys-take = استخدامه هنا
settings-keys-reset = المفتاح الأصلي
settings-keys-reset-all = إعادة كل المفاتيح إلى الأصل
percent = { "\u2068" }{ $value }%{ "\u2069" }

link = رابط
link-to = فتح { $host }
link-leads = يقودكم هذا الرابط إلى خارج المكان، إلى:
link-letters = في اسم هذه الصفحة حروف من أبجدية أخرى قد تحاكي اسماً تعرفونه: { $name }
link-hides = تخفي الرسالة رموزاً من هذا العنوان. وما تقرؤونه هنا هو وجهته الفعلية.
link-open = فتح في المتصفح
link-copy = نسخ العنوان

keyboard = لوحة المفاتيح
keyboard-shift = حروف وعلامات أخرى
keyboard-backspace = حذف الحرف الأخير
keyboard-enter = إدخال
keyboard-space = مسافة
keyboard-language = لغة لوحة المفاتيح: { $language }
keyboard-letters = الحروف
keyboard-signs = الأرقام والعلامات
keyboard-code = حروف الرموز وأرقامها
keyboard-hide = إخفاء لوحة المفاتيح

tour-step = الخطوات الأولى: { $step } من { $steps }
tour-walk = سيروا بالمفاتيح { $keys }، أو انقروا على الأرضية للانتقال إليها. واضغطوا باستمرار على زر الفأرة الأيمن للنظر حولكم.
tour-sit = انقروا على مقعد للجلوس، أو اضغطوا على { $key } بالقرب منه. واعبروا باباً مفتوحاً للدخول إلى قاعة أخرى.
tour-write = اضغطوا على { $key } للكتابة إلى جميع من في القاعة. وفي «المشاركون» من القائمة يمكنكم العثور على أي مشارك والكتابة إليه أو الانتقال إليه.
tour-menu = يفتح { $key } القائمة، وفيها المخطط والإعدادات وكل ما عدا ذلك. ويفتح { $help } المساعدة، وفيها يمكنكم رؤية هذه الخطوات مجدداً.
tour-headset-move = اضغطوا على الزناد ووجّهوا القوس إلى الأرض أو إلى مقعد ثم حرّروه لتكونوا هناك. والعصا اليسرى للمشي.
tour-headset-turn = ادفعوا العصا اليمنى إلى الجانب للدوران. وفي أثناء التصويب تختارون بها وجهة نظركم.
tour-headset-mute = زر الميكروفون: { $button }. وتبيّن العلامة عند الحافة السفلى للمشهد أنه مغلق.
tour-headset-menu = زر القائمة: { $button }. أشيروا إلى ما تريدون واضغطوا على الزناد. وفي المساعدة يمكنكم رؤية هذه الخطوات مجدداً.
tour-one-hand-move = اضغطوا على الزناد ووجّهوا القوس إلى الأرض أو إلى مقعد ثم حرّروه لتكونوا هناك.
tour-one-hand-turn = ادفعوا العصا إلى الجانب للدوران. وفي أثناء التصويب تختارون بها وجهة نظركم.
tour-hands-move = اجمعوا الإبهام والسبابة ووجّهوا القوس إلى الأرض أو إلى مقعد ثم افتحوهما لتكونوا هناك.
tour-hands-turn = استديروا بأجسامكم. وإن كنتم جالسين فاختاروا «النظر إلى الأمام من هنا» في القائمة للاتجاه إلى حيث تنظرون.
tour-hands-mute = قبضة اليد اليسرى هي زر الميكروفون. وتبيّن العلامة عند الحافة السفلى للمشهد أنه مغلق.
tour-hands-menu = قبضة اليد اليمنى تفتح القائمة. أشيروا إلى ما تريدون واجمعوا إصبعيكم، أو المسوه بالإصبع. وفي المساعدة يمكنكم رؤية هذه الخطوات مجدداً.
tour-next = التالي
tour-skip = تخطّي
tour-done = تم
tour-again = إظهار الخطوات الأولى مجدداً

help-move = سيروا بالمفاتيح المبيّنة أدناه، أو انقروا على الأرضية للانتقال إليها. واضغطوا باستمرار على زر الفأرة الأيمن للنظر حولكم.
help-panels = كل شيء متاح بلوحة المفاتيح: ينقلكم Tab من المشهد إلى الأزرار واللوحات ثم فيما بينها، وكذلك الأسهم، وPage Up وPage Down للتمرير، وEnter للاختيار، وEsc للإغلاق والعودة إلى المشهد.
help-seat = انقروا على مقعد للجلوس. يبقى المقعد لكم إلى أن تقفوا أو تغادروا.
help-keys = المفاتيح
deed-forward = السير إلى الأمام
deed-backward = السير إلى الخلف
deed-left = خطوة إلى اليسار
deed-right = خطوة إلى اليمين
deed-run = السير بسرعة
deed-turn-left = الدوران يساراً
deed-turn-right = الدوران يميناً
deed-look-up = النظر إلى أعلى
deed-look-down = النظر إلى أسفل
deed-teleport = الانتقال إلى موضع
deed-sit = الجلوس أو الوقوف
deed-text = الكتابة
deed-menu = القائمة
deed-people = المشاركون
deed-rooms = القاعات
deed-map = المخطط
deed-around = حولي
deed-where = أين أنا؟
deed-view = منظور الشخص الأول أو الثالث
deed-overlay = إظهار الأرضية والعلامات في المكان
deed-copy-anchor = نسخ العلامة المصوَّب نحوها (عند إظهار العلامات)
deed-times = إظهار أزمنة كل صورة أو إخفاؤها
deed-wave = التلويح باليد
deed-nod = الإيماء بالرأس
deed-applaud = التصفيق
deed-point = الإشارة
deed-shrug = هز الكتفين
deed-bow = الانحناء
deed-thumb-up = رفع الإبهام
deed-release = إغلاق، تحرير الفأرة
deed-help = المساعدة
key-space = المسافة
key-shift = Shift
key-ctrl = Ctrl
key-alt = Alt
key-enter = Enter
key-escape = Esc
key-tab = Tab
key-home = Home
key-end = End
key-insert = Insert
key-delete = Delete
key-page-up = Page Up
key-page-down = Page Down
key-numpad = Num { $key }

leave-sure = هل تريدون مغادرة المكان؟ سيصبح مقعدكم شاغراً. ويمكنكم العودة بالدعوة نفسها.
leave-stay = البقاء
leave-yes = مغادرة المكان
leave-quit = إنهاء البرنامج

reason-seat-taken = يجلس شخص آخر هناك
reason-seat-elsewhere = المقعد في قاعة أخرى
reason-seat-unknown = لا يوجد مقعد كهذا في المكان
reason-seat-reserved = المقعد محجوز لشخص آخر
reason-seat-too-far = المقعد بعيد جداً، اقتربوا منه
for-support = لفريق الدعم: { $detail }

problem-link-empty = ألصقوا الرابط الوارد في دعوتكم، أو اكتبوا رمزها المكوّن من 8 خانات.
problem-link-scheme = يبدأ رابط المكان بالمقطع { "\u2068" }https://{ "\u2069" } أو { "\u2068" }vev://{ "\u2069" }، أما هذا فيبدأ بالمقطع { "\u2068" }{ $scheme }://{ "\u2069" }. انسخوه من دعوتكم مرة أخرى.
problem-link-host = «{ $host }» ليس عنوان خادم. انسخوا الرابط كاملاً من دعوتكم.
problem-link-port = المنفذ «{ $port }» ليس رقماً من 1 إلى 65535. انسخوا الرابط كاملاً من دعوتكم.
problem-link-event = لا يحدد الرابط أي فعالية: الجزء «{ "\u2068" }/e/…{ "\u2069" }» مفقود أو تالف. انسخوا الرابط كاملاً من دعوتكم.
problem-link-no-code = ينتهي الرابط قبل رمزه (الجزء الذي يلي «#»). انسخوا الرابط كاملاً من دعوتكم.
problem-link-code = «{ $code }» ليس رمز دعوة: يتكوّن الرمز من 8 أحرف وأرقام، مثل 7KQ2-M9XT، ولا يُستخدم الحرف U أبداً.
problem-link-fingerprint = نهاية الرابط تالفة: يتكوّن الجزء الذي يلي النقطة من 43 خانة. انسخوا الرابط كاملاً من دعوتكم.
problem-code-without-server = الرمز وحده يفتح آخر مكان تمت زيارته، ولا يوجد مكان كهذا بعد. ألصقوا الرابط كاملاً هذه المرة.
problem-no-answer = لا يجيب الخادم { $host }. ربما تحجب شبكتكم منفذ UDP رقم { $port }: اطلبوا من مدير الشبكة السماح باتصال UDP الصادر إلى { $host } عبر المنفذ { $port }، أو جرّبوا شبكة أخرى.
problem-name-not-found = تعذر العثور على الاسم { $host }. تحققوا من اتصالكم بالإنترنت ومن الرابط.
problem-network-down = لا يستطيع هذا الحاسوب الوصول إلى الشبكة. تحققوا من اتصالكم بالإنترنت.
problem-server-busy = لا يقبل الخادم { $host } مزيداً من الاتصالات حالياً. أعيدوا المحاولة بعد دقيقة.
problem-event-over = انتهت الفعالية. اطلبوا من المنظّم دعوة إلى الفعالية القادمة.
problem-not-a-venue = يجيب { $host }، ولكنه ليس خادم VEV. تحققوا من الرابط لدى المنظّم.
problem-fingerprint-mismatch = يُظهر { $host } مفتاحاً غير المفتاح الوارد في دعوتكم. ربما يتنصت أحد على الاتصال أو أُعيد تثبيت الخادم. لا تتابعوا، واطلبوا من المنظّم رابطاً جديداً.
problem-unknown-server = لم تزوروا { $host } من قبل، ولا يذكر رابطكم مفتاحه. مفتاحه هو { $fingerprint }. لا تتابعوا إلا إذا أكّده المنظّم.
problem-key-changed = يُظهر { $host } مفتاحاً غير الذي أظهره في زيارتكم الأخيرة. ربما أُعيد تثبيت الخادم، أو ربما يتنصت أحد على الاتصال. مفتاحه الآن هو { $fingerprint }. لا تتابعوا إلا إذا أكّده المنظّم.
problem-went-away = انقطع الاتصال بالخادم { $host }. يعيد VEV المحاولة من تلقاء نفسه.
problem-lost-on-the-way = انقطع الاتصال بالخادم { $host } قبل دخولكم المكان. أعيدوا المحاولة، وإن لم ينجح ذلك فجرّبوا شبكة أخرى.
problem-server-closing = يُعاد تشغيل الخادم { $host }. سيعود VEV من تلقاء نفسه حالما يجيب الخادم.
problem-wrong-version = إصدار هذا البرنامج يختلف عن إصدار الخادم (الخادم: { $server }). احصلوا على البرنامج من جديد من صفحة رابطكم.
problem-unknown-invitation = لا يعرف الخادم هذه الدعوة. تحققوا من الرمز، أو اطلبوا من المنظّم رابطاً جديداً.
problem-expired-invitation = انتهت صلاحية هذه الدعوة. اطلبوا من المنظّم دعوة جديدة.
problem-revoked-invitation = سُحبت هذه الدعوة. راجعوا المنظّم إذا رأيتم أن ذلك خطأ.
problem-event-not-open = الفعالية غير مفتوحة الآن. اسألوا المنظّم عن موعد افتتاحها.
problem-rate-limited = جرت محاولات كثيرة من هنا. انتظروا دقيقة ثم أعيدوا المحاولة.
problem-bad-proof = تعذر على الخادم التحقق من هذا الجهاز. أعيدوا المحاولة، وإن لم ينجح ذلك فاطلبوا من المنظّم رابطاً جديداً.
problem-removed = أُخرجتم من الفعالية. راجعوا المنظّم إذا رأيتم أن ذلك خطأ.
problem-server-full = جميع الأماكن على الخادم { $host } مشغولة. أعيدوا المحاولة بعد بضع دقائق، أو أبلغوا المنظّم.
problem-server-stopping = الخادم { $host } على وشك التوقف ولا يُدخل أحداً. أعيدوا المحاولة بعد بضع دقائق.
problem-server-unavailable = لا يستطيع الخادم { $host } إدخالكم حالياً. أعيدوا المحاولة بعد دقيقة، وإن لم ينجح ذلك فأبلغوا المنظّم.
problem-taken-over = تابعتم على جهاز آخر بالدعوة نفسها. اختاروا «المتابعة هنا» للعودة إلى هذا الجهاز.
problem-damaged-file = وصل ملف المكان { $file } تالفاً مرتين. أبلغوا المنظّم: يجب نشر المكان من جديد.
problem-damaged-package = لا يمكن عرض المكان: وصفه تالف. أبلغوا المنظّم: يجب نشر المكان من جديد.
problem-missing-file = لا يوجد ملف المكان { $file } على الخادم. أبلغوا المنظّم: يجب نشر المكان من جديد.
problem-file-not-arriving = لا يصل ملف المكان { $file }. أعيدوا المحاولة، وإن لم ينجح ذلك فجرّبوا شبكة أخرى أو أبلغوا المنظّم.
problem-loading-stalled = لم يعد يصل شيء من المكان من { $host }. أعيدوا المحاولة، وإن لم ينجح ذلك فجرّبوا شبكة أخرى أو أبلغوا المنظّم.
problem-disk-full = لا يمكن حفظ المكان على هذا الحاسوب، وسيُحمَّل من جديد في الزيارة القادمة. أفرغوا مساحة في { $folder }.
problem-data-folder = لا يستطيع VEV حفظ ملفاته في { $folder }. اسمحوا بالكتابة في المجلد، أو حددوا مجلداً آخر بالخيار { "\u2068" }--data-dir{ "\u2069" }.
problem-settings-unreadable = لا يمكن قراءة الإعدادات في { $file }، ولذلك يبدأ VEV بإعداداته الأصلية. ويُحتفظ بالملف القديم بجواره.
problem-damaged-tile = لا يمكن عرض جزء من المكان (الملف { $file }). أبلغوا المنظّم.
problem-seat-refused = لا يمكنكم الجلوس هناك: { $reason }.
problem-can-not-start = لا يمكن تشغيل البرنامج { $program }. تأكدوا من أنه مثبّت ومن أن لديكم صلاحية تشغيله.
problem-host-missing = البرنامج { $program } غير موجود بجوار هذا البرنامج. فكّوا ضغط أرشيف VEV كاملاً من جديد.
problem-host-ended = تعذر فتح المكان على هذا الحاسوب. أعيدوا المحاولة، وإن لم ينجح ذلك فأعيدوا تشغيل الحاسوب أو اطلبوا الدعم.
problem-host-stopped = أُغلق المكان على هذا الحاسوب. استضيفوه من جديد من صفحة البداية.
problem-sound-replaced = لا يمكن استخدام مخرج الصوت { $output } الآن. تصدر الأصوات من المخرج الافتراضي للنظام، ويمكنكم اختيار مخرج آخر في الإعدادات.
problem-sound-gone = لم يبق أي مخرج للصوت. يظل VEV صامتاً إلى أن يوصَل مخرج، وتبقى الإشعارات ظاهرة.
problem-no-display = لا يمكن فتح نافذة هنا. شغّلوا VEV في جلسة سطح مكتب، أو استخدموا { "\u2068" }--headless{ "\u2069" }.
problem-no-graphics = لم يُعثر على بطاقة رسوميات صالحة. ثبّتوا برنامج تشغيل بطاقة الرسوميات أو محرك Mesa البرمجي.
problem-headset-no-loader = لا يمكن استخدام نظارة الواقع الافتراضي هنا: { "\u2068" }OpenXR{ "\u2069" } غير مثبّت. ثبّتوا برنامج نظارتكم، أو شغّلوا VEV مع { "\u2068" }--flat{ "\u2069" }.
problem-headset-no-runtime = لا تصل إجابة من نظارة الواقع الافتراضي. شغّلوا برنامج نظارتكم واختاروه بيئةَ تشغيل { "\u2068" }OpenXR{ "\u2069" }، أو شغّلوا VEV مع { "\u2068" }--flat{ "\u2069" }.
problem-headset-missing = نظارة الواقع الافتراضي غير موصولة. صِلوا نظارتكم وشغّلوها، أو شغّلوا VEV مع { "\u2068" }--flat{ "\u2069" }.
problem-headset-failed = لا يمكن عرض المكان في نظارة الواقع الافتراضي. أعيدوا تشغيل برنامج نظارتكم، وإن لم ينجح ذلك فشغّلوا VEV مع { "\u2068" }--flat{ "\u2069" }.
problem-headset-lost = انقطع الاتصال مع نظارة الواقع الافتراضي. تحققوا من النظارة وأعيدوا تشغيل VEV، أو شغّلوه مع { "\u2068" }--flat{ "\u2069" }.
problem-graphics-lost = توقفت بطاقة الرسوميات عن العمل وتعذرت استعادة الصورة. أعيدوا تشغيل VEV، وإن لم ينجح ذلك فحدّثوا برنامج تشغيل بطاقة الرسوميات.

avatar = صورتكم الرمزية
start-avatar-note = انظروا إلى أنفسكم في المرآة واختاروا
avatar-look = المظهر
avatar-skin = لون البشرة
avatar-clothing = لون الملابس
avatar-own-color = لون المظهر نفسه
avatar-tone = الدرجة { $number }
avatar-turn-left = استدارة إلى اليسار
avatar-turn-right = استدارة إلى اليمين
avatar-note = يرى الجميع اختياركم فوراً، ويُحفظ على هذا الحاسوب.
avatar-look-suit = بدلة وربطة عنق
avatar-look-dress = فستان
avatar-look-blouse = بلوزة وتنورة
avatar-look-boubou = بوبو
avatar-look-sari = ساري
avatar-look-scarf = حجاب ومعطف
avatar-look-jacket = سترة بياقة مفتوحة
avatar-look-kurta = كورتا
avatar-look-trousers = بدلة نسائية ببنطال
avatar-look-wheelchair = كرسي متحرك وكنزة
avatar-navy = كحلي
avatar-charcoal = فحمي
avatar-burgundy = خمري
avatar-green = أخضر
avatar-teal = أزرق مخضر
avatar-plum = برقوقي
avatar-sand = رملي
avatar-light-blue = أزرق فاتح
avatar-ivory = عاجي

anchor-spawn = الوصول · { $name }
anchor-seat = مقعد { $name }
anchor-door = الباب { $name }
anchor-screen = الشاشة · { $name }
anchor-zone = المنطقة · { $name }
anchor-booth = المقصورة · { $name }
anchor-exhibit = المعروض · { $name }
