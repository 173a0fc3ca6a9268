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
deed-hand = Поднять или опустить руку

moderation = Поддержание порядка
moderation-reason = Причина, которую прочтёт участник
moderation-mute-room = Отключить все микрофоны в зале
moderation-lock = Закрыть этот зал
moderation-unlock = Открыть этот зал
moderation-words = Ваше объявление
moderation-announce-room = Объявить здесь
moderation-announce-all = Объявить всем
moderation-mute = Отключить микрофон
moderation-unmute = Попросить включить микрофон
moderation-summon = Попросить подойти сюда
moderation-remove = Удалить с мероприятия
moderation-done = Ваши действия
moderation-undo = Отменить
act-done = Выполнено и занесено в журнал.
act-refused-not-allowed = Ваша роль этого не позволяет.
act-refused-nobody-there = Этого участника или зала больше нет.
act-refused-not-possible = Здесь это невозможно.
act-refused-not-undoable = Это нельзя отменить.
act-refused-too-fast = Слишком много действий за короткое время. Подождите немного и повторите.
act-refused-not-stored = Сервер не смог занести это в журнал, поэтому ничего не сделано. Повторите попытку.
undone-mute = Отключённые микрофоны возвращены.
undone-hand = Опущенная рука снова поднята.
undone-other = Действие отменено.
told-mute = Ваш микрофон отключён. Кто это сделал: { $name }.
told-unmute = { $name } просит вас включить микрофон.
told-hand = Ваша рука опущена. Кто это сделал: { $name }.
told-reason = Причина: { $reason }
announced = { $name }: { $words }
summons-line = { $seconds ->
    [one] { $name } просит вас подойти: { $room }. Вы окажетесь там через { $seconds } секунду.
    [few] { $name } просит вас подойти: { $room }. Вы окажетесь там через { $seconds } секунды.
    [many] { $name } просит вас подойти: { $room }. Вы окажетесь там через { $seconds } секунд.
   *[other] { $name } просит вас подойти: { $room }. Вы окажетесь там через { $seconds } секунды.
}
summons-stay = Остаться здесь
summons-followed = { $name } уже там.
summons-refused = { $name } предпочитает не подходить.
summons-failed = Не удалось перенести участника { $name }.
summons-withdrawn = Просьба к участнику { $name } отозвана.
