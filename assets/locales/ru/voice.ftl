# Голоса: микрофон, кто слышит, и как слышно других.

microphone-open = Включить микрофон
microphone-close = Выключить микрофон
microphone-is-closed = Микрофон выключен
microphone-is-opening = Микрофон включается…
microphone-is-open = Микрофон включён
microphone-waits = Говорите, удерживая { $key }
microphone-waits-no-key = Говорите, удерживая клавишу
microphone-is-closed-by-moderator = Микрофон выключен модератором
microphone-loudness = Громкость { $value } %
microphone-shut-entered = Ваш микрофон выключен: вы в другом зале.
microphone-shut-reconnected = Ваш микрофон выключен: связь прерывалась.
microphone-shut-device = Ваш микрофон выключен: устройство отключено или заменено.
microphone-shut-headset = Ваш микрофон выключен: шлем снят.
microphone-shut-talk-began = Ваш микрофон выключен: начинается частная беседа. Включите его, чтобы вас в ней слышали.
microphone-shut-talk-ended = Ваш микрофон выключен: частная беседа завершена.
microphone-shut-refused = Ваш микрофон остаётся выключенным: вы только наблюдаете.
hearers-room = { $place }: { $count ->
    [0] вас никто не слышит
    [one] вас слышит { $count } участник
    [few] вас слышат { $count } участника
    [many] вас слышат { $count } участников
   *[other] вас слышат { $count } участника
}
hearers-table = { $place }: { $count ->
    [0] вас никто не слышит
    [one] вас слышит { $count } участник
    [few] вас слышат { $count } участника
    [many] вас слышат { $count } участников
   *[other] вас слышат { $count } участника
}
hearers-stage = На сцене: { $count ->
    [0] вас никто не слышит
    [one] вас слышит { $count } участник
    [few] вас слышат { $count } участника
    [many] вас слышат { $count } участников
   *[other] вас слышат { $count } участника
}
hearers-booth = В кабине: { $count ->
    [0] вас никто не слышит
    [one] вас слышит { $count } участник
    [few] вас слышат { $count } участника
    [many] вас слышат { $count } участников
   *[other] вас слышат { $count } участника
}
would-hear-room = { $place }: { $count ->
    [0] вас никто не услышит
    [one] вас услышит { $count } участник
    [few] вас услышат { $count } участника
    [many] вас услышат { $count } участников
   *[other] вас услышат { $count } участника
}
would-hear-table = { $place }: { $count ->
    [0] вас никто не услышит
    [one] вас услышит { $count } участник
    [few] вас услышат { $count } участника
    [many] вас услышат { $count } участников
   *[other] вас услышат { $count } участника
}
would-hear-stage = На сцене: { $count ->
    [0] вас никто не услышит
    [one] вас услышит { $count } участник
    [few] вас услышат { $count } участника
    [many] вас услышат { $count } участников
   *[other] вас услышат { $count } участника
}
would-hear-booth = В кабине: { $count ->
    [0] вас никто не услышит
    [one] вас услышит { $count } участник
    [few] вас услышат { $count } участника
    [many] вас услышат { $count } участников
   *[other] вас услышат { $count } участника
}
hearers-private = Частная беседа: { $names }
hearers-quiet = { $place }: здесь не говорят
settings-voices = Голоса
settings-voice-volume = Громкость голосов
settings-voice-less = Голоса тише
settings-voice-more = Голоса громче
settings-loudspeakers = Слушаю через колонки, без наушников
settings-microphone = Микрофон
settings-input-default = Системный по умолчанию
settings-input-gone = { $input } (не подключён)
settings-push-to-talk = Говорить, только удерживая клавишу
settings-echo = Убирать эхо колонок
settings-noise = Приглушать постоянный шум
settings-gain = Выравнивать мою громкость
microphone-try = Проверить микрофон
microphone-try-end = Закончить проверку
microphone-try-hint = Вы слышите себя через сервер, как услышат другие. Больше никто эту проверку не слышит.
problem-microphone-replaced = Микрофон { $input } сейчас недоступен. Записывает системный микрофон по умолчанию; другой можно выбрать в настройках.
problem-no-microphone = Не удаётся включить ни один микрофон. Подключите его и разрешите VEV пользоваться им в настройках системы.
person-volume = Громкость этого голоса
person-volume-less = Этот голос тише
person-volume-more = Этот голос громче
settings-room-sound = Залы отзываются эхом, стены глушат (без этого голоса яснее)
sound-check = Проверить звук
sound-check-hint = При входе микрофон всегда выключен.
sound-check-listen = Воспроизвести звук
sound-check-outside = Полоса показывает, что слышит микрофон. На площадке вы также услышите себя через сервер.
voices-quality = Как доходят голоса
voices-quality-nobody = Сейчас никого не слышно.
voices-quality-line = { $name }: потеряно { $lost } %, восстановлено { $guessed } %, ожидание { $ms } мс
