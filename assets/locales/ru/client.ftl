# Клиент на русском языке.

product-name = VEV
product-line = Площадка ваших заседаний — где бы вы ни находились.

start-last = Площадка, которую вы посетили последней
start-enter = Войти
start-link = Ваше приглашение
start-link-hint = Вставьте ссылку или введите код
start-enter-venue = Войти на площадку
start-clear = Очистить
start-host = Открыть площадку на этом компьютере
start-host-note = Запускает здесь сервер и входит на него
start-host-back = Вернуться на площадку на этом компьютере
start-host-back-note = Она всё ещё открыта
host-name = Хозяин
host-guest = Гость { $number }
start-privacy = Организатор мероприятия хранит ваше имя, название делегации, время прихода и ухода и отправленные вами сообщения. Перемещения никогда не сохраняются.
start-privacy-read = Защита данных
start-quit = Выйти
start-version = Версия { $version }

wait-hosting = Открывается площадка на этом компьютере…
wait-connecting = Соединение с { $value }…
wait-joining = { $value } проверяет ваше приглашение…
wait-loading = Загрузка площадки: { $value } МБ
wait-lost = Соединение потеряно
wait-ended = Сейчас войти невозможно
wait-retry-in = { $seconds ->
    [one] Следующая попытка через { $seconds } секунду.
    [few] Следующая попытка через { $seconds } секунды.
    [many] Следующая попытка через { $seconds } секунд.
   *[other] Следующая попытка через { $seconds } секунды.
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
    [many] Здесь ещё { $count } человек
   *[other] Здесь ещё { $count } человека
}
hud-unread = { $count ->
    [one] { $count } новое сообщение
    [few] { $count } новых сообщения
    [many] { $count } новых сообщений
   *[other] { $count } нового сообщения
}
hud-menu = { $key }: меню
hud-text = { $key }: написать
hud-help = { $key }: справка
hud-stand = { $key }: встать
hud-sit = { $key }: сесть
hud-door = Дверь: { $room }
hud-door-shut = Дверь: { $room } (вход закрыт)

notice-put-back = Там стоять нельзя: вы возвращены на прежнее место.
notice-observing = Все места с правом выступления заняты. Вы участвуете в качестве наблюдателя, пока не освободится место.
notice-reconnected = Соединение восстановлено.
notice-arrived = Входит { $name }.
notice-departed = Уходит { $name }.
notice-overlay = Показаны пол и метки.
notice-overlay-key = Показаны пол и метки. Наведите взгляд на метку или на пол и нажмите { $key }, чтобы скопировать её как текст.
notice-copied = Скопировано: { $entry }
notice-nothing-to-copy = Здесь нечего копировать. Наведите взгляд на метку или на пол.
notice-venue-renewed = Площадка обновлена.
notice-venue-note = Новое состояние площадки не принято: { $words }

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
    [many] { $count } участников мероприятия
   *[other] { $count } участника мероприятия
}
people-you = Вы
kind-observer = Наблюдатель
kind-interpreter = Устный переводчик
kind-kiosk = Терминал на площадке
kind-robot = Робот на площадке
kind-service = Служба
role-chair = Председатель
role-moderator = Модератор
role-organiser = Организатор

texts-room = Этот зал
texts-somebody = Участник, который ушёл
texts-unread = { $name } · { $count }
texts-none-room = В этом зале ещё никто не писал.
texts-none-person = Вы ещё не писали друг другу.
texts-elsewhere = Снова написать в этот зал можно будет, когда вы окажетесь в нём.
texts-write-room = Написать всем в этом зале
texts-write-person = Написать: { $name }
texts-send = Отправить
texts-live = Текст в реальном времени
texts-live-note = Другие видят каждый знак, пока вы пишете, — до отправки сообщения или отключения этой настройки.
texts-live-head = { $name } пишет
caption = { $name }: { $words }
texts-left = { $count ->
    [one] Остался { $count } знак
    [few] Осталось { $count } знака
    [many] Осталось { $count } знаков
   *[other] Осталось { $count } знака
}
text-sending = отправляется…
text-stored = отправлено
text-failed = не отправлено
text-failed-not-connected = Не было соединения. Повторите, когда оно восстановится.
text-failed-not-stored = Сервер не смог сохранить сообщение. Повторите попытку; если это не поможет, сообщите организатору.
text-failed-rate-limited = Слишком много сообщений за короткое время. Немного подождите и повторите.
text-failed-person-gone = Этот участник покинул мероприятие.
text-failed-room-left = Вы вышли из зала, которому адресовано это сообщение. Вернитесь туда и повторите попытку.
text-failed-not-accepted = Сообщение слишком длинное или содержит знаки, которые нельзя отправить.

rooms-line = Выберите зал, чтобы сразу оказаться в нём. Ваше имя и настройки сохраняются.
rooms-people = { $count ->
    [0] Никого нет
    [one] { $count } человек
    [few] { $count } человека
    [many] { $count } человек
   *[other] { $count } человека
}
rooms-here = Вы здесь
rooms-go = Перейти
rooms-closed = Вам недоступен
map = План
map-line = Выберите зал или место, и вы окажетесь там.
map-spoken = План площадки; список рядом содержит те же сведения.
map-sit = Сесть
map-seats = { $count ->
    [one] Здесь { $count } свободное место
    [few] Здесь { $count } свободных места
    [many] Здесь { $count } свободных мест
   *[other] Здесь { $count } свободного места
}
around = Вокруг меня
around-seat = Свободное место
around-seat-named = Свободное место { $label }
around-screen = Экран: { $name }
around-way = { $metres ->
    [one] { $way }, { $metres } метр
    [few] { $way }, { $metres } метра
    [many] { $way }, { $metres } метров
   *[other] { $way }, { $metres } метра
}
way-ahead = впереди
way-ahead-right = впереди справа
way-right = справа
way-behind-right = сзади справа
way-behind = сзади
way-behind-left = сзади слева
way-left = слева
way-ahead-left = впереди слева
here-room = Вы здесь: { $room }.
here-alone = Рядом с вами никого нет.
here-company = Рядом с вами: { $names }.
here-facing = Перед вами: { $thing }.
list-joint = { ", " }
people-search = Поиск по имени, делегации или залу
people-sort-near = Сначала этот зал
people-sort-name = По имени
people-sort-delegation = По делегации
people-none = Никто не найден.
people-go = Перейти туда
announce-text = { $name }: { $text }
invite = Пригласить
invite-line = Вы открыли эту площадку. Каждая ссылка — для одного человека в вашей сети: скопируйте её и отправьте.
invite-copy = Скопировать ссылку
invite-copied = Скопировано

settings-reading = Язык и чтение
settings-comfort = Удобство
settings-controls = Управление
settings-graphics = Графика
settings-privacy = Конфиденциальность
settings-field-of-view = Поле зрения
settings-degrees = { $degrees }°
settings-forget = Забыть последнюю площадку
settings-forget-note = Она больше не предлагается на начальной странице, а ваше приглашение удаляется с этого компьютера. Чтобы войти снова, понадобится ссылка.
settings-forgotten = Последняя площадка больше не предлагается на этом компьютере.
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
settings-picture-note = Изображение изменится сразу. Другая видеокарта будет использоваться только при следующем запуске VEV.
settings-resolution = Чёткость изображения
settings-detail = Детализация площадки
settings-times = Время каждого кадра
settings-times-hidden = Скрыто
settings-times-shown = Показано
times-pictures = Кадров в секунду: { $rate }, размер { $width } × { $height }
times-processor = Процессор: { $ms } мс
times-graphics = Графика: { $ms } мс, из них сцена { $world }, экран { $screen }
times-graphics-unknown = Графика: это устройство не измеряет
settings-audio = Звук
settings-sounds = Звуковые сигналы для сообщений и уведомлений
settings-volume = Громкость
settings-volume-less = Тише
settings-volume-more = Громче
settings-sound-kinds = Сигналы для событий
settings-sound-to-me = Сообщения лично мне
settings-sound-to-room = Сообщения в зале
settings-sound-order = Просьбы прийти, объявления и действия модераторов
settings-sound-hands = Поднятые и опущенные руки
settings-sound-connection = Потеря и восстановление соединения
settings-sound-sample = Прослушать: { $sound }
settings-output = Устройство вывода звука
settings-output-default = Системное по умолчанию
settings-output-gone = { $output } (не подключено)
settings-mono = Моно: одинаковый звук в обоих ушах
settings-headset = Шлем
settings-vignette = Сужение поля зрения при движении
settings-vignette-off = Выключено
settings-vignette-weak = Слабо
settings-vignette-medium = Средне
settings-vignette-strong = Сильно
settings-vignette-speed = Начиная с этой скорости, метров в секунду
settings-vignette-turn = Начиная с этой скорости поворота, градусов в секунду
settings-vignette-earlier = Раньше
settings-vignette-later = Позже
settings-height = Как вы пользуетесь шлемом
settings-height-standing = Стоя
settings-height-seated = Сидя
settings-hand = Рука, которой вы указываете
settings-hand-left = Левая
settings-hand-right = Правая
settings-hands-both = Двумя руками
settings-hands-one = Всё этой рукой
settings-stick = Стик, отклонённый вперёд
settings-stick-jump = Наводит прыжок
settings-stick-walk = Служит для ходьбы; прыжок наводит курок
settings-height-note = Наденьте шлем и смотрите прямо перед собой, затем:
settings-height-measure = Измерить мой рост
settings-jump-fade = При прыжке
settings-jump-fade-dark = Темнота на мгновение
settings-jump-fade-none = Без темноты
settings-refresh = Кадров в секунду
settings-refresh-auto = Автоматически
settings-refresh-hertz = { $rate } Гц
settings-refresh-one = У шлема одна частота: { $rate } Гц.
settings-refresh-fixed = Частоту кадров выбирает программа шлема.
settings-mirror = Окно рядом со шлемом
settings-mirror-shown = Что видит левый глаз
settings-mirror-none = Без окна
settings-eyes = Как рисуются глаза
settings-eyes-auto = Автоматически
settings-eyes-at-once = Оба сразу
settings-eyes-apart = Один за другим
settings-eyes-note = Изменится при следующем запуске VEV. Выбирайте другой способ, только если одному глазу чего-то не видно.
settings-panorama = Панорамы вокруг залов
settings-panorama-auto = Автоматически
settings-panorama-in-picture = Рисуются вместе с площадкой
settings-panorama-note = Выбирайте другой способ, только если панорамы не видно или она поворачивается вместе с головой.
settings-buttons = Кнопки контроллеров
settings-buttons-note = Чтобы изменить кнопку, нажмите на её строку, а затем новую кнопку на контроллере.
settings-buttons-press = Нажмите кнопку…
settings-buttons-none = Нет кнопки
settings-buttons-refused = Это последняя кнопка меню. Сначала назначьте меню другую.
settings-buttons-reset = Сбросить все кнопки
button-lower = Нижняя кнопка (A или X)
button-upper = Верхняя кнопка (B или Y)
button-stick = Нажатый стик
button-menu = Кнопка меню
button-squeeze = Сжатие контроллера
deed-mute = Микрофон
deed-recenter = Смотреть вперёд отсюда; удерживать: безопасное место
recenter = Смотреть вперёд отсюда
notice-height-measured = Ваш рост измерен.
notice-height-failed = Не удалось измерить ваш рост. Наденьте шлем и смотрите прямо перед собой.
notice-microphone-closed = Ваш микрофон выключен модератором; вернуть его может только модератор.
settings-keyboard = Экранная клавиатура
settings-keyboard-headset = Только со шлемом
settings-keyboard-always = Всегда, когда вы пишете
settings-keyboard-note = На ней есть буквы шести языков. Китайский текст набирается на пиньине; предлагаются только частые иероглифы.
settings-keys-note = Чтобы изменить клавишу, нажмите на её строку, а затем новую клавишу.
settings-keys-press = Нажмите клавишу…
settings-keys-none = Нет клавиши
settings-keys-taken = { $key } уже используется для: { $deed }.
settings-keys-refused = Эту клавишу здесь использовать нельзя. Нажмите другую или Esc, чтобы ничего не менять.
settings-keys-take = Использовать здесь
settings-keys-reset = Исходная клавиша
settings-keys-reset-all = Сбросить все клавиши
percent = { $value } %

link = Ссылка
link-to = Открыть { $host }
link-leads = Эта ссылка ведёт за пределы площадки, на адрес:
link-letters = В имени этой страницы есть буквы другого алфавита, с их помощью можно подделать знакомое вам имя: { $name }
link-hides = Сообщение скрывает часть знаков этого адреса. Здесь показано, куда он ведёт на самом деле.
link-open = Открыть в браузере
link-copy = Скопировать адрес

keyboard = Клавиатура
keyboard-shift = Прописные буквы и другие знаки
keyboard-backspace = Удалить последний знак
keyboard-enter = Ввод
keyboard-space = Пробел
keyboard-language = Язык клавиатуры: { $language }
keyboard-letters = Буквы
keyboard-signs = Цифры и знаки
keyboard-code = Буквы и цифры кодов
keyboard-hide = Скрыть клавиатуру

tour-step = Первые шаги: { $step } из { $steps }
tour-walk = Ходите с помощью клавиш { $keys } или щёлкните по полу, чтобы оказаться там. Удерживайте правую кнопку мыши, чтобы осмотреться.
tour-sit = Щёлкните по месту, чтобы сесть, или нажмите { $key } рядом с ним. Через открытую дверь можно пройти в другой зал.
tour-write = Нажмите { $key }, чтобы написать всем в зале. В меню, в разделе «Участники», можно найти человека, написать ему или перейти к нему.
tour-menu = { $key } открывает меню: план, настройки и всё остальное. { $help } открывает справку, где эти шаги можно посмотреть снова.
tour-headset-move = Нажмите курок, наведите дугу на пол или на место и отпустите, чтобы оказаться там. Левый стик служит для ходьбы.
tour-headset-turn = Отклоните правый стик в сторону, чтобы повернуться. Пока вы целитесь, он выбирает, куда вы будете смотреть.
tour-headset-mute = Ваша кнопка микрофона: { $button }. Знак у нижнего края поля зрения показывает, что он выключен.
tour-headset-menu = Ваша кнопка меню: { $button }. Укажите на то, что вам нужно, и нажмите курок. В справке эти шаги можно посмотреть снова.
tour-one-hand-move = Нажмите курок, наведите дугу на пол или на место и отпустите, чтобы оказаться там.
tour-one-hand-turn = Отклоните стик в сторону, чтобы повернуться. Пока вы целитесь, он выбирает, куда вы будете смотреть.
tour-hands-move = Сведите большой и указательный пальцы, наведите дугу на пол или на место и разведите их, чтобы оказаться там.
tour-hands-turn = Поворачивайтесь всем телом. Если вы сидите, выберите в меню «Смотреть вперёд отсюда», чтобы повернуться туда, куда вы смотрите.
tour-hands-mute = Левый кулак служит кнопкой микрофона. Знак у нижнего края поля зрения показывает, что он выключен.
tour-hands-menu = Правый кулак открывает меню. Укажите на то, что вам нужно, и сведите пальцы или коснитесь этого пальцем. В справке эти шаги можно посмотреть снова.
tour-next = Далее
tour-skip = Пропустить
tour-done = Готово
tour-again = Показать первые шаги снова

help-move = Ходите с помощью клавиш, указанных ниже, или щёлкните по полу, чтобы оказаться там. Удерживайте правую кнопку мыши, чтобы осмотреться.
help-panels = Всё доступно с клавиатуры: Tab переводит от вида к кнопкам и панелям и дальше, стрелки тоже, Page Up и Page Down прокручивают, Enter нажимает, Esc закрывает и возвращает к виду.
help-seat = Щёлкните по месту, чтобы сесть. Оно остаётся вашим, пока вы не встанете или не уйдёте.
help-keys = Клавиши
deed-forward = Идти вперёд
deed-backward = Идти назад
deed-left = Шаг влево
deed-right = Шаг вправо
deed-run = Идти быстрее
deed-turn-left = Повернуться налево
deed-turn-right = Повернуться направо
deed-look-up = Посмотреть вверх
deed-look-down = Посмотреть вниз
deed-teleport = Перейти к точке
deed-sit = Сесть или встать
deed-text = Написать
deed-menu = Меню
deed-people = Участники
deed-rooms = Залы
deed-map = План
deed-around = Вокруг меня
deed-where = Где я?
deed-view = От первого или третьего лица
deed-overlay = Показать пол и метки площадки
deed-copy-anchor = Скопировать метку под прицелом (когда метки показаны)
deed-times = Показать или скрыть время каждого кадра
deed-wave = Помахать рукой
deed-nod = Кивнуть
deed-applaud = Аплодировать
deed-point = Указать
deed-shrug = Пожать плечами
deed-bow = Поклониться
deed-thumb-up = Поднять большой палец
deed-release = Закрыть, освободить мышь
deed-help = Справка
key-space = Пробел
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

leave-sure = Вы хотите покинуть площадку? Ваше место освободится. Вы сможете вернуться по тому же приглашению.
leave-stay = Остаться
leave-yes = Покинуть площадку
leave-quit = Закрыть программу

reason-seat-taken = там уже кто-то сидит
reason-seat-elsewhere = оно находится в другом зале
reason-seat-unknown = такого места здесь нет
reason-seat-reserved = оно предназначено для другого участника
reason-seat-too-far = оно слишком далеко, подойдите ближе
for-support = Для службы поддержки: { $detail }

problem-link-empty = Вставьте ссылку из приглашения или введите его код из 8 знаков.
problem-link-scheme = Ссылка на площадку начинается с https:// или vev://, а эта — с { $scheme }://. Скопируйте её из приглашения ещё раз.
problem-link-host = «{ $host }» не является адресом сервера. Скопируйте ссылку из приглашения целиком.
problem-link-port = Порт «{ $port }» не является числом от 1 до 65535. Скопируйте ссылку из приглашения целиком.
problem-link-event = В ссылке не указано мероприятие: часть «/e/…» отсутствует или повреждена. Скопируйте ссылку из приглашения целиком.
problem-link-no-code = Ссылка обрывается перед кодом (частью после «#»). Скопируйте ссылку из приглашения целиком.
problem-link-code = «{ $code }» не является кодом приглашения: код состоит из 8 букв и цифр, например 7KQ2-M9XT. Буква U не используется.
problem-link-fingerprint = Конец ссылки повреждён: часть после точки состоит из 43 знаков. Скопируйте ссылку из приглашения целиком.
problem-code-without-server = Один только код открывает площадку, посещённую последней, а такой ещё нет. На этот раз вставьте ссылку целиком.
problem-no-answer = { $host } не отвечает. Возможно, ваша сеть блокирует порт UDP { $port }: попросите администратора сети разрешить исходящий UDP к { $host }, порт { $port }, или воспользуйтесь другой сетью.
problem-name-not-found = Имя { $host } не найдено. Проверьте подключение к интернету и ссылку.
problem-network-down = Этот компьютер не может выйти в сеть. Проверьте подключение к интернету.
problem-server-busy = { $host } сейчас не принимает новых подключений. Повторите попытку через минуту.
problem-event-over = Мероприятие завершено. Попросите у организатора приглашение на следующее.
problem-not-a-venue = { $host } отвечает, но не как сервер VEV. Уточните ссылку у организатора.
problem-fingerprint-mismatch = { $host } предъявляет не тот ключ, который указан в приглашении. Возможно, соединение прослушивается или сервер был установлен заново. Не продолжайте; попросите у организатора новую ссылку.
problem-unknown-server = Вы ещё не посещали { $host }, а в ссылке не указан его ключ. Его ключ: { $fingerprint }. Продолжайте, только если организатор его подтвердит.
problem-key-changed = { $host } предъявляет не тот ключ, что при вашем прошлом посещении. Возможно, сервер настроили заново, а возможно, кто-то прослушивает соединение. Теперь его ключ: { $fingerprint }. Продолжайте, только если организатор его подтвердит.
problem-went-away = Соединение с { $host } потеряно. VEV повторит попытку самостоятельно.
problem-lost-on-the-way = Соединение с { $host } потеряно до входа. Повторите попытку; если это не поможет, воспользуйтесь другой сетью.
problem-server-closing = Сервер { $host } перезапускается. VEV вернётся самостоятельно, как только он ответит.
problem-wrong-version = Версии программы и сервера различаются (сервер: { $server }). Загрузите программу ещё раз со страницы вашей ссылки.
problem-unknown-invitation = Сервер не знает этого приглашения. Проверьте код или попросите у организатора новую ссылку.
problem-expired-invitation = Срок действия приглашения истёк. Попросите у организатора новое.
problem-revoked-invitation = Приглашение отозвано. Если вы считаете, что это ошибка, обратитесь к организатору.
problem-event-not-open = Мероприятие сейчас не открыто. Узнайте у организатора, когда оно откроется.
problem-rate-limited = Отсюда было слишком много попыток. Подождите минуту и повторите.
problem-bad-proof = Сервер не смог проверить это устройство. Повторите попытку; если это не поможет, попросите у организатора новую ссылку.
problem-removed = Вас удалили с мероприятия. Если вы считаете, что это ошибка, обратитесь к организатору.
problem-server-full = На { $host } заняты все места. Повторите попытку через несколько минут или сообщите организатору.
problem-server-stopping = { $host } готовится к остановке и никого не впускает. Повторите попытку через несколько минут.
problem-server-unavailable = { $host } сейчас не может вас впустить. Повторите попытку через минуту; если это не поможет, сообщите организатору.
problem-taken-over = Вы продолжили работу на другом устройстве с тем же приглашением. Выберите «Продолжить здесь», чтобы вернуться на это.
problem-damaged-file = Файл { $file } дважды получен повреждённым. Сообщите организатору: площадку нужно опубликовать заново.
problem-damaged-package = Площадку нельзя показать: её описание повреждено. Сообщите организатору: её нужно опубликовать заново.
problem-missing-file = На сервере нет файла { $file }. Сообщите организатору: площадку нужно опубликовать заново.
problem-file-not-arriving = Файл { $file } не приходит. Повторите попытку; если это не поможет, воспользуйтесь другой сетью или сообщите организатору.
problem-loading-stalled = От { $host } больше ничего не приходит. Повторите попытку; если это не поможет, воспользуйтесь другой сетью или сообщите организатору.
problem-disk-full = Площадку нельзя сохранить на этом компьютере; в следующий раз она загрузится снова. Освободите место на диске в { $folder }.
problem-data-folder = VEV не может хранить файлы в { $folder }. Разрешите запись в эту папку или укажите другую с помощью --data-dir.
problem-settings-unreadable = Настройки в { $file } не читаются, поэтому VEV запускается с исходными значениями. Прежний файл сохранён рядом.
problem-damaged-tile = Часть площадки нельзя показать (файл { $file }). Сообщите организатору.
problem-seat-refused = Сесть туда нельзя: { $reason }.
problem-can-not-start = Программу { $program } не удалось запустить. Проверьте, что она установлена и что у вас есть право её запускать.
problem-host-missing = Программы { $program } нет рядом с этой. Распакуйте весь архив VEV ещё раз.
problem-host-ended = Не удалось открыть площадку на этом компьютере. Повторите попытку; если это не поможет, перезагрузите компьютер или обратитесь в поддержку.
problem-host-stopped = Площадка на этом компьютере закрылась. Откройте её снова с начальной страницы.
problem-sound-replaced = Устройство вывода звука { $output } сейчас недоступно. Звук идёт через системное устройство по умолчанию; другое можно выбрать в настройках.
problem-sound-gone = Не осталось ни одного устройства вывода звука. Пока устройство не подключено, VEV работает без звука; уведомления по-прежнему показываются.
problem-no-display = Здесь нельзя открыть окно. Запустите VEV в сеансе рабочего стола или используйте --headless.
problem-no-graphics = Не найдено пригодного графического адаптера. Установите драйвер видеокарты или программный рендерер Mesa.
problem-headset-no-loader = Шлемом здесь воспользоваться нельзя: OpenXR не установлен. Установите программу вашего шлема или запустите VEV с параметром --flat.
problem-headset-no-runtime = Шлем не отвечает. Запустите программу вашего шлема и выберите её как среду OpenXR или запустите VEV с параметром --flat.
problem-headset-missing = Шлем не подключён. Подключите и включите шлем или запустите VEV с параметром --flat.
problem-headset-failed = Показать площадку в шлеме не удалось. Перезапустите программу вашего шлема; если это не поможет, запустите VEV с параметром --flat.
problem-headset-lost = Связь со шлемом потеряна. Проверьте шлем и запустите VEV снова или запустите его с параметром --flat.
problem-graphics-lost = Видеокарта перестала работать, и восстановить изображение не удалось. Запустите VEV снова; если это не поможет, обновите драйвер видеокарты.

avatar = Ваш аватар
start-avatar-note = Посмотрите на себя в зеркало и выберите
avatar-look = Облик
avatar-skin = Тон кожи
avatar-clothing = Цвет одежды
avatar-own-color = Как у облика
avatar-tone = Тон { $number }
avatar-turn-left = Повернуть налево
avatar-turn-right = Повернуть направо
avatar-note = Все сразу увидят ваш выбор. Он запоминается на этом компьютере.
avatar-look-suit = Костюм с галстуком
avatar-look-dress = Платье
avatar-look-blouse = Блузка и юбка
avatar-look-boubou = Бубу
avatar-look-sari = Сари
avatar-look-scarf = Платок и пальто
avatar-look-jacket = Пиджак, открытый ворот
avatar-look-kurta = Курта
avatar-look-trousers = Брючный костюм
avatar-look-wheelchair = Кресло-коляска, пуловер
avatar-navy = Тёмно-синий
avatar-charcoal = Угольный
avatar-burgundy = Бордовый
avatar-green = Зелёный
avatar-teal = Сине-зелёный
avatar-plum = Сливовый
avatar-sand = Песочный
avatar-light-blue = Голубой
avatar-ivory = Слоновая кость

anchor-spawn = Прибытие · { $name }
anchor-seat = Место { $name }
anchor-door = Дверь { $name }
anchor-screen = Экран · { $name }
anchor-zone = Зона · { $name }
anchor-booth = Кабина · { $name }
anchor-exhibit = Экспонат · { $name }
