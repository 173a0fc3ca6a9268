# النظام: رفع الأيدي والإشراف والأمان.

hands = الأيدي المرفوعة
hand-place = { $count }. { $name }
hand-raise = رفع اليد
hand-lower = خفض اليد
hand-raised = اليد مرفوعة
microphone-muted = كتم المشرف الميكروفون
hud-hands = { $count ->
    [zero] لا أيدي مرفوعة
    [one] يد واحدة مرفوعة
    [two] يدان مرفوعتان
    [few] { $count } أيدٍ مرفوعة
    [many] { $count } يداً مرفوعة
   *[other] { $count } يد مرفوعة
}
notice-hand-raised = { $name } يطلب الكلمة.
notice-hand-not-open = لا يجوز للمراقبين طلب الكلمة.
deed-hand = رفع اليد أو خفضها

moderation = حفظ النظام
moderation-reason = السبب، وسيقرأه المعني بالأمر
moderation-mute-room = كتم الجميع في هذه القاعة
moderation-lock = إقفال هذه القاعة
moderation-unlock = فتح هذه القاعة
moderation-words = إعلانكم
moderation-announce-room = الإعلان هنا
moderation-announce-all = الإعلان للجميع
moderation-mute = كتم الميكروفون
moderation-unmute = طلب فتح الميكروفون
moderation-summon = طلب الحضور إلى هنا
moderation-summon-to = طلب الانتقال إلى { $room }
moderation-remove = الإخراج من الفعالية
moderation-done = ما قمتم به
moderation-undo = تراجع
act-done = تم ذلك وسُجّل.
act-refused-not-allowed = لا يسمح دوركم بذلك.
act-refused-nobody-there = لم يعد هذا الشخص أو هذه القاعة موجوداً.
act-refused-not-possible = لا يمكن ذلك هنا.
act-refused-not-undoable = لا يمكن التراجع عن ذلك.
act-refused-too-fast = أعمال كثيرة في وقت قصير. انتظروا قليلاً ثم حاولوا مجدداً.
act-refused-not-stored = لم يتمكن الخادم من تسجيل ذلك، فلم يُنفَّذ. حاولوا مجدداً.
undone-mute = أُعيدت الميكروفونات المكتومة.
undone-hand = رُفعت من جديد يد كانت قد خُفضت.
undone-other = تم التراجع عن ذلك.
told-mute = كتم { $name } ميكروفونكم.
told-unmute = يطلب منكم { $name } فتح الميكروفون.
told-hand = خفض { $name } يدكم.
told-reason = السبب: { $reason }
announced = { $name }: { $words }
summons-line = { $seconds ->
    [zero] يطلب منكم { $name } الحضور: { $room }. ستُنقلون إلى هناك الآن.
    [one] يطلب منكم { $name } الحضور: { $room }. ستُنقلون إلى هناك بعد ثانية واحدة.
    [two] يطلب منكم { $name } الحضور: { $room }. ستُنقلون إلى هناك بعد ثانيتين.
    [few] يطلب منكم { $name } الحضور: { $room }. ستُنقلون إلى هناك بعد { $seconds } ثوانٍ.
    [many] يطلب منكم { $name } الحضور: { $room }. ستُنقلون إلى هناك بعد { $seconds } ثانية.
   *[other] يطلب منكم { $name } الحضور: { $room }. ستُنقلون إلى هناك بعد { $seconds } ثانية.
}
summons-stay = البقاء هنا
summons-followed = وصل { $name }.
summons-refused = يفضّل { $name } عدم الحضور.
summons-failed = تعذّر نقل { $name } إلى هناك.
summons-withdrawn = لم يعد مطلوباً من { $name } الحضور.

safety = السلامة
person-write = كتابة رسالة
person-closed = هذه القاعة غير مفتوحة لكم.
person-invite = الدعوة إلى هنا
person-invite-text = أدعوكم إلى الانضمام إليّ هنا: { $room }.
person-gone = غادر هذا المشارك الفعالية.
people-write-to = الكتابة إلى { $name }
block = حظر
block-explain = لن يرى أحدكما الآخر بعد الآن ولن تمر رسائل بينكما. يمكنكم إلغاء الحظر في أي وقت.
block-done = حظرتم { $name }.
block-ended = ألغيتم حظر { $name }.
block-undo = إلغاء الحظر
block-refused-keeps-order = القائمون على حفظ النظام في الفعالية لا يَحظرون ولا يُحظرون. يمكنكم الإبلاغ عنهم.
blocked-people = من حظرتموهم
report = إبلاغ المشرفين
report-explain = يقرأ المشرفون المناوبون بلاغكم ويجيبونكم. ولا يُخطر الشخص المعني بذلك.
report-words = ما الذي حدث
report-without-texts = بلا رسائل
report-with-texts = مع هذه الرسائل
report-send = إرسال البلاغ
report-quote = { $name }: «{ $words }»
report-sent = تلقى المشرفون بلاغكم. وسيظهر ردهم هنا.
report-answered = أجاب المشرفون عن بلاغكم بشأن { $about }: { $words }
report-arrived = بلاغ جديد من { $by } بشأن { $about }.
report-closed = أجاب { $name } عن البلاغ.
report-title = { $by } بشأن { $about }
report-act = اتخاذ إجراء بحق هذا الشخص
report-answer = إرسال الرد
report-answer-hint = الرد الذي سيقرؤه { $by }
report-refused-nobody-there = لم يعد الشخص موجوداً، أو سبق الرد على البلاغ.
report-refused-empty = اكتبوا بضع كلمات أولاً.
reports = البلاغات
safe-place = المكان الآمن
safe-now = أنتم الآن عند المدخل. ومن كانوا قريبين منكم في أول قائمة المشاركين.
safe-near = من كان قريباً منكم
deed-safety = الذهاب فوراً إلى المكان الآمن
settings-space = من يقتربون كثيراً
settings-space-fade = يتلاشون
settings-space-stay = يبقون ظاهرين
no-way-found = لا طريق يؤدي إلى هناك.
