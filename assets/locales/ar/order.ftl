# النظام: رفع الأيدي والإشراف والأمان.

hands = الأيدي المرفوعة
hand-place = { $count }. { $name }
hand-raise = رفع اليد
hand-lower = خفض اليد
hand-raised = اليد مرفوعة
microphone-muted = الميكروفون مكتوم بأمر المشرف
hud-hands = { $count ->
    [zero] لا أيدي مرفوعة
    [one] يد واحدة مرفوعة
    [two] يدان مرفوعتان
    [few] { $count } أيدٍ مرفوعة
    [many] { $count } يداً مرفوعة
   *[other] { $count } يد مرفوعة
}
notice-hand-raised = طلب الكلمة: { $name }.
notice-hand-not-open = لا يجوز للمراقبين طلب الكلمة.
watching-place = تشاركون بصفة مراقب، ورقمكم في قائمة الانتظار { $count }.
watching-others = { $count ->
    [zero] لا يراقب أحد غيركم.
    [one] يراقب شخص آخر.
    [two] يراقب شخصان آخران.
    [few] يراقب { $count } أشخاص آخرين.
    [many] يراقب { $count } شخصاً آخر.
   *[other] يراقب { $count } شخص آخر.
}
watching-ask = لأخذ الكلمة ارفعوا أيديكم. يمكن للرئاسة أو الإشراف إدخالكم.
watching-number = مراقب، الرقم { $count } في قائمة الانتظار
watching-brought-in = تم الإدخال
watching-bring-in = إدخال
watching-send-back = إعادة إلى صفة مراقب
notice-came-in = أتيح لكم مكان: تشاركون الآن مشاركة كاملة ويراكم الآخرون.
notice-brought-in = تم إدخالكم: يراكم الآخرون الآن ويمكنكم الكلام.
notice-sent-back = عدتم إلى المشاركة بصفة مراقب، ولم يعد الآخرون يرونكم.
no-seat-near = لا مقعد خالٍ في المتناول. اقتربوا من أحد المقاعد، أو اختاروا مقعداً من «حولي».
deed-hand = رفع اليد أو خفضها

moderation = حفظ النظام
moderation-reason = السبب، وسيقرؤه المعني بالأمر
moderation-mute-room = كتم جميع الميكروفونات في القاعة
moderation-lock = إقفال هذه القاعة
moderation-unlock = فتح هذه القاعة
moderation-words = نص الإعلان
moderation-announce-room = الإعلان هنا
moderation-announce-all = الإعلان للجميع
moderation-mute = كتم الميكروفون
moderation-unmute = طلب فتح الميكروفون
moderation-summon = طلب الحضور إلى هنا
moderation-summon-to = طلب الانتقال إلى { $room }
moderation-summon-seat = طلب الجلوس في المقعد { $label }
moderation-remove = الإخراج من الفعالية
moderation-done = ما قمتم به
moderation-undo = تراجع
act-done = تم ذلك وسُجّل.
act-refused-not-allowed = لا يسمح دوركم بذلك.
act-refused-nobody-there = لم يعد الشخص موجوداً أو لم تعد القاعة موجودة.
act-refused-not-possible = لا يمكن ذلك هنا.
act-refused-not-undoable = لا يمكن التراجع عن ذلك.
act-refused-too-fast = إجراءات كثيرة في وقت قصير. انتظروا قليلاً ثم أعيدوا المحاولة.
block-refused-full = بلغتم الحد الأقصى لعدد المحظورين. ألغوا حظر أحدهم أولاً.
act-refused-not-stored = تعذر على الخادم تسجيل ذلك، فلم يُنفَّذ. أعيدوا المحاولة.
undone-mute = يمكن استخدام الميكروفونات المكتومة من جديد.
undone-hand = رُفعت من جديد يد كانت قد خُفضت.
undone-other = تم التراجع عن ذلك.
told-mute = كُتم ميكروفونكم بأمر من { $name }.
told-unmute = طلب من { $name }: افتحوا الميكروفون من فضلكم.
told-hand = خُفضت يدكم بأمر من { $name }.
told-reason = السبب: { $reason }
announced = { $name }: { $words }
announcements = الإعلانات · { $count }
summons-line = { $seconds ->
    [zero] طلب حضور من { $name }: { $room }. ستُنقلون إلى هناك الآن.
    [one] طلب حضور من { $name }: { $room }. ستُنقلون إلى هناك بعد ثانية واحدة.
    [two] طلب حضور من { $name }: { $room }. ستُنقلون إلى هناك بعد ثانيتين.
    [few] طلب حضور من { $name }: { $room }. ستُنقلون إلى هناك بعد { $seconds } ثوانٍ.
    [many] طلب حضور من { $name }: { $room }. ستُنقلون إلى هناك بعد { $seconds } ثانية.
   *[other] طلب حضور من { $name }: { $room }. ستُنقلون إلى هناك بعد { $seconds } ثانية.
}
summons-stay = البقاء هنا
summons-followed = وصل إلى هناك: { $name }.
summons-refused = اعتذار من { $name } عن عدم الحضور.
summons-failed = تعذر نقل { $name } إلى هناك.
summons-withdrawn = لم يعد مطلوباً من { $name } الحضور.

safety = السلامة
person-write = كتابة رسالة
person-closed = هذه القاعة غير متاحة لكم.
person-invite = الدعوة إلى هنا
person-invite-text = أدعوكم إلى الانضمام إليّ هنا: { $room }.
person-gone = غادر هذا المشارك الفعالية.
people-write-to = الكتابة إلى { $name }
block = حظر
block-explain = لن تروا هذا الشخص ولن يراكم، ولن تمر رسائل بينكم. يمكنكم إلغاء الحظر في أي وقت.
block-done = حظرتم { $name }.
block-ended = ألغيتم حظر { $name }.
block-undo = إلغاء الحظر
block-refused-keeps-order = القائمون على حفظ النظام في الفعالية لا يمكنهم حظر أحد ولا يمكن حظرهم. يمكنكم الإبلاغ عنهم.
blocked-people = من حظرتموهم
report = إبلاغ المشرفين
report-explain = يقرأ المشرفون المناوبون بلاغكم ويردون عليكم. ولا يُخطر الشخص المعني بذلك.
report-words = ما الذي حدث
report-without-texts = بلا رسائل
report-with-texts = مع هذه الرسائل
report-send = إرسال البلاغ
report-quote = { $name }: «{ $words }»
report-sent = تلقى المشرفون بلاغكم. وسيظهر ردهم هنا.
report-answered = رد المشرفون على بلاغكم بشأن { $about }: { $words }
report-arrived = بلاغ جديد من { $by } بشأن { $about }.
report-closed = تم الرد على البلاغ (المشرف: { $name }).
report-title = { $by } بشأن { $about }
report-act = اتخاذ إجراء
report-answer = إرسال الرد
report-answer-hint = الرد الذي سيقرؤه { $by }
report-refused-nobody-there = لم يعد الشخص موجوداً، أو سبق الرد على البلاغ.
report-refused-empty = اكتبوا بضع كلمات أولاً.
reports = البلاغات
safe-place = المكان الآمن
safe-now = أنتم الآن عند المدخل. وتجدون من كانوا بالقرب منكم في أول القائمة تحت «المشاركون».
safe-near = من كان قريباً منكم
deed-safety = الذهاب فوراً إلى المكان الآمن
settings-space = من يقتربون كثيراً
settings-space-fade = يتلاشون
settings-space-stay = يبقون ظاهرين
no-way-found = لا طريق يؤدي إلى هناك.
