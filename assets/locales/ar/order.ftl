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
