# Порядок: поднятые руки, модерация, безопасность.

hands = Поднятые руки
hand-place = { $count }. { $name }
hand-raise = Поднять руку
hand-lower = Опустить руку
hand-raised = Рука поднята
microphone-muted = Микрофон отключён модератором
hud-hands = { $count ->
    [one] { $count } поднятая рука
    [few] { $count } поднятые руки
    [many] { $count } поднятых рук
   *[other] { $count } поднятой руки
}
notice-hand-raised = Участник { $name } просит слова.
notice-hand-not-open = Наблюдатели не могут просить слова.
watching-place = Вы участвуете в качестве наблюдателя; ваш номер в очереди: { $count }.
watching-others = { $count ->
    [one] Наблюдает ещё { $count } человек.
    [few] Наблюдают ещё { $count } человека.
    [many] Наблюдают ещё { $count } человек.
   *[other] Наблюдают ещё { $count } человека.
}
watching-ask = Чтобы выступить, поднимите руку. Председатель или модератор может дать вам место.
watching-number = Наблюдатель, номер в очереди: { $count }
watching-brought-in = Получено место
watching-bring-in = Дать место
watching-send-back = Вернуть в наблюдатели
notice-came-in = Освободилось место: теперь вы участвуете наравне со всеми, и вас видят.
notice-brought-in = Вам дали место: теперь вас видят, и вы можете выступить.
notice-sent-back = Вы снова участвуете в качестве наблюдателя, и вас больше не видят.
no-seat-near = Рядом нет свободного места. Подойдите к нему или выберите его в разделе «Вокруг меня».
deed-hand = Поднять или опустить руку

moderation = Поддержание порядка
moderation-reason = Причина, которую прочтёт участник
moderation-mute-room = Отключить все микрофоны в зале
moderation-lock = Закрыть вход в этот зал
moderation-unlock = Открыть вход в этот зал
moderation-words = Текст объявления
moderation-announce-room = Объявить здесь
moderation-announce-all = Объявить всем
moderation-mute = Отключить микрофон
moderation-unmute = Попросить включить микрофон
moderation-summon = Попросить прийти сюда
moderation-summon-to = Попросить перейти: { $room }
moderation-summon-seat = Попросить занять место { $label }
moderation-remove = Удалить с мероприятия
moderation-done = Ваши действия
moderation-undo = Отменить
act-done = Выполнено и занесено в журнал.
act-refused-not-allowed = Ваша роль этого не позволяет.
act-refused-nobody-there = Этого участника или этого зала больше нет.
act-refused-not-possible = Здесь это невозможно.
act-refused-not-undoable = Это нельзя отменить.
act-refused-too-fast = Слишком много действий за короткое время. Немного подождите и повторите.
block-refused-full = Вы уже заблокировали предельное число людей. Сначала разблокируйте кого-нибудь.
act-refused-not-stored = Сервер не смог занести это в журнал, поэтому ничего не сделано. Повторите попытку.
undone-mute = Отключённые микрофоны снова можно включить.
undone-hand = Опущенная рука снова поднята.
undone-other = Действие отменено.
told-mute = Ваш микрофон отключён (решение: { $name }).
told-unmute = { $name } просит вас включить микрофон.
told-hand = Ваша рука опущена (решение: { $name }).
told-reason = Причина: { $reason }
announced = { $name }: { $words }
announcements = Объявления · { $count }
summons-line = { $seconds ->
    [one] { $name } просит вас прийти: { $room }. Вы окажетесь там через { $seconds } секунду.
    [few] { $name } просит вас прийти: { $room }. Вы окажетесь там через { $seconds } секунды.
    [many] { $name } просит вас прийти: { $room }. Вы окажетесь там через { $seconds } секунд.
   *[other] { $name } просит вас прийти: { $room }. Вы окажетесь там через { $seconds } секунды.
}
summons-stay = Остаться здесь
summons-followed = { $name } уже там.
summons-refused = { $name } предпочитает не приходить.
summons-failed = Не удалось перевести туда участника { $name }.
summons-withdrawn = Просьба к участнику { $name } отозвана.

safety = Безопасность
person-write = Написать
person-closed = Этот зал для вас закрыт.
person-invite = Пригласить сюда
person-invite-text = Присоединяйтесь ко мне здесь: { $room }.
person-gone = Этот участник покинул мероприятие.
people-write-to = Написать: { $name }
block = Заблокировать
block-explain = Вы перестанете видеть друг друга и не сможете обмениваться сообщениями. Разблокировать участника можно в любой момент.
block-done = Вы заблокировали: { $name }.
block-ended = Вы разблокировали: { $name }.
block-undo = Разблокировать
block-refused-keeps-order = Те, кто следит за порядком на мероприятии, не могут блокировать других, и их нельзя заблокировать. Вы можете подать на них жалобу.
blocked-people = Кого вы заблокировали
report = Пожаловаться модераторам
report-explain = Дежурные модераторы прочтут вашу жалобу и ответят вам. Участнику об этом не сообщат.
report-words = Что произошло
report-without-texts = Без сообщений
report-with-texts = С этими сообщениями
report-send = Отправить жалобу
report-quote = { $name }: «{ $words }»
report-sent = Модераторы получили вашу жалобу. Их ответ появится здесь.
report-answered = Модераторы ответили на вашу жалобу (на участника: { $about }): { $words }
report-arrived = Новая жалоба. Автор: { $by }. На участника: { $about }.
report-closed = На жалобу дан ответ (модератор: { $name }).
report-title = Автор: { $by }. На участника: { $about }
report-act = Принять меры
report-answer = Отправить ответ
report-answer-hint = Ответ, который прочтёт { $by }
report-refused-nobody-there = Участника уже нет, или на жалобу уже дан ответ.
report-refused-empty = Сначала напишите несколько слов.
reports = Жалобы
safe-place = Безопасное место
safe-now = Вы у входа. Те, кто был рядом с вами, стоят первыми в списке «Участники».
safe-near = Кто был рядом с вами
deed-safety = Немедленно уйти в безопасное место
settings-space = Участники, подошедшие вплотную
settings-space-fade = Становятся прозрачными
settings-space-stay = Остаются видны
no-way-found = Пути туда нет.
