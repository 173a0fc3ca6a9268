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
