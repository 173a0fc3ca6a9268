# El cliente en español.

product-name = VEV
product-line = La sede de sus reuniones, dondequiera que esté.

start-last = La última sede que visitó
start-enter = Entrar
start-link = Su invitación
start-link-hint = Pegue el enlace o escriba el código
start-enter-venue = Entrar en la sede
start-clear = Borrar
start-host = Alojar una sede en este equipo
start-host-note = Inicia aquí un servidor y entra en él
start-host-back = Volver a la sede en este equipo
start-host-back-note = Sigue abierta
host-name = Anfitrión
host-guest = Invitado { $number }
start-privacy = El organizador del evento conserva su nombre, su delegación, sus horas de llegada y salida y los mensajes que envía. Los movimientos no se almacenan nunca.
start-privacy-read = Aviso de privacidad
start-quit = Salir
start-version = Versión { $version }

wait-hosting = Abriendo una sede en este equipo…
wait-connecting = Conectando con { $value }…
wait-joining = { $value } está comprobando su invitación…
wait-loading = Cargando la sede: { $value } MB
wait-lost = Se ha perdido la conexión
wait-ended = No puede entrar en este momento
wait-retry-in = { $seconds ->
    [one] El próximo intento comienza en { $seconds } segundo.
   *[other] El próximo intento comienza en { $seconds } segundos.
}
wait-retrying = Intentándolo de nuevo…
retry-now = Intentar ahora
retry = Intentar de nuevo
continue-here = Continuar aquí
go-on = El organizador la confirma: continuar
to-start = Volver a la página de inicio
cancel = Cancelar
back = Atrás
close = Cerrar

hud-others = { $count ->
    [0] No hay nadie más aquí
    [one] Hay otra persona aquí
   *[other] Hay otras { $count } personas aquí
}
hud-unread = { $count ->
    [one] { $count } mensaje nuevo
   *[other] { $count } mensajes nuevos
}
hud-menu = { $key }: menú
hud-text = { $key }: escribir
hud-help = { $key }: ayuda
hud-stand = { $key }: levantarse
hud-sit = { $key }: sentarse
hud-door = Puerta: { $room }
hud-door-shut = Puerta: { $room } (acceso no autorizado)

notice-put-back = No puede situarse allí: se le ha devuelto a su sitio.
notice-observing = Todos los puestos con derecho a la palabra están ocupados. Participa en calidad de observador hasta que quede uno libre.
notice-reconnected = Se ha restablecido la conexión.
notice-arrived = Ha entrado { $name }.
notice-departed = Ha salido { $name }.
notice-overlay = Se muestran el suelo y las marcas.
notice-overlay-key = Se muestran el suelo y las marcas. Apunte a una marca o al suelo y pulse { $key } para copiarlo como texto.
notice-copied = Copiado: { $entry }
notice-nothing-to-copy = Aquí no hay nada que copiar. Apunte a una marca o al suelo.
notice-venue-renewed = La sede se ha actualizado.
notice-venue-note = El nuevo estado de la sede no se ha aceptado: { $words }

menu = Menú
people = Participantes
texts = Mensajes
rooms = Salas
settings = Ajustes
help = Ayuda
leave = Salir
stand-up = Levantarse

person = { $name } ({ $delegation })
people-count = { $count ->
    [one] { $count } participante en el evento
   *[other] { $count } participantes en el evento
}
people-you = Usted
kind-observer = Observador
kind-interpreter = Intérprete
kind-kiosk = Terminal en la sede
kind-robot = Robot en la sede
kind-service = Servicio
role-chair = Presidencia
role-moderator = Moderación
role-organiser = Organización

texts-room = Esta sala
texts-somebody = Una persona que ha salido
texts-unread = { $name } · { $count }
texts-none-room = Nadie ha escrito todavía en esta sala.
texts-none-person = Todavía no se han escrito.
texts-elsewhere = Podrá volver a escribir a esta sala cuando esté en ella.
texts-write-room = Escriba a toda la sala
texts-write-person = Escriba a { $name }
texts-send = Enviar
texts-live = Texto en tiempo real
texts-live-note = Los demás ven cada carácter mientras lo escribe, hasta que envíe el mensaje o desactive esta opción.
texts-live-head = { $name } está escribiendo
caption = { $name }: { $words }
texts-left = { $count ->
    [one] Queda { $count } carácter
   *[other] Quedan { $count } caracteres
}
text-sending = enviando…
text-stored = enviado
text-failed = no enviado
text-failed-not-connected = No había conexión. Inténtelo de nuevo cuando se restablezca.
text-failed-not-stored = El servidor no pudo almacenar el mensaje. Inténtelo de nuevo y, si no basta, avise al organizador.
text-failed-rate-limited = Demasiados mensajes en poco tiempo. Espere un momento e inténtelo de nuevo.
text-failed-person-gone = Esta persona ha salido del evento.
text-failed-room-left = Ha salido de la sala a la que se dirige este mensaje. Vuelva a esa sala e inténtelo de nuevo.
text-failed-not-accepted = El mensaje es demasiado largo o contiene caracteres que no se pueden enviar.

rooms-line = Elija una sala para trasladarse a ella al instante. Su nombre y sus ajustes le acompañan.
rooms-people = { $count ->
    [0] Nadie
    [one] { $count } persona
   *[other] { $count } personas
}
rooms-here = Está aquí
rooms-go = Ir allí
rooms-closed = Acceso no autorizado
map = Plano
map-line = Elija una sala o un asiento y estará allí.
map-spoken = Plano de la sede; la lista contigua ofrece la misma información.
map-sit = Sentarse
map-seats = { $count ->
    [one] Un asiento libre aquí
   *[other] { $count } asientos libres aquí
}
around = A mi alrededor
around-seat = Asiento libre
around-seat-named = Asiento libre { $label }
around-screen = Pantalla: { $name }
around-way = { $metres ->
    [one] { $way }, un metro
   *[other] { $way }, { $metres } metros
}
way-ahead = delante
way-ahead-right = delante a la derecha
way-right = a la derecha
way-behind-right = detrás a la derecha
way-behind = detrás
way-behind-left = detrás a la izquierda
way-left = a la izquierda
way-ahead-left = delante a la izquierda
here-room = Usted está en: { $room }.
here-alone = No hay nadie cerca de usted.
here-company = Cerca de usted: { $names }.
here-facing = Delante de usted: { $thing }.
list-joint = { ", " }
people-search = Buscar por nombre, delegación o sala
people-sort-near = Primero esta sala
people-sort-name = Por nombre
people-sort-delegation = Por delegación
people-none = No se encontró a nadie.
people-go = Llevarme allí
announce-text = { $name }: { $text }
invite = Invitar
invite-line = Usted aloja esta sede. Cada enlace es para una persona de su red: cópielo y envíelo.
invite-copy = Copiar el enlace
invite-copied = Copiado

settings-reading = Idioma y lectura
settings-comfort = Comodidad
settings-controls = Controles
settings-graphics = Gráficos
settings-privacy = Privacidad
settings-field-of-view = Campo de visión
settings-degrees = { $degrees }°
settings-forget = Olvidar la última sede
settings-forget-note = Ya no se ofrece en la página de inicio y su invitación se borra de este equipo. Necesitará el enlace para volver a entrar.
settings-forgotten = La última sede ya no se ofrece en este equipo.
settings-language = Idioma
settings-text-size = Tamaño del texto
settings-contrast = Contraste
settings-contrast-normal = Normal
settings-contrast-high = Alto
settings-turning = Giro
settings-turning-snap = Pasos de { $degrees }°
settings-turning-smooth = Continuo
settings-mouse = Velocidad de la mirada con el ratón
settings-mouse-slower = Más lenta
settings-mouse-faster = Más rápida
settings-picture = Imagen
settings-picture-standard = Estándar
settings-picture-low = Reducida, para equipos modestos
settings-picture-note = La imagen cambia de inmediato. Otra tarjeta gráfica solo se usa a partir del próximo inicio de VEV.
settings-audio = Sonido
settings-sounds = Reproducir sonidos para los mensajes y los avisos
settings-volume = Volumen
settings-volume-less = Más bajo
settings-volume-more = Más alto
settings-sound-kinds = Sonidos para
settings-sound-to-me = Mensajes para mí
settings-sound-to-room = Mensajes en la sala
settings-sound-order = Peticiones de venir, anuncios y actos de la moderación
settings-sound-hands = Manos levantadas y bajadas
settings-sound-connection = Conexión perdida y restablecida
settings-sound-sample = Escuchar: { $sound }
settings-output = Salida de sonido
settings-output-default = La predeterminada del sistema
settings-output-gone = { $output } (no conectada)
settings-mono = Mono: el mismo sonido en ambos oídos
settings-headset = Visor
settings-vignette = Campo visual más estrecho al moverse
settings-vignette-off = Desactivado
settings-vignette-weak = Débil
settings-vignette-medium = Medio
settings-vignette-strong = Fuerte
settings-vignette-speed = A partir de esta velocidad, en metros por segundo
settings-vignette-turn = A partir de este giro, en grados por segundo
settings-vignette-earlier = Antes
settings-vignette-later = Después
settings-height = Cómo usa el visor
settings-height-standing = De pie
settings-height-seated = En posición sentada
settings-hand = Mano que señala
settings-hand-left = Izquierda
settings-hand-right = Derecha
settings-hands-both = Usar las dos manos
settings-hands-one = Hacer todo con esta mano
settings-height-note = Póngase el visor y mire al frente; después:
settings-height-measure = Medir mi altura
settings-jump-fade = Al saltar
settings-jump-fade-dark = Oscuridad por un instante
settings-jump-fade-none = Sin oscuridad
settings-buttons = Botones de los mandos
settings-buttons-note = Para cambiar un botón, pulse su fila y después el botón nuevo del mando.
settings-buttons-press = Pulse un botón…
settings-buttons-none = Ningún botón
settings-buttons-refused = Es el último botón del menú. Asigne antes otro al menú.
settings-buttons-reset = Restablecer todos los botones
button-lower = Botón inferior (A o X)
button-upper = Botón superior (B o Y)
button-stick = Palanca pulsada
button-menu = Botón de menú
button-squeeze = Apretar el mando
deed-mute = Micrófono
deed-recenter = Mirar al frente desde aquí; mantenido: espacio seguro
recenter = Mirar al frente desde aquí
notice-height-measured = Su altura está medida.
notice-height-failed = No se ha podido medir su altura. Póngase el visor y mire al frente.
notice-microphone-closed = Su micrófono está cerrado. Esta versión aún no transmite voz.
settings-keyboard = Teclado en pantalla
settings-keyboard-headset = Solo con el visor
settings-keyboard-always = Siempre que escriba
settings-keyboard-note = Tiene las letras de seis idiomas. El chino se escribe en pinyin y solo se ofrecen los caracteres comunes.
settings-keys-note = Para cambiar una tecla, pulse su fila y después la tecla nueva.
settings-keys-press = Pulse una tecla…
settings-keys-none = Ninguna tecla
settings-keys-taken = { $key } ya se usa para: { $deed }.
settings-keys-refused = Esta tecla no se puede usar aquí. Pulse otra, o Esc para dejarla como está.
settings-keys-take = Usarla aquí
settings-keys-reset = Tecla original
settings-keys-reset-all = Restablecer todas las teclas
percent = { $value } %

link = Enlace
link-to = Abrir { $host }
link-leads = Este enlace lleva fuera de la sede, a:
link-letters = El nombre de esta página contiene letras de otro alfabeto, que pueden imitar un nombre que usted conoce: { $name }
link-hides = El mensaje oculta caracteres de esta dirección. Lo que lee aquí es su verdadero destino.
link-open = Abrir en el navegador
link-copy = Copiar la dirección

keyboard = Teclado
keyboard-shift = Mayúsculas y otros signos
keyboard-backspace = Borrar el último carácter
keyboard-enter = Intro
keyboard-space = Espacio
keyboard-language = Idioma del teclado: { $language }
keyboard-letters = Letras
keyboard-signs = Cifras y signos
keyboard-code = Letras y cifras de los códigos
keyboard-hide = Ocultar el teclado

tour-step = Primeros pasos: { $step } de { $steps }
tour-walk = Camine con { $keys } o haga clic en el suelo para ir allí. Mantenga pulsado el botón derecho del ratón para mirar alrededor.
tour-sit = Haga clic en un asiento para sentarse o pulse { $key } cerca de uno. Cruce una puerta abierta para entrar en otra sala.
tour-write = Pulse { $key } para escribir a toda la sala. En «Participantes», en el menú, puede encontrar a una persona, escribirle o ir hasta ella.
tour-menu = { $key } abre el menú, con el plano, los ajustes y todo lo demás. { $help } abre la ayuda, donde puede volver a ver estos pasos.
tour-headset-move = Apriete el gatillo, apunte el arco al suelo o a un asiento y suéltelo para estar allí. La palanca izquierda sirve para caminar.
tour-headset-turn = Empuje la palanca derecha hacia un lado para girar. Mientras apunta, elige hacia dónde mirará.
tour-headset-mute = Su botón del micrófono: { $button }. El signo en el borde inferior de la vista muestra que está cerrado.
tour-headset-menu = Su botón de menú: { $button }. Señale lo que quiera y apriete el gatillo. En la ayuda puede volver a ver estos pasos.
tour-hands-move = Junte el pulgar y el índice, apunte el arco al suelo o a un asiento y sepárelos para estar allí.
tour-hands-turn = Gire con su cuerpo. En posición sentada, elija «Mirar al frente desde aquí» en el menú para orientarse hacia donde mira.
tour-hands-mute = Su puño izquierdo es el botón del micrófono. El signo en el borde inferior de la vista muestra que está cerrado.
tour-hands-menu = Su puño derecho abre el menú. Señale lo que quiera y junte los dedos, o tóquelo con un dedo. En la ayuda puede volver a ver estos pasos.
tour-next = Siguiente
tour-skip = Omitir
tour-done = Listo
tour-again = Volver a ver los primeros pasos

help-move = Camine con las teclas que se indican abajo o haga clic en el suelo para ir allí. Mantenga pulsado el botón derecho del ratón para mirar alrededor.
help-panels = Todo es accesible con el teclado: Tab pasa de la vista a los botones y paneles y de uno a otro, las flechas también, Re Pág y Av Pág recorren las listas, Intro pulsa, Esc cierra y vuelve a la vista.
help-seat = Haga clic en un asiento para sentarse. Es suyo hasta que se levante o salga.
help-keys = Teclas
deed-forward = Caminar hacia delante
deed-backward = Caminar hacia atrás
deed-left = Paso a la izquierda
deed-right = Paso a la derecha
deed-run = Caminar más deprisa
deed-turn-left = Girar a la izquierda
deed-turn-right = Girar a la derecha
deed-look-up = Mirar hacia arriba
deed-look-down = Mirar hacia abajo
deed-teleport = Ir a un punto
deed-sit = Sentarse o levantarse
deed-text = Escribir
deed-menu = Menú
deed-people = Participantes
deed-rooms = Salas
deed-map = Plano
deed-around = A mi alrededor
deed-where = ¿Dónde estoy?
deed-view = Primera o tercera persona
deed-overlay = Mostrar el suelo y las marcas de la sede
deed-copy-anchor = Copiar la marca señalada (con las marcas a la vista)
deed-wave = Saludar con la mano
deed-nod = Asentir
deed-applaud = Aplaudir
deed-point = Señalar
deed-shrug = Encogerse de hombros
deed-bow = Inclinarse
deed-thumb-up = Levantar el pulgar
deed-release = Cerrar, soltar el ratón
deed-help = Ayuda
key-space = Espacio
key-shift = Mayús
key-ctrl = Ctrl
key-alt = Alt
key-enter = Intro
key-escape = Esc
key-tab = Tab
key-home = Inicio
key-end = Fin
key-insert = Insert
key-delete = Supr
key-page-up = Re Pág
key-page-down = Av Pág
key-numpad = Num { $key }

leave-sure = ¿Desea salir de la sede? Su asiento quedará libre. Podrá volver con la misma invitación.
leave-stay = Quedarse
leave-yes = Salir de la sede
leave-quit = Cerrar el programa

reason-seat-taken = hay alguien sentado
reason-seat-elsewhere = está en otra sala
reason-seat-unknown = ese asiento no existe en esta sede
reason-seat-reserved = está reservado para otra persona
reason-seat-too-far = está demasiado lejos; acérquese
for-support = Para la asistencia técnica: { $detail }

problem-link-empty = Pegue el enlace de su invitación o escriba su código de 8 caracteres.
problem-link-scheme = Un enlace a una sede empieza por https:// o vev://; este empieza por { $scheme }://. Cópielo de nuevo de su invitación.
problem-link-host = «{ $host }» no es la dirección de un servidor. Copie el enlace completo de su invitación.
problem-link-port = El puerto «{ $port }» no es un número del 1 al 65535. Copie el enlace completo de su invitación.
problem-link-event = El enlace no indica ningún evento: la parte «/e/…» falta o está dañada. Copie el enlace completo de su invitación.
problem-link-no-code = El enlace termina antes de su código (la parte que sigue a «#»). Copie el enlace completo de su invitación.
problem-link-code = «{ $code }» no es un código de invitación: un código tiene 8 letras y cifras, por ejemplo 7KQ2-M9XT. Nunca se usa la letra U.
problem-link-fingerprint = El final del enlace está dañado: la parte que sigue al punto tiene 43 caracteres. Copie el enlace completo de su invitación.
problem-code-without-server = Un código por sí solo abre la última sede visitada, y todavía no hay ninguna. Pegue esta vez el enlace completo.
problem-no-answer = { $host } no responde. Es posible que su red bloquee el puerto UDP { $port }: pida al administrador de la red que permita UDP saliente hacia { $host }, puerto { $port }, o pruebe con otra red.
problem-name-not-found = No se encuentra el nombre { $host }. Compruebe su conexión a internet y el enlace.
problem-network-down = Este equipo no puede acceder a la red. Compruebe su conexión a internet.
problem-server-busy = { $host } no acepta más conexiones por el momento. Inténtelo de nuevo dentro de un minuto.
problem-event-over = El evento ha terminado. Pida al organizador una invitación para el próximo.
problem-not-a-venue = { $host } responde, pero no como servidor de VEV. Compruebe el enlace con el organizador.
problem-fingerprint-mismatch = { $host } presenta una clave distinta de la que promete su invitación. Es posible que alguien esté interceptando la conexión o que el servidor se haya instalado de nuevo. No continúe; pida al organizador un enlace nuevo.
problem-unknown-server = No ha visitado antes { $host } y su enlace no indica qué clave tiene. Su clave es { $fingerprint }. Continúe solo si el organizador la confirma.
problem-key-changed = { $host } presenta una clave distinta de la de su última visita. Es posible que el servidor se haya instalado de nuevo o que alguien esté interceptando la conexión. Su clave es ahora { $fingerprint }. Continúe solo si el organizador la confirma.
problem-went-away = Se perdió la conexión con { $host }. VEV vuelve a intentarlo por sí mismo.
problem-lost-on-the-way = Se perdió la conexión con { $host } antes de que entrara en la sede. Inténtelo de nuevo; si no da resultado, pruebe con otra red.
problem-server-closing = El servidor { $host } se está reiniciando. VEV volverá por sí mismo en cuanto responda.
problem-wrong-version = Este programa y el servidor son de versiones distintas (servidor: { $server }). Obtenga de nuevo el programa en la página de su enlace.
problem-unknown-invitation = El servidor no conoce esta invitación. Compruebe el código o pida al organizador un enlace nuevo.
problem-expired-invitation = Esta invitación ha caducado. Pida una nueva al organizador.
problem-revoked-invitation = Esta invitación fue retirada. Consulte al organizador si cree que se trata de un error.
problem-event-not-open = El evento no está abierto en este momento. Pregunte al organizador cuándo se abre.
problem-rate-limited = Se han hecho demasiados intentos desde aquí. Espere un minuto e inténtelo de nuevo.
problem-bad-proof = El servidor no pudo verificar este dispositivo. Inténtelo de nuevo; si no basta, pida al organizador un enlace nuevo.
problem-removed = Se le ha expulsado del evento. Consulte al organizador si cree que se trata de un error.
problem-server-full = Todas las plazas de { $host } están ocupadas. Inténtelo de nuevo dentro de unos minutos o avise al organizador.
problem-server-stopping = { $host } está a punto de detenerse y no admite a nadie. Inténtelo de nuevo dentro de unos minutos.
problem-server-unavailable = { $host } no puede dejarle entrar por el momento. Inténtelo de nuevo dentro de un minuto; si no da resultado, avise al organizador.
problem-taken-over = Ha continuado en otro dispositivo con la misma invitación. Elija «Continuar aquí» para volver a este.
problem-damaged-file = El archivo { $file } de la sede ha llegado dañado dos veces. Avise al organizador: hay que publicar de nuevo la sede.
problem-damaged-package = No se puede mostrar la sede: su descripción está dañada. Avise al organizador: hay que publicar de nuevo la sede.
problem-missing-file = El servidor no tiene el archivo { $file } de la sede. Avise al organizador: hay que publicar de nuevo la sede.
problem-file-not-arriving = El archivo { $file } de la sede no llega. Inténtelo de nuevo; si no da resultado, pruebe con otra red o avise al organizador.
problem-loading-stalled = Ya no llega nada de la sede desde { $host }. Inténtelo de nuevo; si no da resultado, pruebe con otra red o avise al organizador.
problem-disk-full = La sede no se puede conservar en este equipo; se cargará de nuevo en la próxima visita. Libere espacio en { $folder }.
problem-data-folder = VEV no puede conservar sus archivos en { $folder }. Permita la escritura en la carpeta o indique otra con --data-dir.
problem-settings-unreadable = No se pueden leer los ajustes de { $file }, por lo que VEV se inicia con sus valores predeterminados. El archivo anterior se conserva al lado.
problem-damaged-tile = No se puede mostrar una parte de la sede (archivo { $file }). Avise al organizador.
problem-seat-refused = No puede sentarse allí: { $reason }.
problem-can-not-start = No se puede iniciar el programa { $program }. Compruebe que está instalado y que tiene permiso para ejecutarlo.
problem-host-missing = El programa { $program } no está junto a este. Descomprima de nuevo el archivo comprimido de VEV completo.
problem-host-ended = No se ha podido abrir la sede en este equipo. Inténtelo de nuevo; si no da resultado, reinicie el equipo o pida ayuda.
problem-host-stopped = La sede en este equipo se ha cerrado. Vuelva a alojarla desde la página de inicio.
problem-sound-replaced = La salida de sonido { $output } no se puede usar ahora. Los sonidos salen por la predeterminada del sistema; puede elegir otra en los ajustes.
problem-sound-gone = No queda ninguna salida de sonido. VEV permanece en silencio hasta que se conecte una; los avisos se siguen mostrando.
problem-no-display = Aquí no se puede abrir ninguna ventana. Inicie VEV en una sesión de escritorio o use --headless.
problem-no-graphics = No se ha encontrado ningún adaptador gráfico utilizable. Instale el controlador de su tarjeta gráfica o el renderizador por software de Mesa.
problem-headset-no-loader = Aquí no se puede usar ningún visor: OpenXR no está instalado. Instale el software de su visor o inicie VEV con --flat.
problem-headset-no-runtime = Ningún visor responde. Inicie el software de su visor y elíjalo como entorno de ejecución de OpenXR, o inicie VEV con --flat.
problem-headset-missing = No hay ningún visor conectado. Conecte su visor y enciéndalo, o inicie VEV con --flat.
problem-headset-failed = La sede no se puede mostrar en el visor. Vuelva a iniciar el software de su visor; si el problema continúa, inicie VEV con --flat.
problem-headset-lost = Se ha perdido la conexión con el visor. Compruebe el visor y vuelva a iniciar VEV, o inícielo con --flat.
problem-graphics-lost = La tarjeta gráfica ha dejado de funcionar y no se ha podido restablecer la imagen. Vuelva a iniciar VEV; si el problema continúa, actualice el controlador de la tarjeta gráfica.

avatar = Su avatar
start-avatar-note = Mírese en el espejo y elija
avatar-look = Aspecto
avatar-skin = Tono de piel
avatar-clothing = Color de la ropa
avatar-own-color = El del aspecto
avatar-tone = Tono { $number }
avatar-turn-left = Girar a la izquierda
avatar-turn-right = Girar a la derecha
avatar-note = Todos ven su elección de inmediato. Se recuerda en este equipo.
avatar-look-suit = Traje y corbata
avatar-look-dress = Vestido
avatar-look-blouse = Blusa y falda
avatar-look-boubou = Bubú
avatar-look-sari = Sari
avatar-look-scarf = Pañuelo y abrigo
avatar-look-jacket = Chaqueta, cuello abierto
avatar-look-kurta = Kurta
avatar-look-trousers = Traje pantalón
avatar-look-wheelchair = Silla de ruedas, jersey
avatar-navy = Azul marino
avatar-charcoal = Antracita
avatar-burgundy = Burdeos
avatar-green = Verde
avatar-teal = Verde azulado
avatar-plum = Ciruela
avatar-sand = Arena
avatar-light-blue = Azul claro
avatar-ivory = Marfil

anchor-spawn = Llegada · { $name }
anchor-seat = Asiento { $name }
anchor-door = Puerta { $name }
anchor-screen = Pantalla · { $name }
anchor-zone = Zona · { $name }
anchor-booth = Cabina · { $name }
anchor-exhibit = Objeto expuesto · { $name }
