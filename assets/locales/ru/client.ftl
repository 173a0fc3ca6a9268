# Клиент на русском языке.

product-name = VEV
product-line = Место ваших заседаний — где бы вы ни находились.

start-last = Место, которое вы посетили последним
start-enter = Войти
start-link = Ваше приглашение
start-link-hint = Вставьте ссылку или введите код
start-enter-venue = Войти
start-clear = Очистить
start-host = Открыть место проведения на этом компьютере
start-host-note = Запускает здесь сервер и входит на него
start-privacy = Организатор мероприятия хранит ваше имя, название делегации, время прихода и ухода и отправленные вами сообщения. Перемещения никогда не сохраняются.
start-privacy-read = Защита данных
start-quit = Выйти
start-version = Версия { $version }

wait-connecting = Соединение с { $value }…
wait-joining = { $value } проверяет ваше приглашение…
wait-loading = Загрузка места проведения: { $value } МБ
wait-lost = Соединение потеряно
wait-ended = Сейчас войти невозможно
wait-retry-in = { $seconds ->
    [one] Следующая попытка через { $seconds } секунду.
    [few] Следующая попытка через { $seconds } секунды.
   *[other] Следующая попытка через { $seconds } секунд.
}
wait-retrying = Повторная попытка…
retry-now = Повторить сейчас
retry = Повторить
continue-here = Продолжить здесь
go-on = Организатор подтвердил: продолжить
to-start = На начальную страницу
cancel = Отмена
back = Назад
close = Закрыть

hud-others = { $count ->
    [0] Кроме вас, здесь никого нет
    [one] Здесь ещё { $count } человек
    [few] Здесь ещё { $count } человека
   *[other] Здесь ещё { $count } человек
}
hud-unread = { $count ->
    [one] { $count } новое сообщение
    [few] { $count } новых сообщения
   *[other] { $count } новых сообщений
}
hud-menu = { $key }: меню
hud-text = { $key }: написать
hud-help = { $key }: справка
hud-stand = { $key }: встать

notice-put-back = Там стоять нельзя: вы возвращены на прежнее место.
notice-observing = Все места с правом выступления заняты. Вы участвуете в качестве наблюдателя, пока не освободится место.
notice-reconnected = Соединение восстановлено.
notice-arrived = Входит { $name }.
notice-departed = Уходит { $name }.

menu = Меню
people = Участники
texts = Сообщения
rooms = Залы
settings = Настройки
help = Справка
leave = Уйти
stand-up = Встать

person = { $name } ({ $delegation })
people-count = { $count ->
    [one] { $count } участник мероприятия
    [few] { $count } участника мероприятия
   *[other] { $count } участников мероприятия
}
people-you = Вы
people-write = Написать
kind-observer = Наблюдатель
kind-interpreter = Устный переводчик
kind-kiosk = Терминал на месте
kind-robot = Робот на месте
kind-service = Служба
role-chair = Председатель
role-moderator = Модератор
role-organiser = Организатор

texts-room = Этот зал
texts-somebody = Участник, который ушёл
texts-unread = { $name } · { $count }
texts-none-room = В этом зале ещё никто не писал.
texts-none-person = Вы ещё не писали друг другу.
texts-write-room = Написать всем в этом зале
texts-write-person = Написать: { $name }
texts-send = Отправить
texts-left = { $count ->
    [one] Остался { $count } знак
    [few] Осталось { $count } знака
   *[other] Осталось { $count } знаков
}
text-sending = отправляется…
text-stored = отправлено
text-failed = не отправлено
text-failed-not-connected = Не было соединения. Повторите, когда оно восстановится.
text-failed-not-stored = Сервер не смог сохранить сообщение. Повторите попытку; если это не поможет, сообщите организатору.
text-failed-rate-limited = Слишком много сообщений за короткое время. Немного подождите и повторите.
text-failed-person-gone = Этот участник покинул мероприятие.
text-failed-not-accepted = Сообщение слишком длинное или содержит знаки, которые нельзя отправить.

rooms-line = Выберите зал, чтобы сразу оказаться в нём. Ваше имя и настройки сохраняются.
rooms-people = { $count ->
    [0] Никого нет
    [one] { $count } человек
    [few] { $count } человека
   *[other] { $count } человек
}
rooms-here = Вы здесь
rooms-go = Перейти
rooms-closed = Вам недоступен

settings-language = Язык
settings-text-size = Размер текста
settings-contrast = Контрастность
settings-contrast-normal = Обычная
settings-contrast-high = Высокая
settings-turning = Поворот
settings-turning-snap = Шагами по { $degrees }°
settings-turning-smooth = Плавный
settings-mouse = Скорость обзора мышью
settings-mouse-slower = Медленнее
settings-mouse-faster = Быстрее
settings-picture = Изображение
settings-picture-standard = Стандартное
settings-picture-low = Упрощённое, для слабой графики
settings-keys-note = Клавиши можно изменить в файле настроек.
percent = { $value } %

help-move = Ходите с помощью клавиш, указанных ниже, или щёлкните по полу, чтобы оказаться там. Удерживайте правую кнопку мыши, чтобы осмотреться.
help-panels = Всё доступно с клавиатуры: Tab и стрелки перемещают, Enter нажимает, Esc закрывает.
help-seat = Щёлкните по месту, чтобы сесть. Оно остаётся вашим, пока вы не встанете или не уйдёте.
help-keys = Клавиши
deed-forward = Идти вперёд
deed-backward = Идти назад
deed-left = Шаг влево
deed-right = Шаг вправо
deed-run = Идти быстрее
deed-turn-left = Повернуться налево
deed-turn-right = Повернуться направо
deed-look = Осмотреться
deed-look-up = Посмотреть вверх
deed-look-down = Посмотреть вниз
deed-teleport = Перейти к точке
deed-sit = Сесть или встать
deed-text = Написать
deed-menu = Меню
deed-people = Участники
deed-rooms = Залы
deed-view = От первого или третьего лица
deed-gesture = Жесты
deed-release = Закрыть, освободить мышь
deed-help = Справка

leave-sure = Вы хотите покинуть место проведения? Ваше место освободится. Вы сможете вернуться по тому же приглашению.
leave-stay = Остаться
leave-yes = Покинуть место проведения
leave-quit = Закрыть программу

reason-seat-taken = там уже кто-то сидит
reason-seat-elsewhere = оно находится в другом зале
reason-seat-unknown = такого места здесь нет
reason-seat-reserved = оно предназначено для другого участника
reason-seat-too-far = оно слишком далеко, подойдите ближе

problem-link-empty = Вставьте ссылку из приглашения или введите его код из 8 знаков.
problem-link-scheme = Ссылка на место проведения начинается с https:// или vev://, а эта — с { $scheme }://. Скопируйте её из приглашения ещё раз.
problem-link-host = «{ $host }» не является адресом сервера. Скопируйте ссылку из приглашения целиком.
problem-link-port = Порт «{ $port }» не является числом от 1 до 65535. Скопируйте ссылку из приглашения целиком.
problem-link-event = В ссылке не указано мероприятие: часть «/e/…» отсутствует или повреждена. Скопируйте ссылку из приглашения целиком.
problem-link-no-code = Ссылка обрывается перед кодом (частью после «#»). Скопируйте ссылку из приглашения целиком.
problem-link-code = «{ $code }» не является кодом приглашения: код состоит из 8 букв и цифр, например 7KQ2-M9XT. Буква U не используется.
problem-link-fingerprint = Конец ссылки повреждён: часть после точки состоит из 43 знаков. Скопируйте ссылку из приглашения целиком.
problem-code-without-server = Один только код открывает место, посещённое последним, а такого ещё нет. На этот раз вставьте ссылку целиком.
problem-no-answer = { $host } не отвечает. Возможно, ваша сеть блокирует порт UDP { $port }: попросите администратора сети разрешить исходящий UDP к { $host }, порт { $port }, или воспользуйтесь другой сетью.
problem-name-not-found = Имя { $host } не найдено. Проверьте подключение к интернету и ссылку.
problem-network-down = Этот компьютер не может выйти в сеть ({ $detail }). Проверьте подключение к интернету.
problem-server-busy = { $host } сейчас не принимает новых подключений. Повторите попытку через минуту.
problem-event-over = Мероприятие завершено. Попросите у организатора приглашение на следующее.
problem-not-a-venue = { $host } отвечает, но не как сервер VEV ({ $detail }). Уточните ссылку у организатора.
problem-fingerprint-mismatch = { $host } предъявляет не тот ключ, который указан в приглашении. Возможно, соединение прослушивается или сервер был установлен заново. Не продолжайте; попросите у организатора новую ссылку.
problem-unknown-server = Вы ещё не посещали { $host }, а в ссылке не указан его ключ. Его ключ: { $fingerprint }. Продолжайте, только если организатор его подтвердит.
problem-went-away = Соединение с { $host } потеряно. VEV повторит попытку самостоятельно.
problem-server-closing = Сервер { $host } перезапускается. VEV вернётся самостоятельно, как только он ответит.
problem-wrong-version = Версии программы и сервера различаются ({ $detail }). Загрузите программу ещё раз со страницы вашей ссылки.
problem-unknown-invitation = Сервер не знает этого приглашения. Проверьте код или попросите у организатора новую ссылку.
problem-expired-invitation = Срок действия приглашения истёк. Попросите у организатора новое.
problem-revoked-invitation = Приглашение отозвано. Если вы считаете, что это ошибка, обратитесь к организатору.
problem-event-not-open = Мероприятие сейчас не открыто. Узнайте у организатора, когда оно откроется.
problem-rate-limited = Отсюда было слишком много попыток. Подождите минуту и повторите.
problem-bad-proof = Сервер не смог проверить это устройство. Повторите попытку; если это не поможет, попросите у организатора новую ссылку.
problem-removed = Организатор удалил вас с мероприятия: { $reason }.
problem-refused-otherwise = Сервер не разрешает вход: { $detail }.
problem-taken-over = Вы продолжили работу на другом устройстве с тем же приглашением. Выберите «Продолжить здесь», чтобы вернуться на это.
problem-damaged-file = Файл { $file } дважды получен повреждённым. Сообщите организатору: место проведения нужно опубликовать заново.
problem-damaged-package = Место проведения нельзя показать: { $detail }. Сообщите организатору: его нужно опубликовать заново.
problem-missing-file = На сервере нет файла { $file }. Сообщите организатору: место проведения нужно опубликовать заново.
problem-disk-full = Место проведения нельзя сохранить на этом компьютере ({ $detail }); в следующий раз оно загрузится снова. Освободите место в { $folder }.
problem-data-folder = VEV не может хранить файлы в { $folder }: { $detail }. Разрешите запись в эту папку или укажите другую с помощью --data-dir.
problem-settings-unreadable = Настройки в { $file } не читаются ({ $detail }), поэтому VEV запускается с исходными значениями. Прежний файл сохранён рядом.
problem-damaged-tile = Часть места проведения нельзя показать ({ $file }: { $detail }). Сообщите организатору.
problem-seat-refused = Сесть туда нельзя: { $reason }.
problem-text-rejected = Сообщение не отправлено: { $reason }.
problem-text-unconfirmed = Соединение потеряно до того, как сервер подтвердил сообщение. Отправьте его ещё раз, если оно не появится.
problem-space-refused = Перейти туда нельзя: { $reason }.
problem-can-not-start = Программу { $program } не удалось запустить: { $detail }.
problem-no-display = Здесь нельзя открыть окно ({ $detail }). Запустите VEV в сеансе рабочего стола или используйте --headless.
problem-no-graphics = Не найдено пригодного графического адаптера ({ $detail }). Установите драйвер видеокарты или программный рендерер Mesa.
