# La página a la que lleva el enlace de una invitación.

brand = Sede virtual de eventos
invited-to = Ha recibido una invitación a
intro = Este evento se celebra en una sede virtual. Se entra en ella con el programa VEV, con un visor o en una ventana de su equipo.
open-vev = Abrir VEV
open-hint = ¿No ocurre nada? Entonces el programa aún no está en este equipo: vea más abajo.
your-code = Su código
code-hint = Si el botón no funciona, escriba este código en la página de inicio del programa. Es solo para usted: no lo comparta, por favor.
copy-link = Copiar el enlace
copied = Copiado
no-code = Falta su código en la dirección. Abra el enlace completo de su invitación o escriba su código en la página de inicio del programa.
damaged-code = El enlace está dañado: le falta el final o se ha modificado. Abra de nuevo el enlace de su invitación o solicite otro.
no-script = Su navegador no ejecuta scripts, por lo que esta página no puede leer su código. Es la parte del enlace que sigue al signo #. Copie el enlace completo y péguelo en la página de inicio del programa.
get-heading = Obtener el programa
get-link = Obtener VEV
get-ask = Pregunte a quien le envió la invitación dónde obtener el programa.
get-start = Ábralo y pegue el enlace de su invitación en la página de inicio. No hay que configurar nada más.
not-yet-heading = Este evento aún no está abierto
opens-at = Se abre el { $time }. Vuelva entonces con el mismo enlace.
closed-heading = Este evento ha terminado
closed-body = Gracias por su interés. Si cree que se trata de un error, diríjase a quien le envió la invitación.
unknown-heading = Ese evento no existe aquí
unknown-body = Compruebe el enlace de su invitación. Puede que el evento tenga otra dirección o que se haya eliminado.
busy-heading = El servidor no puede responder en este momento
busy-body = Inténtelo de nuevo dentro de un minuto. Si no sirve, avise a quien le envió la invitación.
privacy-heading = Sus datos
privacy-stored = El servidor almacena su nombre, delegación, función e idioma tal como los introdujo el organizador, cuándo entra y sale y en qué salas está, los mensajes que escribe, a quién bloquea, lo que denuncia, lo que otras personas denuncian sobre usted y las medidas tomadas respecto de usted para mantener el orden.
privacy-not-stored = No se almacenan sus movimientos, su mirada ni su voz.
privacy-readers = Los mensajes dirigidos a una sala los leen quienes están en ella; los dirigidos a una persona, solo esa persona; las denuncias, la moderación. Los administradores del organizador pueden leer lo almacenado.
privacy-days = Los mensajes y los datos de presencia se borran { $days ->
    [one] { $days } día
   *[other] { $days } días
} después del evento. Las denuncias y las medidas tomadas para mantener el orden pueden conservarse más tiempo; pregunte al organizador cuánto.
privacy-rights = Puede pedir al organizador una copia de sus datos o que se borren.
privacy-contact = Preguntas sobre sus datos: { $contact }
languages = Idioma
